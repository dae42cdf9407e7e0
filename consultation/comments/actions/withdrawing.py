from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models import User
from consultation.comments import rules, steps, telling
from consultation.comments.models import (
    Comment,
    CommentState,
)
from consultation.kit.verb import verb
from consultation.moderation import flagging
from consultation.moderation import steps as moderation
from consultation.record.steps import record


@verb
def withdraw_comment(actor: User, *, comment_id: UUID, at: datetime) -> Comment:
    """The comment is no longer public; its reference stays and says that it was withdrawn.

    Those who answered, co-signed or flagged it are told.

    Refuses: not-found, no-mandate, institution-barred, not-sent, withdrawn.
    """
    comment = steps.lock(comment_id)
    rules.may_withdraw(actor, comment, at=at).require()
    if comment.public_since is not None:
        telling.tell_those_who_answered("comment-withdrawn", comment, at=at)
    if comment.item is not None:
        flagging.tell_withdrawn(comment.item, at=at)
        moderation.close_case(comment.item, at=at)
    steps.take_away(actor, comment, CommentState.WITHDRAWN, at=at)
    record(actor, "comment.withdrawn", comment)
    return comment
