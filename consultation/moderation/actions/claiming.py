from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from consultation.kit.refusal import NotFound
from consultation.kit.verb import verb
from consultation.moderation import queries, readers, rules, steps
from consultation.moderation.filters import EVERYTHING, CaseFilters
from consultation.moderation.models import Case
from consultation.record.steps import record
from consultation.texts import queries as texts

LEASE = timedelta(minutes=15)
# Whoever only loads the page anew is back within this time; whoever left has given the case back by then.
LEAVING = timedelta(minutes=1)


@verb
def claim_next(actor: User, *, at: datetime, filters: CaseFilters = EVERYTHING) -> Case | None:
    """The next case that nobody else holds is the actor's for 15 minutes; None when none is left.

    What is written in a language that the actor reads comes first, unless a language is asked for. Each call
    gives another case than those the actor holds already; earlier leases stay.
    Refuses: no-role.
    """
    rules.may_take_cases(actor).require()
    free = Q(holder=None) | Q(lease_until__lte=at)
    # By their keys: of one consultation an index then gives the cases in their order.
    places = list(texts.consultations_with_role(actor, *queries.DECIDERS).values_list("pk", flat=True))
    decidable = queries.decidable_by(actor, at=at).filter(free, consultation__in=places)
    waiting = replace(filters, mine=False).apply(decidable, person=actor, at=at)
    case = None
    if not filters.language:
        case = _first(waiting.filter(readers.written_in(readers.read_by(actor))))
    case = case or _first(waiting)
    return _hold(actor, case, at=at) if case else None


def _first(waiting: QuerySet[Case]) -> Case | None:
    """The most urgent of these that nobody is busy with, locked."""
    return (
        waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related("item__institution", "item__principle", "consultation")
        .order_by("rank", "due_at", "id")
        .first()
    )


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
def renew_lease(actor: User, *, case_id: UUID, at: datetime) -> Case:
    """The actor is still at work: the case stays theirs for 15 minutes from now. Nothing is recorded.

    The words that they judge stay those that they took.
    Refuses: not-found, no-role, case-closed, own-institution, case-held.
    """
    case = _kept(actor, case_id, at=at)
    case.lease_until = at + LEASE
    case.save(update_fields=["lease_until"])
    return case


@verb
def leave_case(actor: User, *, case_id: UUID, at: datetime) -> Case:
    """The actor left the page: unless they come back within a minute, somebody else may take the case.

    Refuses: not-found, no-role, case-closed, own-institution, case-held.
    """
    case = _kept(actor, case_id, at=at)
    assert case.lease_until is not None
    case.lease_until = min(case.lease_until, at + LEAVING)
    case.save(update_fields=["lease_until"])
    return case


def _kept(actor: User, case_id: UUID, *, at: datetime) -> Case:
    case = steps.lock_case(case_id)
    if case is None:
        raise NotFound
    rules.may_keep(actor, case, at=at).require()
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
