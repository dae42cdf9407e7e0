from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import queries as accounts
from accounts.models import User
from consultation.comments import rules, steps
from consultation.comments.models import Comment, CommentState
from consultation.kit.refusal import NotFound, invalid
from consultation.kit.verb import verb
from consultation.moderation import flagging
from consultation.post import steps as post
from consultation.record.steps import record
from consultation.texts import queries as texts


@verb
def flag_comment(actor: User, *, comment_id: UUID, reason: str, note: str = "", at: datetime) -> Comment:
    """A moderator looks at what the public reads, whatever the policy; enough flags hide it until then.

    `reason` is the number of a clause of the policy. How many are enough is said in the consultation's facts;
    people of one institution count as one.
    Refuses: not-signed-in, address-unconfirmed, not-found, own-comment, already-flagged,
    too-many, invalid (reason, note).
    """
    comment = steps.lock(comment_id)
    if comment.public_since is None or comment.shown is None or comment.item is None:
        raise NotFound
    rules.may_flag(actor, comment, at=at).require()
    clause = texts.clauses_in_force(comment.consultation).filter(number=reason.strip()).first()
    if clause is None:
        raise invalid(reason=_("Choose the clause of the policy that it breaks."))
    words = flagging.note_fit(note)
    enough = flagging.flag(
        actor, comment.item, revision=comment.shown.number, clause=clause, note=words, at=at
    )
    if enough:
        steps.take_away(None, comment, CommentState.HIDDEN, at=at)
        record(None, "comment.held", comment)
        _tell(comment, at=at)
    return comment


def _tell(comment: Comment, *, at: datetime) -> None:
    heirs = accounts.managers(comment.institution_id, at=at)
    for person in [comment.author] if comment.author else heirs:
        context: dict[str, Any] = {
            "reference": comment.reference,
            "url": f"/consultations/{comment.consultation.slug}/comments/{comment.reference}/",
            "title": comment.consultation.title(person.language),
        }
        post.write("comment-held", person=person, context=context, not_before=at)
