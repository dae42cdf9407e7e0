from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.fitting import fit
from consultation.kit.refusal import NotFound, invalid
from consultation.kit.text import STATEMENT_LIMIT
from consultation.kit.verb import verb
from consultation.moderation import flagging, rules, steps
from consultation.moderation.handlers import PLAIN, Details, handler_of
from consultation.moderation.models import Action, Case, Decision, Item
from consultation.record.steps import record
from consultation.texts import queries as text_queries
from consultation.texts.models import PolicyClause


@dataclass(frozen=True)
class Ruling:
    """What a moderator decides, by which clause, with what words to the author."""

    action: str
    clause: str | None = None
    message: str = ""
    details: Details = PLAIN


@verb
def decide_case(
    actor: User,
    *,
    case_id: UUID,
    action: str,
    clause: str | None = None,
    message: str = "",
    revision: int | None = None,
    details: Details = PLAIN,
    at: datetime,
) -> Case:
    """The decision is carried out and on record; the author is told a minute later.

    `revision` is the one that the actor read; without it, the one that stood when they took the case.
    `details` holds the words to redact, or a correction to which the author may agree. What is escalated
    stays open, before all others, and `message` is for those who decide it.
    Refuses: not-found, no-role, case-closed, own-institution, left-to-others, case-held, case-moved-on,
    not-possible-now, invalid (action, clause, message, spans, correction).
    """
    item = find_item(case_id)
    subject = handler_of(item).lock(item)
    return settle(actor, case_id, subject, Ruling(action, clause, message, details), revision=revision, at=at)


def find_item(case_id: UUID) -> Item:
    """What the case is about. Raises Refusal `not-found`."""
    items = Item.objects.select_related("institution", "principle", "consultation")
    item = items.filter(cases=case_id).first()
    if item is None:
        raise NotFound
    return item


def settle(
    actor: User, case_id: UUID, subject: Any, ruling: Ruling, *, revision: int | None, at: datetime
) -> Case:
    """Decide a case whose locked subject this is. Raises Refusal as `decide_case` says."""
    case = steps.lock_case(case_id)
    if case is None:
        raise NotFound
    handler = handler_of(case.item)
    chosen = rules.known_action(ruling.action)
    allowed = rules.choices(case, handler.actions(case.item))
    rules.may_decide(actor, case, revision=revision, action=chosen, allowed=allowed, at=at).require()
    message = fit("message", ruling.message, STATEMENT_LIMIT)
    if chosen == Action.ESCALATE:
        return _escalate(actor, case, message, at=at)
    decision = Decision.objects.create(
        case=case,
        item=case.item,
        action=chosen,
        clause=_clause(case, chosen, ruling.clause),
        message=message,
        person=actor,
        at=at,
        before=handler.remember(subject),
    )
    case.revision = case.item.newest
    case.closed_at = at
    case.lease_until = None
    case.save(update_fields=["revision", "closed_at", "lease_until"])
    handler.decide(actor, subject, decision, ruling.details, at=at)
    flagging.tell_outcome(decision, at=at)
    record(actor, f"case.{chosen}", case)
    return case


def _escalate(actor: User, case: Case, message: str, *, at: datetime) -> Case:
    if not message.strip():
        raise invalid(message=_("Say why others should decide this."))
    case.escalated_by = actor
    case.holder = None
    case.lease_until = None
    case.save(update_fields=["escalated_by", "holder", "lease_until"])
    steps.rank(case, escalated=True)
    steps.note(actor, case, message, at=at)
    steps.tell_secretariat(actor, case, message, at=at)
    record(actor, "case.escalated", case)
    return case


def _clause(case: Case, action: Action, number: str | None) -> PolicyClause | None:
    if not number and action == Action.UPHOLD and case.appealed is not None:
        return case.appealed.clause
    if not number:
        if rules.needs_clause(action):
            raise invalid(clause=_("Name the clause of the policy on which this decision stands."))
        return None
    clause = text_queries.clauses_in_force(case.consultation).filter(number=number).first()
    if clause is None:
        raise invalid(clause=_("The policy of this consultation has no such clause."))
    return clause
