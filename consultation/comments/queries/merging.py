from __future__ import annotations

from django.db.models import QuerySet

from consultation.comments.models import Comment, Cosignature
from consultation.comments.queries.gates import public
from consultation.texts.models import Consultation


def merged_into(comment: Comment) -> QuerySet[Comment]:
    """The public comments for which this one stands, in the order in which they were sent."""
    rows = (
        public().filter(merged_into=comment).select_related("institution__current", "shown", "consultation")
    )
    return rows.order_by("submitted_at", "pk")


def merged(consultation: Consultation) -> QuerySet[Comment]:
    """All comments for which another one stands, the newest first."""
    rows = Comment.objects.filter(consultation=consultation, merged_into__isnull=False)
    return rows.select_related("institution__current", "merged_into", "shown", "consultation").order_by(
        "-submitted_at", "-pk"
    )


def leads_to(comment: Comment) -> str | None:
    """The reference of the public comment that stands for this one; None where it stands for itself.

    Reads the comment's `merged_into`. What is no longer public says so itself.
    """
    if comment.merged_into is None or comment.public_since is None:
        return None
    return comment.merged_into.reference


def said_of_all(comment: Comment, institution_id: int) -> QuerySet[Cosignature]:
    """What the institution says now of the comment and of those merged into it."""
    both = Comment.objects.filter(pk=comment.pk) | Comment.objects.filter(merged_into=comment)
    return Cosignature.objects.filter(
        comment__in=both.values("pk"), institution=institution_id, ended_at=None
    )
