from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.refusal import NotFound, Refusal
from consultation.kit.verb import verb
from consultation.moderation import queries, rules, steps
from consultation.moderation.actions.claiming import LEASE
from consultation.moderation.actions.deciding import find_item
from consultation.moderation.handlers import handler_of
from consultation.moderation.models import Case
from consultation.post import queries as mails
from consultation.post import steps as post
from consultation.record.steps import record


@verb
def undo_decision(actor: User, *, case_id: UUID, at: datetime) -> Case:
    """Everything is as it was before the decision, nobody is told of it, and the case is the actor's again.

    The decision stays on record as one that was undone.
    Refuses: not-found, no-role, nothing-to-undo, not-yours, not-undoable, too-late, moved-on.
    """
    item = find_item(case_id)
    handler = handler_of(item)
    subject = handler.lock(item)
    case = steps.lock_case(case_id)
    if case is None:
        raise NotFound
    rules.may_take_cases(actor).require()
    decision = queries.in_force().filter(case=case).first()
    rules.may_undo(actor, decision, at=at).require()
    assert decision is not None
    if item.cases.exclude(pk=case.pk).filter(opened_at__gte=decision.at).exists():
        raise Refusal("moved-on", _("Something happened since: this can't be undone any more."))
    about = {"decision": str(decision.pk)}
    post.cancel(**about)
    if mails.written_since(decision.pk, **about):
        raise Refusal("too-late", _("The minute is over: the author has been told."))
    decision.undone_at = at
    decision.save(update_fields=["undone_at"])
    case.closed_at = None
    case.holder = actor
    case.lease_until = at + LEASE
    case.save(update_fields=["closed_at", "holder", "lease_until"])
    handler.undo(actor, subject, decision, at=at)
    record(actor, "case.undone", case)
    return case
