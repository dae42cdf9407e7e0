"""One comment stands for others that say the same, in lists and counts; each keeps its words and its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from accounts.models import User
from consultation.comments.models import Comment, CommentCount, Cosignature
from consultation.moderation import steps as moderation
from consultation.record.steps import record


def count(comments: Iterable[Comment], by: int) -> None:
    """Add these comments to what pages say there is, or take them out; merged ones are in no count."""
    totals = Counter(
        (each.consultation_id, each.principle_id, each.version_id)
        for each in comments
        if each.merged_into_id is None
    )
    for key in sorted(totals, key=lambda each: tuple(number or 0 for number in each)):
        consultation, principle, version = key
        row = CommentCount(consultation_id=consultation, principle_id=principle, version_id=version)
        CommentCount.objects.bulk_create([row], ignore_conflicts=True)
        CommentCount.objects.filter(consultation=consultation, principle=principle, version=version).update(
            count=F("count") + by * totals[key]
        )


def merge(actor: User, kept: Comment, comments: list[Comment], *, at: datetime) -> None:
    """`kept` stands for these public comments, and for all that one of them stood for. All are locked."""
    earlier = _below(comments)
    separate(actor, earlier, at=at)
    for comment in [*comments, *earlier]:
        count([comment], -1)
        comment.merged_into = kept
        comment.save(update_fields=["merged_into"])
        record(actor, "comment.merged", comment, public=True)
    # Whoever has a stake in one has a stake in the others: they are one matter now.
    together = [kept, *kept.merged.select_related("item")]
    moderation.share_parties([each.item for each in together if each.item])
    _carry(actor, kept, at=at)


def separate(actor: User | None, comments: list[Comment], *, at: datetime) -> None:
    """Each of these merged comments stands for itself again, with what was said of it. They are locked."""
    for comment in comments:
        kept = comment.merged_into
        assert kept is not None
        carried = Cosignature.objects.filter(comment=kept, carried_from__comment=comment, ended_at=None)
        _end(actor, carried, at=at)
        comment.merged_into = None
        comment.save(update_fields=["merged_into"])
        if comment.public_since is not None:
            count([comment], +1)
        record(actor, "comment.separated", comment, public=comment.first_public is not None)
        if kept.public_since is not None:
            _carry(actor, kept, at=at)


def separate_from(actor: User | None, gone: list[Comment], *, at: datetime) -> None:
    """What these comments stood for stands for itself again: readers can't be led to them any more."""
    separate(actor, _below(gone), at=at)


def _below(comments: list[Comment]) -> list[Comment]:
    rows = Comment.objects.filter(merged_into__in=[each.pk for each in comments])
    list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))
    return list(rows.select_related("principle", "latest", "shown", "item", "merged_into").order_by("pk"))


def _carry(actor: User | None, kept: Comment, *, at: datetime) -> None:
    """Whoever co-signed one of them counts once on the kept one, as it said there, else as it said first."""
    has = set(Cosignature.objects.filter(comment=kept, ended_at=None).values_list("institution", flat=True))
    has.add(kept.institution_id)
    given = Cosignature.objects.filter(comment__merged_into=kept, ended_at=None).order_by("at", "pk")
    for each in given.select_related("institution"):
        if each.institution_id in has:
            continue
        has.add(each.institution_id)
        carried = Cosignature.objects.create(
            comment=kept,
            institution=each.institution,
            stance=each.stance,
            person=each.person,
            former=each.former,
            at=at,
            carried_from=each,
        )
        record(actor, "cosignature.appeared", carried, public=each.institution.verified)


def _end(actor: User | None, cosignatures: Iterable[Cosignature], *, at: datetime) -> None:
    for each in cosignatures:
        each.ended_at = at
        each.save(update_fields=["ended_at"])
        record(actor, "cosignature.vanished", each, public=each.institution.verified)
