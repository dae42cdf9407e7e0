from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from accounts import queries as accounts
from accounts.models import Institution, InstitutionState, Power, User
from consultation.endorsements.models import Endorsement, EndorsementState
from consultation.kit.refusal import GRANTED, Verdict, invalid, refuse
from consultation.texts import queries
from consultation.texts import rules as texts
from consultation.texts.models import Act, Consultation, ConsultationRole

BARRED = (InstitutionState.REJECTED, InstitutionState.SUSPENDED, InstitutionState.MERGED)
OPEN = (EndorsementState.PROPOSED, EndorsementState.HALF_SIGNED)


def can_sign(actor: User, institution: Institution, *, at: datetime) -> bool:
    """Whether the person signs in the institution's name."""
    return accounts.empowers(actor, institution, Power.SIGN, at=at)


def may_take_position(
    actor: User, consultation: Consultation, institution: Institution, *, at: datetime
) -> Verdict:
    """Signatories sign, contributors propose, while the round opens endorsing."""
    if not can_sign(actor, institution, at=at) and not accounts.empowers(
        actor, institution, Power.CONTRIBUTE, at=at
    ):
        return refuse("no-mandate", _("You have no mandate to endorse for this institution."))
    if institution.state in BARRED:
        return refuse("institution-barred", _("This institution can't endorse at present."))
    _round, open_now = texts.is_open(consultation, Act.ENDORSE, at=at)
    return open_now


def may_sign(actor: User, endorsement: Endorsement, *, at: datetime) -> Verdict:
    """Sign what a contributor proposed; what was proposed in time, for ten days after closing."""
    if not can_sign(actor, endorsement.institution, at=at):
        return refuse("no-mandate", _("You have no mandate to sign for this institution."))
    if endorsement.state not in OPEN:
        return refuse(
            "not-a-proposal", _("There is nothing here to sign: it was signed or withdrawn already.")
        )
    if not (in_force := texts.is_in_force(endorsement.principle)):
        return in_force
    if endorsement.first_signed_by_id == actor.pk:
        return refuse("signed-by-you", _("You signed this. Somebody else has to sign it too."))
    if endorsement.version_id != endorsement.principle.current_id:
        return refuse(
            "version-not-current", _("The text changed since this was proposed. Read the new one first.")
        )
    taking = may_take_position(actor, endorsement.consultation, endorsement.institution, at=at)
    if taking.refusal is not None and taking.refusal.code == "round-closed":
        return GRANTED if _proposed_in_time(endorsement, at=at) else taking
    return taking


def _proposed_in_time(endorsement: Endorsement, *, at: datetime) -> bool:
    closed = queries.round_closed_last(endorsement.consultation, Act.ENDORSE, at=at)
    if closed is None or closed.closes_at is None:
        return False
    return endorsement.made_at < closed.closes_at and at <= closed.closes_at + texts.grace()


def may_withdraw(actor: User, endorsement: Endorsement, *, at: datetime) -> Verdict:
    """Signatories withdraw positions at any time; a proposal also by who may propose."""
    proposal = endorsement.state in OPEN
    power = Power.CONTRIBUTE if proposal else Power.SIGN
    allowed = can_sign(actor, endorsement.institution, at=at) or (
        proposal and accounts.empowers(actor, endorsement.institution, power, at=at)
    )
    if not allowed:
        return refuse("no-mandate", _("You have no mandate to withdraw this for the institution."))
    if endorsement.state not in (*OPEN, EndorsementState.SIGNED):
        return refuse("not-live", _("This position was replaced or withdrawn already."))
    return GRANTED


def may_contest(actor: User, endorsement: Endorsement, *, at: datetime) -> Verdict:
    """Whoever manages the institution or signs for it contests what was signed in its name."""
    institution = endorsement.institution
    if not can_sign(actor, institution, at=at) and not accounts.empowers(
        actor, institution, Power.MANAGE, at=at
    ):
        return refuse("no-mandate", _("You neither manage this institution nor sign for it."))
    if endorsement.state not in (EndorsementState.HALF_SIGNED, EndorsementState.SIGNED):
        return refuse("not-live", _("This position was replaced or withdrawn already."))
    return GRANTED


def may_confirm(actor: User, endorsement: Endorsement, *, at: datetime) -> Verdict:
    """Signatories confirm once what the secretariat recorded from a letter."""
    if not can_sign(actor, endorsement.institution, at=at):
        return refuse("no-mandate", _("You have no mandate to sign for this institution."))
    if (
        not endorsement.recorded
        or endorsement.state != EndorsementState.SIGNED
        or endorsement.confirmed_at is not None
    ):
        return refuse("not-to-confirm", _("There is nothing here to confirm."))
    return GRANTED


def may_record_letter(
    actor: User, consultation: Consultation, institution: Institution, *, dated: date, at: datetime
) -> Verdict:
    """The secretariat records letters, for others than its own institutions, while the round opens endorsing.

    A letter written in time may be recorded for ten days after closing.
    """
    if not queries.has_role(actor, consultation, ConsultationRole.Role.SECRETARIAT):
        return texts.no_role(actor, _("Only the secretariat of this consultation records letters."))
    if accounts.mandates_in_force(actor, at=at).filter(institution=institution).exists():
        return refuse("own-institution", _("You act for this institution. Somebody else has to record it."))
    if institution.state in BARRED:
        return refuse("institution-barred", _("This institution can't endorse at present."))
    zone = ZoneInfo(consultation.zone)
    if dated > at.astimezone(zone).date():
        return Verdict(invalid(dated=_("This day is still to come.")))
    _round, open_now = texts.is_open(consultation, Act.ENDORSE, at=at)
    if open_now.refusal is not None and open_now.refusal.code == "round-closed":
        closed = queries.round_closed_last(consultation, Act.ENDORSE, at=at)
        assert closed is not None
        assert closed.closes_at is not None
        last_day = closed.closes_at.astimezone(zone).date()
        in_time = dated <= last_day and at <= closed.closes_at + texts.grace()
        return GRANTED if in_time else open_now
    return open_now
