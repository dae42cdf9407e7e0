from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import steps as accounts
from accounts.models import User
from consultation.kit.refusal import NotFound, Refusal
from consultation.kit.verb import verb
from consultation.moderation import rules, steps
from consultation.moderation.actions.claiming import LEASE
from consultation.moderation.actions.deciding import Ruling, settle
from consultation.moderation.handlers import handler_of
from consultation.moderation.models import Case, Item

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Undecided:
    """A case that was not decided with the others, and why."""

    case_id: UUID
    refusal: Refusal


@verb
def decide_cases(
    actor: User, *, revisions: Mapping[UUID, int], ruling: Ruling, at: datetime
) -> list[Case | Undecided]:
    """Each case is decided alike as by `decide_case`, or left with the refusal it met; in that order.

    `revisions` names by the case's key the revision that the actor read. What nobody else holds is taken on
    the way.
    """
    subjects = _lock(list(revisions))
    return [
        _decide(actor, key, subjects, ruling, revision=revision, at=at) for key, revision in revisions.items()
    ]


def _lock(keys: list[UUID]) -> dict[UUID, Any]:
    """The subjects of these cases by the cases' keys: all institutions before all subjects."""
    items = Item.objects.select_related("institution", "principle", "consultation")
    found = {key: item for key in keys if (item := items.filter(cases=key).first())}
    for institution in sorted({item.institution_id for item in found.values()}):
        accounts.lock_institution(institution)
    # Positions before comments: principles are locked before what is said on them.
    order = sorted(found, key=lambda key: (found[key].kind, found[key].pk), reverse=True)
    return {key: handler_of(found[key]).lock(found[key]) for key in order}


def _decide(
    actor: User, key: UUID, subjects: dict[UUID, Any], ruling: Ruling, *, revision: int, at: datetime
) -> Case | Undecided:
    try:
        if key not in subjects:
            raise NotFound
        # What one case refuses undoes nothing of the others.
        with transaction.atomic():
            _take(actor, key, at=at)
            return settle(actor, key, subjects[key], ruling, revision=revision, at=at)
    except Refusal as refusal:
        return Undecided(key, refusal)


def _take(actor: User, key: UUID, *, at: datetime) -> None:
    case = steps.lock_case(key)
    if case is None:
        raise NotFound
    rules.may_claim(actor, case, at=at).require()
    if case.holder_id != actor.pk or case.lease_until is None or case.lease_until <= at:
        case.holder = actor
        case.lease_until = at + LEASE
        case.save(update_fields=["holder", "lease_until"])
