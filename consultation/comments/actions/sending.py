from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.comments import rules, steps, wording
from consultation.comments.actions.keeping import (
    choose_visibility,
    keep,
    kept_draft,
    require_visibility,
    translations,
)
from consultation.comments.models import Comment, CommentState
from consultation.comments.wording import Wording
from consultation.kit.refusal import NotFound, Refusal
from consultation.kit.verb import verb


@verb
def submit_comment(
    actor: User,
    *,
    comment_id: UUID,
    words: Wording | None = None,
    edition: int | None = None,
    visibility: str | None = None,
    at: datetime,
) -> Comment:
    """The comment has its reference for ever, and waits for moderation or is public where it is trusted.

    `words` replace those of the draft; `edition` and `visibility` as in `save_draft`. A published comment
    keeps what readers see until its edit is released.
    Refuses: not-found, no-mandate, institution-barred, not-a-draft, edited-meanwhile, round-closed,
    round-not-open, invalid.
    """
    comment = steps.lock(comment_id)
    _send(actor, comment, words, edition=edition, visibility=visibility, at=at)
    return comment


def _send(
    actor: User,
    comment: Comment,
    words: Wording | None,
    *,
    edition: int | None = None,
    visibility: str | None = None,
    at: datetime,
) -> None:
    rules.may_submit(actor, comment, at=at).require()
    draft = kept_draft(comment, edition)
    choose_visibility(comment, visibility)
    if comment.state == CommentState.DRAFT:
        require_visibility(comment.consultation, comment.visibility)
    if words is None:
        if draft is None:
            raise Refusal("not-a-draft", _("There are no changes to send."))
        words = wording.of(draft)
    checked = wording.checked(words, translations(comment.version), complete=True)
    keep(actor, comment, checked, send=True, at=at)


@dataclass(frozen=True)
class Unsent:
    """A draft that was not sent with the others, and why."""

    comment_id: UUID
    refusal: Refusal


@verb
def submit_comments(actor: User, *, comment_ids: Sequence[UUID], at: datetime) -> list[Comment | Unsent]:
    """Each draft is sent as by `submit_comment`, or stays with the refusal that it met; in that order."""
    locked = steps.lock_many(comment_ids)
    outcomes: dict[UUID, Comment | Unsent] = {}
    # Counters are locked by principle: in one order, whatever the order asked for.
    for comment in sorted(
        locked.values(), key=lambda each: (each.visibility, each.principle_id or 0, each.pk)
    ):
        try:
            _send(actor, comment, None, at=at)
            outcomes[comment.pk] = comment
        except Refusal as refusal:
            outcomes[comment.pk] = Unsent(comment.pk, refusal)
    return [outcomes.get(key) or Unsent(key, NotFound()) for key in dict.fromkeys(comment_ids)]
