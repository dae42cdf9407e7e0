from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.digests.models import Audience, Format
from consultation.kit.refusal import GRANTED, NotFound, Refusal, Verdict, invalid, refuse
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, ConsultationRole
from consultation.texts.rules import no_role

RETRY_AFTER = 15


def may_ask(actor: User | None, consultation: Consultation, *, another_time: bool, audience: str) -> Verdict:
    """Everybody may ask for the current public digest; another time needs an account."""
    if consultation.published_at is None:
        return Verdict(NotFound())
    if actor is None and (another_time or audience != Audience.PUBLIC):
        return refuse(
            "not-signed-in",
            _("Sign in to ask for a digest of another time. The current one is there for everybody."),
        )
    if audience == Audience.SECRETARIAT and not texts.has_role(
        actor, consultation, ConsultationRole.Role.SECRETARIAT
    ):
        return no_role(actor, _("Only the secretariat of this consultation can ask for its own digest."))
    return GRANTED


def may_build_now(actor: User | None, *, busy: bool) -> Verdict:
    """Visitors have one build at a time in a consultation."""
    if actor is None and busy:
        return Verdict(
            Refusal(
                "busy-building",
                _("A digest of this consultation is being built. Ask again in a moment."),
                retry_after=RETRY_AFTER,
            )
        )
    return GRANTED


def known_formats(formats: list[str] | None) -> list[str]:
    """The formats asked for, each once and in one order; all of them where none is named.

    Raises Refusal `invalid`.
    """
    asked = set(formats or Format.values)
    if not asked <= set(Format.values):
        raise invalid(formats=_("A digest comes as html, pdf, docx, xlsx, csv or json."))
    return [form for form in Format.values if form in asked]


def known_language(language: str, consultation: Consultation) -> str:
    """The language asked for, in lower case: one of the site's, or one that the text has.

    Raises Refusal `invalid`.
    """
    code = language.strip().lower().replace("_", "-")
    if code not in {*dict(settings.LANGUAGES), *(each.lower() for each in consultation.languages)}:
        raise invalid(
            language=_("There is no digest in this language. Choose one of the site or of the text.")
        )
    return code


def known_audience(audience: str) -> str:
    """The audience asked for. What only the secretariat may read is in no digest yet.

    Raises Refusal `invalid`.
    """
    if audience == Audience.SECRETARIAT:
        raise invalid(audience=_("Digests with what only the secretariat may read can't be built yet."))
    if audience not in Audience.values:
        raise invalid(audience=_("A digest is for the public or for the secretariat."))
    return audience
