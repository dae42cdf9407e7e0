from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models import User
from consultation.comments import correcting, rules, steps
from consultation.comments.models import Comment
from consultation.kit.refusal import NotFound
from consultation.kit.verb import verb
from consultation.record.steps import record


@verb
def answer_correction(actor: User, *, comment_id: UUID, accept: bool, at: datetime) -> Comment:
    """The moderator's words are the comment's next revision, public at once; or they are declined for good.

    What is declined can still be revised and sent again, as anything that was returned.
    Refuses: not-found, no-mandate, institution-barred, too-late.
    """
    comment = steps.lock(comment_id)
    correction = correcting.waiting(comment)
    if correction is None:
        raise NotFound
    rules.may_answer_correction(actor, comment, at=at).require()
    correction.answered_at, correction.accepted = at, accept
    correction.save(update_fields=["answered_at", "accepted"])
    if accept:
        steps.submit(actor, comment, correcting.agreed(correction), agreed=correction.decision, at=at)
    record(actor, "comment.correction_accepted" if accept else "comment.correction_declined", comment)
    return comment
