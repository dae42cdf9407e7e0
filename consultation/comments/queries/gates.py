from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    CharField,
    Q,
    QuerySet,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from accounts import queries as accounts
from accounts.models import User
from consultation.comments.models import (
    Comment,
    CommentState,
)
from consultation.moderation.models import Action, Decision
from consultation.record.models import Entry
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, ConsultationRole

Role = ConsultationRole.Role
# The kinds of entries that name the revision which everybody read from then on.
SHOWINGS = ("comment.appeared", "comment.revised", "comment.set_back", "comment.redacted", "comment.moved")
TAKING_AWAY = (Action.HIDE, Action.UPHOLD)


def public() -> QuerySet[Comment]:
    """What everybody may read: the gate from which every public page, list, search and export starts."""
    return Comment.objects.filter(public_since__isnull=False)


def listed() -> QuerySet[Comment]:
    """Public ones that stand for themselves: what lists show and count. Merged ones stand with another."""
    return public().filter(merged_into=None)


def visible_to(person: texts.Reader, *, at: datetime) -> QuerySet[Comment]:
    """Public ones, those of the person's institutions, and what roles let them read; no others' drafts."""
    if not isinstance(person, User):
        return public()
    own = Q(institution__in=accounts.mandates_in_force(person, at=at).values("institution"))
    read = texts.consultations_with_role(person, Role.MODERATOR, Role.OBSERVER, Role.SECRETARIAT)
    by_role = Q(consultation__in=read.values("pk")) & ~Q(state=CommentState.DRAFT)
    return Comment.objects.filter(Q(public_since__isnull=False) | own | by_role)


def by_reference(consultation: Consultation, reference: str) -> QuerySet[Comment]:
    """The one comment with this reference, whoever may see it."""
    return Comment.objects.filter(consultation=consultation, reference=reference.upper())


def showings(comment: Combinable) -> QuerySet[Entry]:
    """The entries by which a comment (its key) appeared, changed or moved: each names what was seen."""
    return Entry.objects.filter(
        public=True,
        subject_kind="comment",
        subject_key=Cast(comment, CharField()),
        kind__in=SHOWINGS,
    )


def once_public() -> QuerySet[Comment]:
    """Comments that everybody could read and that are hidden, withdrawn or barred now."""
    return Comment.objects.filter(first_public__isnull=False, public_since=None).select_related(
        "consultation"
    )


@dataclass(frozen=True)
class Gone:
    """What is still said of a comment that was public: since when it is not, by which clause if hidden."""

    reference: str
    since: datetime | None
    clause: str | None


def gone(comment: Comment) -> Gone:
    """What is said of one of `once_public`, and never a word of its text."""
    vanished = Entry.objects.filter(
        public=True, subject_kind="comment", subject_key=str(comment.pk), kind="comment.vanished"
    )
    decisions = Decision.objects.filter(item=comment.item_id, clause__isnull=False, undone_at=None)
    clause = decisions.order_by("-at").values_list("clause__number", flat=True).first()
    return Gone(
        comment.reference or "",
        vanished.order_by("-number").values_list("at", flat=True).first(),
        clause if comment.state == CommentState.HIDDEN else None,
    )


def items_called(reference: str) -> QuerySet[Comment, Any]:
    """The items of moderation of the comments with this reference, in whatever consultation."""
    return Comment.objects.filter(reference=reference.upper(), item__isnull=False).values("item")


def of_institutions(institutions: Iterable[object], *, states: Iterable[str] = ()) -> QuerySet[Comment]:
    """What these institutions wrote, drafts too, the newest first: for their own desks."""
    comments = Comment.objects.filter(institution__in=list(institutions)).order_by("-made_at", "-id")
    return comments.filter(state__in=list(states)) if states else comments


def names(keys: Iterable[str]) -> dict[str, str]:
    """The references of these comments by their keys as text, whoever may see them: names, not words."""
    rows = Comment.objects.filter(pk__in=list(keys), reference__isnull=False)
    return {str(key): reference or "" for key, reference in rows.values_list("pk", "reference")}


def references(keys: Iterable[str]) -> dict[str, str]:
    """The references of those of these comments that are or once were public, by their keys as text."""
    rows = Comment.objects.filter(pk__in=list(keys), first_public__isnull=False, reference__isnull=False)
    return {str(key): reference or "" for key, reference in rows.values_list("pk", "reference")}
