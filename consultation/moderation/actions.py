from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.refusal import NotFound, invalid
from consultation.kit.text import STATEMENT_LIMIT, UnfitText, clean, too_long
from consultation.kit.verb import verb
from consultation.moderation import queries, rules, steps
from consultation.moderation.handlers import handler_of
from consultation.moderation.models import Action, Case, Decision, Item
from consultation.record.steps import record
from consultation.texts import queries as text_queries
from consultation.texts import rules as text_rules
from consultation.texts import steps as texts
from consultation.texts.models import ConsultationRole, PolicyClause

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


@verb
def decide_case(
    actor: User,
    *,
    case_id: UUID,
    action: str,
    clause: str | None = None,
    message: str = "",
    revision: int | None = None,
    at: datetime,
) -> Case:
    """The decision is carried out and on record; the author is told a minute later.

    `revision` is the one that the actor read; without it, the one that stood when they took the case.
    Refuses: not-found, no-role, case-closed, own-institution, case-held, case-moved-on,
    not-possible-now, invalid (action, clause, message).
    """
    item = (
        Item.objects.select_related("institution", "principle", "consultation").filter(cases=case_id).first()
    )
    if item is None:
        raise NotFound
    handler = handler_of(item)
    subject = handler.lock(item)
    case = steps.lock_case(case_id)
    if case is None:
        raise NotFound
    chosen = rules.known_action(action)
    allowed = handler.actions(case.item)
    rules.may_decide(actor, case, revision=revision, action=chosen, allowed=allowed, at=at).require()
    decision = Decision.objects.create(
        case=case,
        item=case.item,
        action=chosen,
        clause=_clause(case, chosen, clause),
        message=_message(message),
        person=actor,
        at=at,
    )
    case.revision = case.item.newest
    case.closed_at = at
    case.lease_until = None
    case.save(update_fields=["revision", "closed_at", "lease_until"])
    handler.decide(actor, subject, decision, at=at)
    record(actor, f"case.{chosen}", case)
    return case


@verb
def take_role(actor: User, *, consultation_id: int, role_id: int, at: datetime) -> ConsultationRole:
    """The person no longer holds the role, from this moment on, and is told; cases they held are free again.

    Refuses: not-found, no-role, second-factor-needed, last-secretariat.
    """
    role = texts.lock_roles(consultation_id, role_id)
    if role is None:
        raise NotFound
    text_rules.may_take_role(actor, role).require()
    texts.take_role(actor, role, at=at)
    if not text_queries.has_role(role.person, role.consultation, *queries.DECIDERS):
        steps.release_cases(actor, role.person, role.consultation)
    texts.tell_role("role-taken", role, at=at)
    return role


def _clause(case: Case, action: Action, number: str | None) -> PolicyClause | None:
    if not number:
        if rules.needs_clause(action):
            raise invalid(clause=_("Name the clause of the policy on which this decision stands."))
        return None
    clause = text_queries.clauses_in_force(case.consultation).filter(number=number).first()
    if clause is None:
        raise invalid(clause=_("The policy of this consultation has no such clause."))
    return clause


def _message(text: str) -> str:
    try:
        message = clean(text)
    except UnfitText as unfit:
        raise invalid(message=unfit.args[0]) from unfit
    if sentence := too_long(message, STATEMENT_LIMIT):
        raise invalid(message=sentence)
    return message
