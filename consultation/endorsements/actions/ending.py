"""What becomes of a position that stands: withdrawn, contested, confirmed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.endorsements import rules, steps
from consultation.endorsements.actions.telling import tell, tell_those_who_look_after
from consultation.endorsements.models import Contest, Endorsement, EndorsementState
from consultation.kit.fitting import fit
from consultation.kit.languages import is_tag
from consultation.kit.refusal import invalid
from consultation.kit.verb import verb
from consultation.record.steps import record
from consultation.texts import steps as texts

REASON_LIMIT = 1_000  # code points of why a position was withdrawn
CONTEST_LIMIT = 2_000


@verb
def withdraw_endorsement(
    actor: User, *, endorsement_id: UUID, reason: str = "", language: str = "en", at: datetime
) -> Endorsement:
    """The position no longer stands; the institution is silent on that principle.

    `reason` is for everybody, once moderation has released it; the withdrawal does not wait for that.
    Refuses: not-found, no-mandate, not-live, invalid (reason, language).
    """
    words = fit("reason", reason.strip(), REASON_LIMIT)
    if not is_tag(language):
        raise invalid(language=_("Give the language of the reason, such as en or fr."))
    endorsement = steps.lock(endorsement_id)
    rules.may_withdraw(actor, endorsement, at=at).require()
    stood = endorsement.state == EndorsementState.SIGNED and endorsement.released
    if words and not stood:
        raise invalid(reason=_("Only a position that stands is withdrawn with a public reason."))
    steps.end(actor, endorsement, EndorsementState.WITHDRAWN, at=at)
    if words:
        steps.give_reason(actor, endorsement, words, language=language, at=at)
        texts.accept_licence(actor, endorsement.consultation, at=at)
    tell("endorsement-ended", actor, endorsement.institution, [endorsement], at=at)
    return endorsement


@verb
def contest_endorsement(actor: User, *, endorsement_id: UUID, reason: str, at: datetime) -> Endorsement:
    """Whoever manages the institution or signs for it says that this act was not its own: it ends at once.

    The secretariat and the registrars are told why, on record.
    Refuses: not-found, no-mandate, not-live, invalid (reason).
    """
    words = fit("reason", reason.strip(), CONTEST_LIMIT)
    if not words:
        raise invalid(reason=_("Say what is wrong with it."))
    endorsement = steps.lock(endorsement_id)
    rules.may_contest(actor, endorsement, at=at).require()
    steps.end(actor, endorsement, EndorsementState.CONTESTED, at=at)
    Contest.objects.create(endorsement=endorsement, reason=words, made_at=at)
    institution = endorsement.institution
    tell("endorsement-ended", actor, institution, [endorsement], at=at, contested=True)
    tell_those_who_look_after("endorsement-contested", actor, institution, endorsement, at=at, message=words)
    return endorsement


@verb
def confirm_endorsement(actor: User, *, endorsement_id: UUID, at: datetime) -> Endorsement:
    """The institution says that what was recorded from its letter is its own.

    Refuses: not-found, no-mandate, not-to-confirm.
    """
    endorsement = steps.lock(endorsement_id)
    rules.may_confirm(actor, endorsement, at=at).require()
    endorsement.confirmed_at = at
    endorsement.save(update_fields=["confirmed_at"])
    record(actor, "endorsement.confirmed", endorsement, public=endorsement.effective_at is not None)
    tell("endorsement-confirmed", actor, endorsement.institution, [endorsement], at=at)
    return endorsement
