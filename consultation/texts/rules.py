from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts import queries as accounts
from accounts.models import SiteRole, User
from consultation.kit.refusal import GRANTED, Verdict, refuse
from consultation.texts import queries
from consultation.texts.models import Act, Consultation, ConsultationRole, Round

# What was sent in time is never lost to the deadline: so long it may be mended, or a proposal signed.
GRACE = timedelta(days=10)


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
    last = queries.round_closed_last(consultation, act, at=at)
    if last is None or last.closes_at is None:
        return None, refuse("round-not-open", _("This is not open yet."))
    sentence = _("This round closed on %(when)s.")
    return None, refuse("round-closed", sentence, when=in_both_zones(last.closes_at, consultation.zone))


def in_both_zones(moment: datetime, zone: str) -> str:
    """A moment in the consultation's own zone and in UTC, in words of the present language."""
    there = date_format(moment.astimezone(ZoneInfo(zone)), "DATETIME_FORMAT")
    here = date_format(moment.astimezone(UTC), "DATETIME_FORMAT")
    return f"{there} ({zone}), {here} (UTC)"
