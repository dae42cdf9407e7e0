"""What moderation leaves behind: an item with its party, a case with its reasons, the decision."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from consultation.management.volume import bulk
from consultation.moderation.models import Action, Case, CaseReason, Decision, Item, Party, Reason
from consultation.texts.models import Consultation, PolicyClause


@dataclass(frozen=True, slots=True)
class Judged:
    """Something that moderation judged, or has still to judge. `action` is None where nobody decided it."""

    kind: str
    item: UUID
    case: UUID
    decision: UUID
    principle: int | None
    institution: int
    language: str
    at: datetime
    settled_at: datetime | None
    action: Action | None
    first: bool


def judged(dice: random.Random, at: datetime, **facts: Any) -> Judged:
    """With keys of its own."""
    item, case, decision = (bulk.identifier(dice, at) for _ in range(3))
    return Judged(item=item, case=case, decision=decision, at=at, **facts)


def write(consultation: Consultation, moderator: int, clause: PolicyClause, things: Sequence[Judged]) -> None:
    """Items, parties, cases, reasons and decisions of these things."""
    bulk.insert(Item, [_item(consultation, each) for each in things])
    bulk.insert(Party, [{"item_id": each.item, "institution_id": each.institution} for each in things])
    bulk.insert(Case, [_case(consultation, moderator, each) for each in things])
    bulk.insert(CaseReason, [_reason(each, code) for each in things for code in _codes(each)])
    decided = [each for each in things if each.action is not None]
    bulk.insert(Decision, [_decision(moderator, clause, each) for each in decided])


def _item(consultation: Consultation, each: Judged) -> dict[str, Any]:
    return {
        "id": each.item,
        "consultation_id": consultation.pk,
        "principle_id": each.principle,
        "kind": each.kind,
        "institution_id": each.institution,
        "language": each.language,
    }


def _case(consultation: Consultation, moderator: int, each: Judged) -> dict[str, Any]:
    return {
        "id": each.case,
        "item_id": each.item,
        "consultation_id": consultation.pk,
        "revision": 1,
        "opened_at": each.at,
        "due_at": each.at + timedelta(hours=consultation.target_hours),
        "closed_at": each.settled_at,
        "holder_id": None if each.action is None else moderator,
    }


def _codes(each: Judged) -> list[Reason]:
    return [Reason.POLICY, Reason.FIRST] if each.first else [Reason.POLICY]


def _reason(each: Judged, code: Reason) -> dict[str, Any]:
    return {"case_id": each.case, "code": code.value}


def _decision(moderator: int, clause: PolicyClause, each: Judged) -> dict[str, Any]:
    assert each.action is not None
    return {
        "id": each.decision,
        "case_id": each.case,
        "item_id": each.item,
        "action": each.action.value,
        "clause_id": None if each.action == Action.APPROVE else clause.pk,
        "person_id": moderator,
        "at": each.settled_at,
    }
