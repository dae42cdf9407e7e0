from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from accounts import queries as accounts
from accounts import steps as account_steps
from accounts.models import User
from consultation.endorsements import reverting, steps
from consultation.endorsements.models import Endorsement, EndorsementState, Withdrawal
from consultation.moderation import handlers
from consultation.moderation.handlers import Details, Subject
from consultation.moderation.models import UNDO_WITHIN, Action, Decision, Item
from consultation.post import steps as post
from consultation.texts import queries as texts
from consultation.texts import rules as text_rules

AGAINST = (Action.RETURN, Action.REJECT)


class StatementHandler:
    """What moderation's decisions do to a position with a statement."""

    def lock(self, item: Item) -> Endorsement:
        return steps.lock(item.endorsement.pk)

    def actions(self, item: Item) -> list[Action]:
        endorsement = item.endorsement
        # Released ones too: what a policy publishes at once is reviewed after.
        stands = endorsement.state == EndorsementState.SIGNED
        return [Action.APPROVE, Action.RETURN, Action.REJECT] if stands else []

    def remember(self, subject: Endorsement) -> dict[str, Any]:
        return reverting.remember(subject)

    def decide(
        self, actor: User, subject: Endorsement, decision: Decision, details: Details, *, at: datetime
    ) -> None:
        if decision.action == Action.APPROVE:
            steps.release(actor, subject, at=at)
        elif decision.action in AGAINST:
            steps.end(actor, subject, EndorsementState.REFUSED, at=at)
            _tell("endorsement-refused", subject, decision, back=True, at=at)
        else:
            if decision.action == Action.REVERSE:
                reverting.reinstate(actor, subject, at=at)
            _tell("appeal-decided", subject, decision, back=False, at=at)

    def undo(self, actor: User, subject: Endorsement, decision: Decision, *, at: datetime) -> None:
        assert decision.before is not None
        expected = {Action.APPROVE: EndorsementState.SIGNED, Action.REVERSE: EndorsementState.SIGNED}
        refused = decision.action in AGAINST
        after = expected.get(
            Action(decision.action), EndorsementState.REFUSED if refused else decision.before["state"]
        )
        # A position that an appeal gave back gives way to one that was signed meanwhile.
        if subject.state not in (after, decision.before["state"]):
            raise reverting.MOVED_ON
        reverting.revert(actor, subject, decision.before, since=decision.at, at=at)

    def may_appeal(self, item: Item, decision: Decision) -> bool:
        return decision.action in AGAINST and item.endorsement.state == EndorsementState.REFUSED

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
        return [Action.APPROVE, Action.REJECT]

    def remember(self, subject: Endorsement) -> dict[str, Any]:
        return {"public": subject.withdrawal.public_since is not None}

    def decide(
        self, actor: User, subject: Endorsement, decision: Decision, details: Details, *, at: datetime
    ) -> None:
        public = subject.withdrawal.public_since is not None
        if decision.action in (Action.APPROVE, Action.REVERSE) and not public:
            steps.release_reason(actor, subject.withdrawal, at=at)
        elif decision.action == Action.REJECT and public:
            reverting.unpublish_reason(actor, subject.withdrawal)
        if decision.action in (Action.UPHOLD, Action.REVERSE):
            _tell("appeal-decided", subject, decision, back=False, at=at)
        elif decision.action == Action.REJECT:
            _tell("endorsement-refused", subject, decision, back=False, at=at)

    def undo(self, actor: User, subject: Endorsement, decision: Decision, *, at: datetime) -> None:
        assert decision.before is not None
        public = subject.withdrawal.public_since is not None
        if public and not decision.before["public"]:
            reverting.unpublish_reason(actor, subject.withdrawal)
        elif decision.before["public"] and not public:
            steps.release_reason(actor, subject.withdrawal, at=at)

    def may_appeal(self, item: Item, decision: Decision) -> bool:
        return decision.action == Action.REJECT and item.withdrawal.public_since is None

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
        public=withdrawal.public_since is not None,
    )


def _tell(kind: str, endorsement: Endorsement, decision: Decision, *, back: bool, at: datetime) -> None:
    """All who manage the institution or sign for it learn why its words are not published."""
    consultation, number = endorsement.consultation, endorsement.principle.number
    principle = f"/consultations/{consultation.slug}/principles/{number}/"
    clause = decision.clause
    for person in accounts.managers_and_signatories(endorsement.institution, at=at):
        titles = clause.titles if clause else {}
        context = {
            "decision": str(decision.pk),
            "action": decision.action,
            "appeal": f"/appeals/{decision.case_id}/" if kind == "endorsement-refused" else "",
            "deadline": (decision.at + text_rules.grace()).isoformat(),
            "clause_text": consultation.in_language(clause.texts, person.language) if clause else "",
            "institution": account_steps.name_of(endorsement.institution),
            "number": number,
            "title": consultation.title(person.language),
            "clause": clause.number if clause else "",
            "clause_title": consultation.in_language(titles, person.language) if titles else "",
            "message": decision.message,
            "back": back,
            "url": f"{principle}endorse/?from={endorsement.pk}" if back else principle,
        }
        post.write(kind, person=person, context=context, not_before=at + UNDO_WITHIN)


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
        public=endorsement.effective_at is not None,
    )


def register() -> None:
    """Statements and reasons are moderated by these handlers."""
    handlers.register(steps.KIND, StatementHandler())
    handlers.register(steps.REASON, ReasonHandler())
