from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.fitting import fit
from consultation.kit.refusal import NotFound, Refusal, invalid
from consultation.kit.text import STATEMENT_LIMIT
from consultation.kit.verb import verb
from consultation.moderation import queries, rules, steps
from consultation.moderation.actions.deciding import find_item
from consultation.moderation.handlers import handler_of
from consultation.moderation.models import Case, CaseReason, Reason
from consultation.record.steps import record


@verb
def appeal_decision(actor: User, *, case_id: UUID, grounds: str, at: datetime) -> Case:
    """Somebody who took no part in the decision decides it again: a case of its own waits for them.

    Refuses: not-found, already-appealed, not-appealable, too-late, not-possible-now, invalid (grounds).
    """
    item = find_item(case_id)
    handler = handler_of(item)
    handler.lock(item)
    case = steps.lock_case(case_id)
    if case is None:
        raise NotFound
    # The case of an appeal stands for what is appealed against until it is decided itself.
    decision = queries.in_force().filter(case=case).first() or case.appealed
    rules.may_appeal(
        actor,
        decision,
        possible=decision is not None and handler.may_appeal(case.item, decision),
        spoken_for=queries.speaks_for(actor, case.item, at=at),
        at=at,
    ).require()
    if case.item.cases.filter(closed_at=None).exists():
        raise Refusal("not-possible-now", _("This can't be decided as the text stands now."))
    appeal = Case.objects.create(
        item=case.item,
        consultation=case.consultation,
        revision=case.item.newest,
        is_appeal=True,
        appealed=decision,
        grounds=_grounds(grounds),
        opened_at=at,
        due_at=at + timedelta(hours=case.consultation.target_hours),
    )
    CaseReason.objects.create(case=appeal, code=Reason.APPEAL)
    record(actor, "case.appealed", appeal)
    return appeal


def _grounds(text: str) -> str:
    if not text.strip():
        raise invalid(grounds=_("Say why the decision should be another one."))
    return fit("grounds", text, STATEMENT_LIMIT)
