from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models import User
from consultation.comments import rules, steps
from consultation.comments.models import (
    Comment,
    CommentState,
)
from consultation.kit.verb import verb
from consultation.moderation import steps as moderation
from consultation.record.steps import record


@verb
def withdraw_comment(actor: User, *, comment_id: UUID, at: datetime) -> Comment:
    """The comment is no longer public; its reference stays and says that it was withdrawn.

    Refuses: not-found, no-mandate, institution-barred, not-sent, withdrawn.
    """
    comment = steps.lock(comment_id)
    rules.may_withdraw(actor, comment, at=at).require()
    if comment.item is not None:
        moderation.close_case(comment.item, at=at)
    steps.take_away(actor, comment, CommentState.WITHDRAWN, at=at)
    record(actor, "comment.withdrawn", comment)
    return comment
