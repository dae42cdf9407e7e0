from __future__ import annotations

from datetime import datetime

from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.refusal import Refusal
from consultation.kit.verb import verb
from consultation.texts import rounds, rules, steps
from consultation.texts.models import Consultation, Round
from consultation.texts.rounds import RoundPlan


@verb
def add_round(actor: User | None, *, consultation_id: int, plan: RoundPlan, at: datetime) -> Round:
    """The consultation has one more round.

    Refuses: not-found, no-role, invalid (acts, opens_at, closes_at, purposes.LANGUAGE).
    """
    consultation = steps.lock_consultation(consultation_id)
    rules.may_keep_rounds(actor, consultation).require()
    checked = rounds.checked(plan)
    rules.fits(consultation, checked, at=at).require()
    return steps.open_round(actor, consultation, checked)


@verb
def change_round(actor: User | None, *, round_id: int, plan: RoundPlan, at: datetime) -> Round:
    """A round that has not opened is as planned; of one that has, the purpose may still be worded better.

    Refuses: not-found, no-role, round-opened, invalid (as `add_round`).
    """
    found = steps.lock_round(round_id)
    rules.may_keep_rounds(actor, found.consultation).require()
    checked = rounds.checked(plan)
    if checked == rounds.of(found):
        return found
    if not checked.differs_in_words_only(found):
        rules.may_change_round(found, at=at).require()
        rules.fits(found.consultation, checked, instead_of=found, at=at).require()
    steps.change_round(actor, found, checked, at=at)
    return found


@verb
def remove_round(actor: User | None, *, round_id: int, at: datetime) -> Consultation:
    """A round that has not opened is gone.

    Refuses: not-found, no-role, round-opened, round-in-use.
    """
    found = steps.lock_round(round_id)
    rules.may_keep_rounds(actor, found.consultation).require()
    rules.may_change_round(found, at=at).require()
    try:
        steps.remove_round(actor, found)
    except ProtectedError as error:
        raise Refusal("round-in-use", _("Drafts wait for this round. Change its times instead.")) from error
    return found.consultation
