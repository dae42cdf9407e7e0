"""Taking positions: signed, half signed where two have to sign, or proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import steps as accounts
from accounts.models import Institution, User
from consultation.endorsements import rules, steps
from consultation.endorsements.actions import choosing
from consultation.endorsements.actions.choosing import OFFICE_LIMIT, Choice, fit_line, published
from consultation.endorsements.actions.telling import tell
from consultation.endorsements.models import Endorsement, EndorsementState
from consultation.kit.refusal import Refusal
from consultation.kit.verb import verb
from consultation.record.steps import record
from consultation.texts import steps as texts
from consultation.texts.models import Principle


@dataclass(frozen=True)
class _Hand:
    """Whose hand it is, for whom, and what readers learn of it."""

    actor: User
    institution: Institution
    signs: bool
    office: str
    name_shown: bool
    at: datetime


@verb
def take_positions(
    actor: User,
    *,
    consultation_id: int,
    institution_id: int,
    choices: Sequence[Choice],
    language: str,
    office: str = "",
    name_shown: bool = False,
    at: datetime,
) -> list[Endorsement]:
    """The positions are signed, half signed, or proposed where the actor may not sign; all of them or none.

    Readers see `office` and, with `name_shown`, who signed. The very same position again gives the one that
    stands or waits; what a colleague proposed or signed first in the same words is signed.
    Refuses: not-found, no-mandate, institution-barred, round-closed, round-not-open, version-not-current,
    proposal-open, waiting, invalid (principle, position, statement, language, office).
    """
    institution = accounts.lock_institution(institution_id)
    consultation = published(consultation_id)
    rules.may_take_position(actor, consultation, institution, at=at).require()
    statements = choosing.checked(choices, language)
    by_number = choosing.lock_principles(consultation, choices)
    signs = rules.can_sign(actor, institution, at=at)
    hand = _Hand(actor, institution, signs, fit_line("office", office, OFFICE_LIMIT), name_shown, at)
    taken = [
        _take(
            hand,
            by_number[choice.principle],
            replace(choice, statement=statement, language=choice.language or language),
        )
        for choice, statement in zip(choices, statements, strict=True)
    ]
    if any(each.statement for each in taken):
        texts.accept_licence(actor, consultation, at=at)
    _tell(hand, taken)
    return taken


def _take(hand: _Hand, principle: Principle, choice: Choice) -> Endorsement:
    assert principle.current is not None
    found = choosing.present(hand.institution, principle, choice.position, choice.statement)
    same, waiting = found.same, found.waiting
    if same is not None and same.state == EndorsementState.SIGNED:
        if waiting is not None and hand.signs and not choice.statement:
            steps.end(hand.actor, waiting, EndorsementState.WITHDRAWN, at=hand.at)
        return same
    if same is not None and (not hand.signs or same.first_signed_by_id == hand.actor.pk):
        return same
    if waiting is not None and choice.statement:
        raise Refusal(
            "waiting", _("An earlier statement on this principle waits for moderation. Withdraw it first.")
        )
    if same is not None:
        return _sign(hand, same)
    if found.proposal is not None:
        if not hand.signs:
            raise Refusal("proposal-open", _("Another proposal for this principle waits for a signature."))
        steps.end(hand.actor, found.proposal, EndorsementState.WITHDRAWN, at=hand.at)
    endorsement = Endorsement.objects.create(
        consultation=principle.consultation,
        institution=hand.institution,
        principle=principle,
        version=principle.current,
        position=choice.position,
        statement=choice.statement,
        language=choice.language,
        proposed_by=hand.actor,
        made_at=hand.at,
    )
    if hand.signs:
        return _sign(hand, endorsement)
    record(hand.actor, "endorsement.proposed", endorsement)
    return endorsement


def _sign(hand: _Hand, endorsement: Endorsement) -> Endorsement:
    steps.sign(hand.actor, endorsement, office=hand.office, name_shown=hand.name_shown, at=hand.at)
    return endorsement


def _tell(hand: _Hand, taken: Sequence[Endorsement]) -> None:
    actor, institution, at = hand.actor, hand.institution, hand.at
    tell("endorsement-signed", actor, institution, [each for each in taken if each.signed_at == at], at=at)
    half = [each for each in taken if each.state == EndorsementState.HALF_SIGNED]
    tell(
        "endorsement-waits",
        actor,
        institution,
        [each for each in half if each.first_signed_at == at],
        at=at,
        second=True,
    )
    new = [each for each in taken if each.state == EndorsementState.PROPOSED and each.made_at == at]
    tell("endorsement-waits", actor, institution, new, at=at)


@verb
def sign_endorsement(
    actor: User, *, endorsement_id: UUID, office: str = "", name_shown: bool = False, at: datetime
) -> Endorsement:
    """What was proposed is signed; where two have to sign, it waits for somebody else's signature first.

    What is half signed needs its second signature also where one is enough by now.
    Refuses: not-found, no-mandate, not-a-proposal, signed-by-you, version-not-current, institution-barred,
    round-closed, invalid (office).
    """
    endorsement = steps.lock(endorsement_id)
    rules.may_sign(actor, endorsement, at=at).require()
    line = fit_line("office", office, OFFICE_LIMIT)
    hand = _Hand(actor, endorsement.institution, True, line, name_shown, at)
    _tell(hand, [_sign(hand, endorsement)])
    return endorsement


@verb
def reaffirm_endorsement(
    actor: User,
    *,
    endorsement_id: UUID,
    version: int | None = None,
    office: str = "",
    name_shown: bool = False,
    at: datetime,
) -> Endorsement:
    """The same position, signed for the current text; the earlier one is superseded once the new one stands.

    `version` is the one that was read; without it, the one that is current.
    Refuses: not-found, no-mandate, not-live, version-not-current, waiting, institution-barred, round-closed,
    round-not-open, invalid (office).
    """
    earlier = steps.lock(endorsement_id)
    institution, principle = earlier.institution, earlier.principle
    rules.may_take_position(actor, earlier.consultation, institution, at=at).require()
    if not rules.can_sign(actor, institution, at=at):
        raise Refusal("no-mandate", _("You have no mandate to sign for this institution."))
    if earlier.state != EndorsementState.SIGNED or not earlier.released or principle.current is None:
        raise Refusal("not-live", _("This position was replaced or withdrawn already."))
    number = version or principle.current.number
    choice = Choice(principle.number, number, earlier.position, earlier.statement, earlier.language)
    locked = choosing.lock_principles(earlier.consultation, [choice])
    hand = _Hand(actor, institution, True, fit_line("office", office, OFFICE_LIMIT), name_shown, at)
    new = _take(hand, locked[principle.number], choice)
    _tell(hand, [new])
    return new
