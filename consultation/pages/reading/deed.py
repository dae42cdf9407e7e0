"""What is about to be signed: the principle, the exact version, and for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import queries as accounts
from accounts.models import Institution, Power
from consultation.endorsements import queries as endorsements
from consultation.endorsements import rules
from consultation.endorsements.models import Endorsement, EndorsementState, Position
from consultation.endorsements.rules import BARRED
from consultation.kit.refusal import NotFound, Refusal, invalid
from consultation.moderation import queries as moderation
from consultation.moderation.models import Decision
from consultation.pages.forms import PositionForm
from consultation.pages.reading import edition, opening
from consultation.pages.reading.edition import Edition
from consultation.texts import queries as texts
from consultation.texts.models import Act, Consultation, Principle, PrincipleVersion, Translation
from consultation.web.acts import person_of


@dataclass(frozen=True)
class Deed:
    """One principle in its current version, and the institutions for which the reader may take a position."""

    consultation: Consultation
    principle: Principle
    version: PrincipleVersion
    words: Translation
    institutions: Sequence[Institution]
    open: bool
    signs: bool
    closing: dict[str, Any] | None

    @property
    def edition(self) -> Edition:
        """The full text in numbered paragraphs."""
        return edition.plain(self.principle, self.words)

    @property
    def back(self) -> str:
        return reverse("pages:principle", args=[self.consultation.slug, self.principle.number])

    def form(self, data: QueryDict | None = None, initial: Mapping[str, Any] | None = None) -> PositionForm:
        """The form, with what was typed or what it starts with."""
        return PositionForm(self.institutions, data, initial=dict(initial or {}), signs=self.signs)

    def start(self, request: HttpRequest) -> dict[str, Any]:
        """What a fresh form holds; `?from=` names a position that came back, to be filled in again."""
        start = {"version": self.version.number, "language": get_language() or "en"}
        earlier = _earlier(request, self.institutions, request.GET.get("from", ""))
        if earlier is None:
            return start
        words = {"position": earlier.position, "statement": earlier.statement, "language": earlier.language}
        # Whether a name is shown is said by whoever signs, and by nobody else.
        mine = earlier.signed_by == person_of(request)
        hand = {"office": earlier.office, "name_shown": earlier.name_shown} if mine else {}
        return {**start, **words, **hand, "institution": earlier.institution.slug}

    def decision(self, request: HttpRequest) -> Decision | None:
        """Why the position that is filled in again came back, where it did."""
        earlier = _earlier(request, self.institutions, request.GET.get("from", ""))
        if earlier is None or earlier.state != EndorsementState.REFUSED or earlier.item is None:
            return None
        return moderation.last_decision(earlier.item)

    def check(self, form: PositionForm) -> None:
        """Raise what signing would refuse: an earlier version, a reservation without words."""
        given = form.cleaned_data
        if given["version"] != self.version.number:
            raise Refusal(
                "version-not-current",
                _("The text changed meanwhile. Read the current version and decide anew."),
            )
        if given["position"] == Position.RESERVATION and not given["statement"]:
            raise invalid(statement=_("Say what your reservation is."))


def _earlier(request: HttpRequest, institutions: Sequence[Institution], key: str) -> Endorsement | None:
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    mine = endorsements.of_institutions([each.pk for each in institutions])
    return mine.select_related("institution", "signed_by", "item").filter(pk=wanted).first()


def institutions(request: HttpRequest) -> list[Institution]:
    """Those for which the person signs or proposes, by name."""
    person = person_of(request)
    at = request.received_at  # type: ignore[attr-defined]
    if person is None:
        return []
    mandates = accounts.mandates_in_force(person, at=at).filter(
        powers__overlap=[Power.SIGN, Power.CONTRIBUTE]
    )
    found = accounts.visible_to(person, at=at).filter(pk__in=mandates.values("institution"))
    return [each for each in found.order_by("current__name_sort", "pk") if each.state not in BARRED]


def of(request: HttpRequest, consultation: Consultation, number: int) -> Deed:
    """The deed for one principle. Raises Refusal `not-found`."""
    principle = texts.principle(consultation, number)
    if principle is None or principle.current is None or principle.withdrawn_at is not None:
        raise NotFound
    language = get_language() or consultation.authoritative
    words = texts.translation(principle.current, language)
    at = request.received_at  # type: ignore[attr-defined]
    open_now = any(each.opens(Act.ENDORSE, at=at) for each in consultation.rounds.all())
    mine, person = institutions(request), person_of(request)
    signs = person is not None and any(rules.can_sign(person, each, at=at) for each in mine)
    closing = opening.closing(consultation, Act.ENDORSE, language, at=at)
    return Deed(consultation, principle, principle.current, words, mine, open_now, signs, closing)
