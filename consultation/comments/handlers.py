from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts import queries as accounts
from accounts.models import User
from consultation.comments import steps
from consultation.comments.models import Comment, CommentState
from consultation.moderation import handlers
from consultation.moderation.handlers import Subject
from consultation.moderation.models import Action, Decision, Item
from consultation.post import steps as post
from consultation.texts import queries as texts

UNDO_WITHIN = timedelta(minutes=1)
MAIL_OF = {
    Action.APPROVE: "comment-published",
    Action.RETURN: "comment-returned",
    Action.REJECT: "comment-rejected",
    Action.HIDE: "comment-hidden",
    Action.RESTORE: "comment-published",
}
STATE_AFTER = {
    Action.RETURN: CommentState.RETURNED,
    Action.REJECT: CommentState.REJECTED,
    Action.HIDE: CommentState.HIDDEN,
}
BY_STATE = {
    CommentState.PENDING: [Action.APPROVE, Action.RETURN, Action.REJECT],
    CommentState.PUBLISHED: [Action.APPROVE, Action.RETURN, Action.HIDE],
    CommentState.HIDDEN: [Action.RESTORE],
}


class CommentHandler:
    """What moderation's decisions do to a comment."""

    def lock(self, item: Item) -> Comment:
        return steps.lock(item.comment.pk)

    def actions(self, item: Item) -> list[Action]:
        return list(BY_STATE.get(CommentState(item.comment.state), []))

    def decide(self, actor: User | None, subject: Comment, decision: Decision, *, at: datetime) -> None:
        action = Action(decision.action)
        # Returning an edit changes nothing for readers: the words they see stay.
        edit_returned = action == Action.RETURN and subject.state == CommentState.PUBLISHED
        if action == Action.RESTORE:
            steps.restore(actor, subject, at=at)
        elif action not in STATE_AFTER:
            steps.publish(actor, subject, at=at)
        elif not edit_returned:
            steps.take_away(actor, subject, STATE_AFTER[action], at=at)
        # Where the author was erased, those who manage the institution hear of it.
        heirs = accounts.managers(subject.institution_id, at=at)
        for person in [subject.author] if subject.author else heirs:
            post.write(
                MAIL_OF[action],
                person=person,
                context=_mail(subject, decision),
                not_before=at + UNDO_WITHIN,
            )

    def describe(self, items: list[Item]) -> dict[Any, Subject]:
        comments = (
            Comment.objects.filter(item__in=[item.pk for item in items])
            .select_related("latest", "shown", "principle", "consultation", "version", "parent__shown")
            .prefetch_related("version__translations")
        )
        return {comment.item_id: _subject(comment) for comment in comments}


def _mail(comment: Comment, decision: Decision) -> dict[str, Any]:
    clause = decision.clause
    language = comment.latest.language if comment.latest else comment.consultation.authoritative
    return {
        "reference": comment.reference,
        "url": f"/consultations/{comment.consultation.slug}/comments/{comment.reference}/",
        "title": comment.consultation.title(language),
        "clause": clause.number if clause else "",
        "clause_title": comment.consultation.in_language(clause.titles, language) if clause else "",
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
        state=comment.state,
        proposed_text=latest.proposed_text,
        passage=latest.passage,
        version_text=version_text,
        kind_label=latest.get_kind_display(),
        sent_at=latest.at,
        previous_text=comment.shown.body if edited and comment.shown else "",
        thread=[_line(comment.parent)] if comment.parent else [],
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
