from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts import queries as accounts
from accounts import rules as account_rules
from accounts.models import SiteRole, User
from consultation.kit.refusal import GRANTED, Sentence, Verdict, refuse
from consultation.texts import queries
from consultation.texts.models import Act, Consultation, ConsultationRole, Round

# What was sent in time is never lost to the deadline: so long it may be mended, or a proposal signed.
GRACE = timedelta(days=10)


def has_its_factor(person: queries.Reader) -> Verdict:
    """Whether no role of `person`, here or over the site, waits for a second factor."""
    return account_rules.has_its_factor(person if isinstance(person, User) else None, queries.with_factor())


def no_role(person: queries.Reader, sentence: Sentence) -> Verdict:
    """The refusal of what a role is needed for, or of a role that waits for a second factor."""
    return has_its_factor(person) and refuse("no-role", sentence)


def may_create(actor: User | None) -> Verdict:
    """Registrars create consultations; a command without an actor is the machine's owner."""
    if actor is None or accounts.has_site_role(actor, SiteRole.Role.REGISTRAR):
        return GRANTED
    return no_role(actor, _("Only a registrar can create a consultation."))


def may_publish(actor: User | None, consultation: Consultation) -> Verdict:
    """The secretariat publishes versions of its own text."""
    if actor is None or queries.has_role(actor, consultation, ConsultationRole.Role.SECRETARIAT):
        return GRANTED
    return no_role(actor, _("Only the secretariat of this consultation can publish a text."))


def may_give_role(actor: User | None, consultation: Consultation, role: str) -> Verdict:
    """The secretariat gives the roles of its consultation; a registrar that one, where there is none."""
    if actor is None or queries.has_role(actor, consultation, ConsultationRole.Role.SECRETARIAT):
        return GRANTED
    if role == ConsultationRole.Role.SECRETARIAT and may_appoint_secretariat(actor, consultation):
        return GRANTED
    return no_role(actor, _("Only the secretariat of this consultation gives and takes its roles."))


def may_appoint_secretariat(actor: User, consultation: Consultation) -> Verdict:
    """Whether the consultation has no secretariat, and `actor` is a registrar, who then appoints one."""
    if queries.secretariat_of(consultation).exists():
        return refuse("has-secretariat", _("This consultation has a secretariat."))
    return account_rules.may_keep_the_registry(actor)


def may_take_role(actor: User, role: ConsultationRole) -> Verdict:
    """The secretariat takes the roles of its consultation, but for its own last one."""
    if not queries.has_role(actor, role.consultation, ConsultationRole.Role.SECRETARIAT):
        return no_role(actor, _("Only the secretariat of this consultation gives and takes its roles."))
    others = queries.secretariat_of(role.consultation).exclude(pk=role.pk)
    if role.role == ConsultationRole.Role.SECRETARIAT and not others.exists():
        return refuse(
            "last-secretariat",
            _("Nobody else is secretariat of this consultation. Give the role to somebody else first."),
        )
    return GRANTED


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
