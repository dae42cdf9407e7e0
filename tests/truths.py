"""Every kept figure and every stored truth, told once more from the rows it is derived from."""

from collections import Counter
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q

from consultation.comments.models import Comment, CommentCount, CommentState, CommentText, Series
from consultation.comments.steps import TRULY_PUBLIC
from consultation.endorsements.models import Endorsement, PositionCount
from consultation.moderation.models import Case, Decision
from consultation.record.models import Entry, Stream
from consultation.texts.models import Round, RoundExtension


def assert_all_hold() -> None:
    """Raise AssertionError naming the first truth that does not hold."""
    assert stored_public_comments() == derived_public_comments()
    assert kept_comment_counts() == counted_comments()
    assert stored_effective() == derived_effective()
    assert kept_position_counts() == counted_positions()
    assert references_given() == references_kept()
    assert_streams_have_no_gap()
    assert closing_times_told_by_extensions() == closing_times_of_extended_rounds()
    assert public_comments_told_by_the_record() == shown_revisions()
    assert effective_positions_told_by_the_record() == stored_effective()
    assert waiting_comments() <= comments_with_an_open_case()
    assert comments_with_an_open_case(flagged=False, is_appeal=False) <= waiting_comments()
    assert set(CommentText.objects.values_list("comment", flat=True)) == set(
        Comment.objects.filter(shown__isnull=False).values_list("pk", flat=True)
    )


def closing_times_told_by_extensions():
    return dict(RoundExtension.objects.order_by("pk").values_list("round", "closes_at"))


def closing_times_of_extended_rounds():
    return dict(Round.objects.exclude(extensions=None).values_list("pk", "closes_at"))


def stored_public_comments():
    return set(Comment.objects.filter(public_since__isnull=False).values_list("pk", flat=True))


def derived_public_comments():
    return set(Comment.objects.filter(TRULY_PUBLIC).values_list("pk", flat=True))


def kept_comment_counts():
    rows = CommentCount.objects.filter(count__gt=0)
    return {(row.consultation_id, row.principle_id, row.version_id): row.count for row in rows}


def counted_comments():
    rows = Comment.objects.filter(public_since__isnull=False, merged_into=None).order_by()
    rows = rows.values("consultation", "principle", "version").annotate(total=Count("pk"))
    return {(row["consultation"], row["principle"], row["version"]): row["total"] for row in rows}


def stored_effective():
    return set(Endorsement.objects.filter(effective_at__isnull=False).values_list("pk", flat=True))


def derived_effective():
    stands = Q(state="signed", released=True, institution__state="verified", principle__withdrawn_at=None)
    return set(Endorsement.objects.filter(stands).values_list("pk", flat=True))


def kept_position_counts():
    rows = PositionCount.objects.filter(count__gt=0)
    return {(row.principle_id, row.version_id, row.position): row.count for row in rows}


def counted_positions():
    rows = Endorsement.objects.filter(effective_at__isnull=False).order_by()
    rows = rows.values("principle", "version", "position").annotate(total=Count("pk"))
    return {(row["principle"], row["version"], row["position"]): row["total"] for row in rows}


def references_given():
    given = Comment.objects.filter(reference__isnull=False).values_list("consultation", "reference")
    return Counter((consultation, reference.split("-")[0]) for consultation, reference in given)


def references_kept():
    return Counter({(row.consultation_id, row.name): row.last for row in Series.objects.all() if row.last})


def assert_streams_have_no_gap():
    for stream in Stream.objects.all():
        numbers = list(
            Entry.objects.filter(stream=stream).order_by("number").values_list("number", flat=True)
        )
        assert numbers == list(range(1, stream.number + 1))
        newest = Entry.objects.filter(stream=stream, public=True).aggregate(newest=Max("number"))["newest"]
        assert stream.public_number == (newest or 0)


def public_comments_told_by_the_record():
    shown = {}
    for entry in Entry.objects.filter(subject_kind="comment", public=True).order_by("stream", "number"):
        if entry.kind == "comment.vanished":
            shown.pop(entry.subject_key, None)
        else:
            shown[entry.subject_key] = entry.revision
    return shown


def shown_revisions():
    rows = Comment.objects.filter(public_since__isnull=False).values_list("pk", "shown__number")
    return {str(key): number for key, number in rows}


def effective_positions_told_by_the_record():
    effective = set()
    for entry in Entry.objects.filter(subject_kind="endorsement", public=True).order_by("stream", "number"):
        if entry.kind == "endorsement.took_effect":
            effective.add(entry.subject_key)
        elif entry.kind == "endorsement.lost_effect":
            effective.discard(entry.subject_key)
    return {UUID(key) for key in effective}


def waiting_comments():
    judged = Decision.objects.filter(
        item=OuterRef("item"), case__revision=OuterRef("latest__number"), undone_at=None
    )
    edited = Q(state=CommentState.PUBLISHED) & ~Q(latest=F("shown")) & ~Exists(judged)
    waiting = Comment.objects.filter(Q(state=CommentState.PENDING) | edited, consultation__policy="pre")
    return set(waiting.values_list("pk", flat=True))


def comments_with_an_open_case(**facts):
    cases = Case.objects.filter(closed_at=None, consultation__policy="pre", item__comment__isnull=False)
    cases = cases.filter(**facts)
    return set(cases.values_list("item__comment", flat=True))
