from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from consultation.kit.refusal import NotFound
from consultation.kit.verb import verb
from consultation.moderation import queries, rules, steps
from consultation.moderation.models import Case
from consultation.record.steps import record

LEASE = timedelta(minutes=15)


@verb
def claim_next(
    actor: User, *, at: datetime, consultation_id: int | None = None, language: str | None = None
) -> Case | None:
    """The next case that nobody else holds is the actor's for 15 minutes; None when none is left.

    Each call gives another case than those the actor holds already; earlier leases stay.
    Refuses: no-role.
    """
    rules.may_take_cases(actor).require()
    free = Q(holder=None) | Q(lease_until__lte=at)
    waiting = queries.decidable_by(actor, at=at).filter(free)
    if consultation_id is not None:
        waiting = waiting.filter(consultation=consultation_id)
    if language:
        waiting = waiting.filter(item__language=language)
    case = (
        waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related("item__institution", "item__principle", "consultation")
        .order_by("-escalated", "due_at", "id")
        .first()
    )
    return _hold(actor, case, at=at) if case else None


@verb
def claim_case(actor: User, *, case_id: UUID, at: datetime) -> Case:
    """The case is the actor's for 15 minutes more, to judge the words as they stand now.

    Refuses: not-found, no-role, case-closed, own-institution, case-held.
    """
    case = steps.lock_case(case_id)
    if case is None:
        raise NotFound
    rules.may_claim(actor, case, at=at).require()
    return _hold(actor, case, at=at)


def _hold(actor: User, case: Case, *, at: datetime) -> Case:
    renewed = case.holder_id == actor.pk
    case.holder = actor
    case.lease_until = at + LEASE
    case.revision = case.item.newest
    case.save(update_fields=["holder", "lease_until", "revision"])
    if not renewed:
        record(actor, "case.claimed", case)
    return case


@verb
def release_case(actor: User, *, case_id: UUID, at: datetime) -> Case:
    """Somebody else may take the case. Nothing happens when the actor does not hold it.

    Refuses: not-found, no-role, case-closed, own-institution, case-held.
    """
    case = steps.lock_case(case_id)
    if case is None:
        raise NotFound
    rules.may_claim(actor, case, at=at).require()
    if case.holder_id != actor.pk:
        return case
    case.holder = None
    case.lease_until = None
    case.save(update_fields=["holder", "lease_until"])
    record(actor, "case.released", case)
    return case
