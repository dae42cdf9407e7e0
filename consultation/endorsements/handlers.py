from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import User
from consultation.endorsements import steps
from consultation.endorsements.models import Endorsement, EndorsementState
from consultation.moderation import handlers
from consultation.moderation.handlers import Subject
from consultation.moderation.models import Action, Decision, Item
from consultation.texts import queries as texts


class StatementHandler:
    """What moderation's decisions do to a position with a statement."""

    def lock(self, item: Item) -> Endorsement:
        return steps.lock(item.endorsement.pk)

    def actions(self, item: Item) -> list[Action]:
        endorsement = item.endorsement
        waiting = endorsement.state == EndorsementState.SIGNED and not endorsement.released
        return [Action.APPROVE, Action.RETURN, Action.REJECT] if waiting else []

    def decide(self, actor: User | None, subject: Endorsement, decision: Decision, *, at: datetime) -> None:
        if decision.action == Action.APPROVE:
            steps.release(actor, subject, at=at)
        else:
            steps.end(actor, subject, EndorsementState.REFUSED, at=at)

    def describe(self, items: list[Item]) -> dict[Any, Subject]:
        rows = (
            Endorsement.objects.filter(item__in=[item.pk for item in items])
            .select_related("principle", "version", "consultation")
            .prefetch_related("version__translations")
        )
        return {row.item_id: _subject(row) for row in rows}


def _subject(endorsement: Endorsement) -> Subject:
    number = endorsement.principle.number
    return Subject(
        reference=f"E{number}",
        url=f"/consultations/{endorsement.consultation.slug}/principles/{number}/",
        revision=1,
        text=endorsement.statement,
        language=endorsement.language,
        state=endorsement.state,
        version_text=texts.translation(endorsement.version, endorsement.language).body,
        kind_label=endorsement.get_position_display(),
        sent_at=endorsement.signed_at,
    )


def register() -> None:
    """Statements are moderated by this handler."""
    handlers.register(steps.KIND, StatementHandler())
