"""What moderators do, said in one line."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from consultation.kit import clock
from consultation.moderation import actions
from consultation.moderation.filters import CaseFilters
from consultation.moderation.models import Case
from consultation.texts.models import Consultation
from tests import factories as make


def claim_next(
    moderator: User,
    *,
    consultation: Consultation | None = None,
    language: str = "",
    at: datetime | None = None,
) -> Case | None:
    """The moderator asks for the next case."""
    filters = CaseFilters(consultation=consultation.slug if consultation else "", language=language)
    return actions.claim_next(moderator, filters=filters, at=at or clock.now())


def claim(moderator: User, case: Case, *, at: datetime | None = None) -> Case:
    """The moderator takes this case."""
    return actions.claim_case(moderator, case_id=case.pk, at=at or clock.now())


def release(moderator: User, case: Case, *, at: datetime | None = None) -> Case:
    """The moderator gives this case back."""
    return actions.release_case(moderator, case_id=case.pk, at=at or clock.now())


def decide(
    moderator: User,
    case: Case,
    action: str = "approve",
    *,
    clause: str | None = None,
    message: str = "",
    revision: int | None = None,
    at: datetime | None = None,
) -> Case:
    """The moderator decides this case."""
    return actions.decide_case(
        moderator,
        case_id=case.pk,
        action=action,
        clause=clause,
        message=message,
        revision=revision,
        at=at or clock.now(),
    )


def open_case(owner: object) -> Case:
    """The open case on a comment or a position."""
    return Case.objects.get(item=owner.item_id, closed_at=None)


def judge(owner: object, action: str = "approve", *, clause: str = "1") -> Case:
    """Some moderator takes the open case on a comment or a position, and decides it."""
    case = open_case(owner)
    moderator = make.moderator(case.consultation)
    return decide(moderator, claim(moderator, case), action, clause=clause)


def undo(moderator: User, case: Case, *, at: datetime | None = None) -> Case:
    """The moderator takes back what they decided on this case."""
    return actions.undo_decision(moderator, case_id=case.pk, at=at or clock.now())


def appeal(person: User, case: Case, grounds: str = "Read it again.", *, at: datetime | None = None) -> Case:
    """The author's side appeals against what was decided on this case."""
    return actions.appeal_decision(person, case_id=case.pk, grounds=grounds, at=at or clock.now())
