from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import queries as accounts
from accounts.models import Institution, InstitutionState, Power, User
from consultation.endorsements.models import Endorsement, EndorsementState
from consultation.kit.refusal import GRANTED, Verdict, refuse
from consultation.texts import queries
from consultation.texts import rules as texts
from consultation.texts.models import Act, Consultation

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
    return endorsement.made_at < closed.closes_at and at <= closed.closes_at + texts.GRACE


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
