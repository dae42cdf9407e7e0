from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from consultation.comments.models import Comment, CommentRevision, MachineTranslation

WAITING = MachineTranslation.State.WAITING


def read_now(comment: Comment) -> CommentRevision | None:
    """The revision that a reader of the comment has before them: the public one, else the newest."""
    return comment.shown if comment.public_since is not None else comment.latest


def judged(item: UUID, number: int) -> CommentRevision | None:
    """The revision with this number of the comment that owns an item of moderation; None for other items."""
    return CommentRevision.objects.filter(comment__item=item, number=number).first()


def machine_translation(revision: CommentRevision, language: str) -> MachineTranslation | None:
    """What a program was asked to make of this revision in that language, made or not."""
    return (
        MachineTranslation.objects.select_related("revision__comment")
        .filter(revision=revision, language=language)
        .first()
    )


def untranslated() -> QuerySet[MachineTranslation]:
    """What is due and nobody works on, the oldest first."""
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    due = MachineTranslation.objects.filter(free, job_state=WAITING, not_before__lte=Now())
    return due.order_by("not_before", "pk")
