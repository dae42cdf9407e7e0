from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.refusal import NotFound, invalid
from consultation.kit.text import STATEMENT_LIMIT, UnfitText, clean, too_long
from consultation.kit.verb import verb
from consultation.moderation import rules, steps
from consultation.moderation.handlers import handler_of
from consultation.moderation.models import Action, Case, Decision, Item
from consultation.record.steps import record
from consultation.texts import queries as text_queries
from consultation.texts.models import PolicyClause


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
