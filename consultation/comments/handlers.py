from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts import queries as accounts
from accounts.models import User
from consultation.comments import correcting, redacting, reverting, steps
from consultation.comments.models import Comment, CommentState
from consultation.moderation import handlers
from consultation.moderation.handlers import Details, Subject
from consultation.moderation.models import UNDO_WITHIN, Action, Decision, Item
from consultation.post import steps as post
from consultation.texts import queries as texts
from consultation.texts import rules as text_rules

MAIL_OF = {
    Action.APPROVE: "comment-published",
    Action.RETURN: "comment-returned",
    Action.REJECT: "comment-rejected",
    Action.HIDE: "comment-hidden",
    Action.RESTORE: "comment-published",
    Action.REDACT: "comment-redacted",
    Action.UPHOLD: "appeal-decided",
    Action.REVERSE: "appeal-decided",
}
RELEASING = (Action.APPROVE, Action.REDACT, Action.REVERSE)
STATE_AFTER = {
    Action.RETURN: CommentState.RETURNED,
    Action.REJECT: CommentState.REJECTED,
    Action.HIDE: CommentState.HIDDEN,
}
BY_STATE = {
    CommentState.PENDING: [Action.APPROVE, Action.RETURN, Action.REJECT, Action.REDACT],
    CommentState.PUBLISHED: [Action.APPROVE, Action.RETURN, Action.HIDE, Action.REDACT],
    # What readers' flags hid is shown again, or stays hidden by a decision.
    CommentState.HIDDEN: [Action.RESTORE, Action.HIDE],
}


class CommentHandler:
    """What moderation's decisions do to a comment."""

    def lock(self, item: Item) -> Comment:
        return steps.lock(item.comment.pk)

    def actions(self, item: Item) -> list[Action]:
        return list(BY_STATE.get(CommentState(item.comment.state), []))

    def remember(self, subject: Comment) -> dict[str, Any]:
        return reverting.remember(subject)

    def decide(
        self, actor: User, subject: Comment, decision: Decision, details: Details, *, at: datetime
    ) -> None:
        action = Action(decision.action)
        if action == Action.REDACT:
            assert decision.clause is not None
            redacting.redact(actor, subject, details.spans, clause=decision.clause.number, at=at)
        if action == Action.RESTORE or _gives_back_hidden(decision):
            steps.restore(actor, subject, at=at)
        elif action in RELEASING:
            steps.publish(actor, subject, decision=decision, at=at)
        elif action in STATE_AFTER and not _edit_returned(subject, action):
            steps.take_away(actor, subject, STATE_AFTER[action], at=at)
        corrected = action == Action.RETURN and details.correction is not None
        if corrected:
            correcting.suggest(subject, decision, details.correction or {})
        _tell("comment-corrected" if corrected else MAIL_OF[action], subject, decision, at=at)

    def undo(self, actor: User, subject: Comment, decision: Decision, *, at: datetime) -> None:
        assert decision.before is not None
        action, before = Action(decision.action), CommentState(decision.before["state"])
        after = before
        if action in (*RELEASING, Action.RESTORE):
            after = CommentState.PUBLISHED
        elif action in STATE_AFTER and not (action == Action.RETURN and before == CommentState.PUBLISHED):
            after = STATE_AFTER[action]
        judged = decision.case.revision
        reverting.revert(actor, subject, decision.before, after, judged=judged, at=at)

    def may_appeal(self, item: Item, decision: Decision) -> bool:
        state = STATE_AFTER.get(Action(decision.action))
        return state in (CommentState.REJECTED, CommentState.HIDDEN) and item.comment.state == state

    def describe(self, items: list[Item]) -> dict[Any, Subject]:
        comments = (
            Comment.objects.filter(item__in=[item.pk for item in items])
            .select_related("latest", "shown", "principle", "consultation", "version", "parent__shown")
            .prefetch_related("version__translations")
        )
        return {comment.item_id: _subject(comment) for comment in comments}


def _edit_returned(comment: Comment, action: Action) -> bool:
    """Returning an edit changes nothing for readers: the words they see stay."""
    return action == Action.RETURN and comment.state == CommentState.PUBLISHED


def _gives_back_hidden(decision: Decision) -> bool:
    appealed = decision.case.appealed
    return decision.action == Action.REVERSE and appealed is not None and appealed.action == Action.HIDE


def _tell(kind: str, comment: Comment, decision: Decision, *, at: datetime) -> None:
    # Where the author was erased, those who manage the institution hear of it.
    heirs = accounts.managers(comment.institution_id, at=at)
    for person in [comment.author] if comment.author else heirs:
        post.write(kind, person=person, context=_mail(comment, decision), not_before=at + UNDO_WITHIN)


def _mail(comment: Comment, decision: Decision) -> dict[str, Any]:
    clause = decision.clause
    language = comment.latest.language if comment.latest else comment.consultation.authoritative
    action = Action(decision.action)
    takes = STATE_AFTER.get(action) in (CommentState.REJECTED, CommentState.HIDDEN)
    return {
        "decision": str(decision.pk),
        "action": action.value,
        "reference": comment.reference,
        "url": f"/consultations/{comment.consultation.slug}/comments/{comment.reference}/",
        "appeal": f"/appeals/{decision.case_id}/" if takes else "",
        "deadline": (decision.at + text_rules.grace()).isoformat(),
        "title": comment.consultation.title(language),
        "clause": clause.number if clause else "",
        "clause_title": comment.consultation.in_language(clause.titles, language) if clause else "",
        "clause_text": comment.consultation.in_language(clause.texts, language) if clause else "",
        "message": decision.message,
        "visibility": comment.visibility,
        "waits": "" if comment.institution.verified else "verification",
    }


def _subject(comment: Comment) -> Subject:
    latest = comment.latest
    assert latest is not None
    assert comment.reference is not None
    version_text = ""
    if comment.version is not None:
        version_text = texts.translation(comment.version, latest.language).body
    edited = comment.shown is not None and comment.shown_id != comment.latest_id
    return Subject(
        reference=comment.reference,
        url=f"/consultations/{comment.consultation.slug}/comments/{comment.reference}/",
        revision=latest.number,
        text=latest.body,
        language=latest.language,
        translation=latest.translation,
        state=comment.state,
        proposed_text=latest.proposed_text,
        passage=latest.passage,
        version_text=version_text,
        kind_label=latest.get_kind_display(),
        sent_at=latest.at,
        previous_text=comment.shown.body if edited and comment.shown else "",
        thread=[_line(comment.parent)] if comment.parent else [],
        public=comment.public_since is not None and not edited,
    )


def _line(comment: Comment) -> dict[str, Any]:
    shown = comment.shown
    return {
        "reference": comment.reference,
        "text": shown.body if shown else "",
        "language": shown.language if shown else "",
    }


def register() -> None:
    """Comments are moderated by this handler."""
    handlers.register(steps.KIND, CommentHandler())
