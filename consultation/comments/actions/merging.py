from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import steps as accounts
from accounts.models import User
from consultation.comments import merging, rules, steps
from consultation.comments.models import Comment, Cosignature
from consultation.kit.refusal import NotFound, invalid
from consultation.kit.verb import verb

MOST_AT_ONCE = 100


@verb
def merge_comments(actor: User, *, comment_id: UUID, merged_ids: Sequence[UUID], at: datetime) -> Comment:
    """The comment stands for these others, which say the same, in lists and counts; all stay public words.

    Their references lead to it, it names their institutions, and who co-signed any of them is counted once.
    Refuses: not-found, no-role, merged, merged-already, not-public, another-place, invalid.
    """
    keys = list(dict.fromkeys(merged_ids))
    locked = _locked({comment_id, *keys})
    kept, comments = locked[comment_id], [locked[key] for key in keys]
    rules.may_merge(actor, kept, comments).require()
    if not keys or comment_id in keys or len(keys) > MOST_AT_ONCE:
        raise invalid(references=_("Name the comments that say the same, at most a hundred at once."))
    merging.merge(actor, kept, comments, at=at)
    return kept


@verb
def separate_comment(actor: User, *, comment_id: UUID, at: datetime) -> Comment:
    """A merged comment stands for itself again, with its own co-signatures.

    Refuses: not-found, no-role, not-merged.
    """
    known = Comment.objects.filter(pk=comment_id).values_list("merged_into", flat=True).first()
    comment = _locked(key for key in (comment_id, known) if key)[comment_id]
    rules.may_separate(actor, comment).require()
    merging.separate(actor, [comment], at=at)
    return comment


def _locked(keys: Iterable[UUID]) -> dict[UUID, Comment]:
    wanted = list(keys)
    _lock_institutions(wanted)
    locked = steps.lock_many(wanted)
    if len(locked) < len(wanted):
        raise NotFound
    return locked


def _lock_institutions(comments: Collection[UUID]) -> None:
    """Those that wrote or co-signed one of these comments, or one that they stand for."""
    both = Comment.objects.filter(pk__in=comments) | Comment.objects.filter(merged_into__in=comments)
    authors = both.values_list("institution", flat=True)
    cosigners = Cosignature.objects.filter(comment__in=both.values("pk"), ended_at=None)
    for key in sorted({*authors, *cosigners.values_list("institution", flat=True)}):
        accounts.lock_institution(key)
