from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from accounts import queries as accounts
from accounts import steps as account_steps
from accounts.models import User
from consultation.endorsements import steps
from consultation.endorsements.models import Endorsement, EndorsementState, Withdrawal
from consultation.moderation import handlers
from consultation.moderation.handlers import Subject
from consultation.moderation.models import Action, Decision, Item
from consultation.post import steps as post
from consultation.texts import queries as texts

UNDO_WITHIN = timedelta(minutes=1)


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
            _tell(subject, decision, back=True, at=at)

    def describe(self, items: list[Item]) -> dict[Any, Subject]:
        rows = (
            Endorsement.objects.filter(item__in=[item.pk for item in items])
            .select_related("principle", "version", "consultation")
            .prefetch_related("version__translations")
        )
        return {row.item_id: _subject(row) for row in rows}


class ReasonHandler:
    """What moderation's decisions do to the reason for which a position was withdrawn."""

    def lock(self, item: Item) -> Endorsement:
        return steps.lock(item.withdrawal.pk)

    def actions(self, item: Item) -> list[Action]:
        return [] if item.withdrawal.public_since else [Action.APPROVE, Action.REJECT]

    def decide(self, actor: User | None, subject: Endorsement, decision: Decision, *, at: datetime) -> None:
        if decision.action == Action.APPROVE:
            steps.release_reason(actor, subject.withdrawal, at=at)
        else:
            _tell(subject, decision, back=False, at=at)

    def describe(self, items: list[Item]) -> dict[Any, Subject]:
        rows = (
            Withdrawal.objects.filter(item__in=[item.pk for item in items])
            .select_related("endorsement__principle", "endorsement__version", "endorsement__consultation")
            .prefetch_related("endorsement__version__translations")
        )
        return {row.item_id: _why(row) for row in rows}


def _why(withdrawal: Withdrawal) -> Subject:
    return replace(
        _subject(withdrawal.endorsement),
        text=withdrawal.reason,
        language=withdrawal.language,
        sent_at=withdrawal.made_at,
    )


def _tell(endorsement: Endorsement, decision: Decision, *, back: bool, at: datetime) -> None:
    """All who manage the institution or sign for it learn why its words are not published."""
    consultation, number = endorsement.consultation, endorsement.principle.number
    principle = f"/consultations/{consultation.slug}/principles/{number}/"
    clause = decision.clause
    for person in accounts.managers_and_signatories(endorsement.institution, at=at):
        titles = clause.titles if clause else {}
        context = {
            "institution": account_steps.name_of(endorsement.institution),
            "number": number,
            "title": consultation.title(person.language),
            "clause": clause.number if clause else "",
            "clause_title": consultation.in_language(titles, person.language) if titles else "",
            "message": decision.message,
            "back": back,
            "url": f"{principle}endorse/?from={endorsement.pk}" if back else principle,
        }
        post.write("endorsement-refused", person=person, context=context, not_before=at + UNDO_WITHIN)


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
    """Statements and reasons are moderated by these handlers."""
    handlers.register(steps.KIND, StatementHandler())
    handlers.register(steps.REASON, ReasonHandler())
