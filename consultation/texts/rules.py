from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import queries as accounts
from accounts.models import SiteRole, User
from consultation.kit.refusal import GRANTED, Verdict, refuse
from consultation.texts import queries
from consultation.texts.models import Act, Consultation, ConsultationRole, Round


def may_create(actor: User | None) -> Verdict:
    """Registrars create consultations; a command without an actor is the machine's owner."""
    if actor is None or accounts.has_site_role(actor, SiteRole.Role.REGISTRAR):
        return GRANTED
    return refuse("no-role", _("Only a registrar can create a consultation."))


def may_publish(actor: User | None, consultation: Consultation) -> Verdict:
    """The secretariat publishes versions of its own text."""
    if actor is None or queries.has_role(actor, consultation, ConsultationRole.Role.SECRETARIAT):
        return GRANTED
    return refuse("no-role", _("Only the secretariat of this consultation can publish a text."))


def is_open(consultation: Consultation, act: Act, *, at: datetime) -> tuple[Round | None, Verdict]:
    """The round that opens `act` at `at`, or why there is none."""
    found = queries.round_open_for(consultation, act, at=at)
    if found is not None:
        return found, GRANTED
    ended = (
        consultation.rounds.filter(**{f"opens_{act.value}": True}, closes_at__lte=at)
        .order_by("-closes_at")
        .first()
    )
    if ended is None:
        return None, refuse("round-not-open", _("This is not open yet."))
    when = f"{ended.closes_at:%Y-%m-%d %H:%M} UTC"
    return None, refuse("round-closed", _("This round closed on %(when)s."), when=when)
