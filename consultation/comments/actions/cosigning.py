from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import steps as accounts
from accounts.models import Institution, User
from consultation.comments import queries, rules, steps
from consultation.comments.models import (
    Comment,
    Cosignature,
    Stance,
)
from consultation.kit.refusal import NotFound, Refusal, invalid
from consultation.kit.verb import verb
from consultation.moderation import steps as moderation
from consultation.record.steps import record


@verb
def cosign_comment(
    actor: User, *, comment_id: UUID, institution_id: int, stance: str | None, at: datetime
) -> Comment:
    """The institution agrees, disagrees, or takes back what it said of another's public comment.

    Refuses: not-found, no-mandate, institution-barred, own-comment, not-verified, merged, round-closed,
    invalid.
    """
    _lock_both(comment_id, institution_id)
    comment = steps.lock(comment_id)
    if comment.public_since is None:
        raise NotFound
    if comment.merged_into_id is not None:
        raise Refusal("merged", _("This comment was merged into another one. Say it of that one."))
    institution = Institution.objects.get(pk=institution_id)
    rules.may_cosign(actor, comment, institution, takes_back=stance is None, at=at).require()
    if stance is not None and stance not in Stance.values:
        raise invalid(position=_("Choose whether you agree or disagree."))
    present = queries.cosignature_in_force(comment, institution_id)
    if (present.stance if present else None) == stance:
        return comment
    # What it said of a comment that was merged into this one would count here again.
    for each in queries.said_of_all(comment, institution_id):
        each.ended_at = at
        each.save(update_fields=["ended_at"])
        record(actor, "cosignature.ended", each, public=True)
    if stance is not None:
        given = Cosignature.objects.create(
            comment=comment, institution=institution, stance=stance, person=actor, at=at
        )
        if comment.item is not None:
            moderation.add_party(comment.item, institution)
        record(actor, "cosignature.given", given, public=True)
    return comment


def _lock_both(comment_id: UUID, institution_id: int) -> None:
    author = Comment.objects.filter(pk=comment_id).values_list("institution", flat=True).first()
    if author is None:
        raise NotFound
    for key in sorted({author, institution_id}):
        accounts.lock_institution(key)
