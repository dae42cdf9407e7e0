"""Taking back what a decision did to a comment, as long as nothing happened since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.comments import steps
from consultation.comments.models import Comment, CommentState
from consultation.kit.refusal import Refusal
from consultation.record.steps import record


def remember(comment: Comment) -> dict[str, Any]:
    """What of a comment a decision may change: its state, which revision is shown, and since when."""
    return {
        "state": comment.state,
        "shown": comment.shown.number if comment.shown else None,
        "edited_at": comment.edited_at.isoformat() if comment.edited_at else None,
        "settled_at": comment.settled_at.isoformat() if comment.settled_at else None,
    }


def revert(
    actor: User | None,
    comment: Comment,
    before: dict[str, Any],
    after: CommentState,
    *,
    judged: int,
    at: datetime,
) -> None:
    """The comment is as `remember` saw it, and readers see what they saw.

    `after` is the state that the decision left, on the revision `judged`.
    Raises Refusal `moved-on` where it is another by now.
    """
    if comment.state != after or comment.latest is None or comment.latest.number != judged:
        raise Refusal("moved-on", _("Something happened since: this can't be undone any more."))
    state = CommentState(before["state"])
    shown = comment.revisions.filter(number=before["shown"]).first()
    if state != CommentState.PUBLISHED and comment.public_since is not None:
        steps.take_away(actor, comment, state, at=at)
    moved = comment.shown != shown
    comment.state, comment.shown = state, shown
    comment.edited_at, comment.settled_at = _moment(before["edited_at"]), _moment(before["settled_at"])
    comment.save(update_fields=["state", "shown", "edited_at", "settled_at"])
    if moved:
        steps.index(comment)
    if moved and comment.public_since is not None and shown is not None:
        record(actor, "comment.set_back", comment, public=True, revision=shown.number)
    steps.settle(actor, [comment.pk], at=at)


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
