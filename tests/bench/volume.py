"""Many comments at once, along the states that the guards allow; only the index of search is left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice
from uuid import UUID

from django.db import connection

from accounts.models import Institution, User
from consultation.comments import steps
from consultation.comments.models import Comment, CommentRevision, Series
from consultation.kit.verb import verb
from consultation.moderation.models import Case, CaseReason, Item, Party, Reason
from consultation.texts import queries
from consultation.texts.models import Consultation

BODY = "We ask that **principle {number}** names who keeps the register, and by when. " * 4
APPEARING_AT_ONCE = 500

SUBMIT = """
    UPDATE consultation_comment SET state = 'pending', reference = 'P1-' || numbered.place,
        latest_id = numbered.revision, item_id = consultation_comment.id, submitted_at = %(at)s
    FROM (SELECT comment_id, id AS revision, row_number() OVER (ORDER BY id) + %(last)s AS place
          FROM consultation_commentrevision WHERE comment_id = ANY(%(keys)s)) AS numbered
    WHERE consultation_comment.id = numbered.comment_id
"""
RELEASE = """
    UPDATE consultation_comment SET state = 'published', shown_id = latest_id, settled_at = %(at)s
    WHERE id = ANY(%(keys)s)
"""


def published(
    consultation: Consultation, institutions: Sequence[Institution], number: int, *, at: datetime
) -> list[UUID]:
    """`number` comments on principle 1 that moderation released; none is public before it is settled."""
    keys = _sent(consultation, institutions, number, at=at)
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, {"keys": keys, "at": at})
        cursor.execute("ANALYZE")
    return keys


def waiting(
    consultation: Consultation,
    institutions: Sequence[Institution],
    number: int,
    *,
    at: datetime,
    languages: Sequence[str] = ("en",),
) -> list[UUID]:
    """`number` comments on principle 1 that wait for a moderator, one a minute until `at`: their cases."""
    keys = _sent(consultation, institutions, number, at=at, languages=languages)
    target = timedelta(hours=consultation.target_hours)
    cases = [
        Case(item_id=key, consultation=consultation, revision=1, opened_at=opened, due_at=opened + target)
        for key, opened in zip(
            keys, (at - timedelta(minutes=ago) for ago in range(number, 0, -1)), strict=True
        )
    ]
    Case.objects.bulk_create(cases, batch_size=2000)
    reasons = [CaseReason(case=each, code=Reason.POLICY) for each in cases]
    CaseReason.objects.bulk_create(reasons, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [each.pk for each in cases]


def _sent(
    consultation: Consultation,
    institutions: Sequence[Institution],
    number: int,
    *,
    at: datetime,
    languages: Sequence[str] = ("en",),
) -> list[UUID]:
    """`number` comments on principle 1 that were sent, with their items."""
    principle = queries.principle(consultation, 1)
    assert principle is not None
    facts = {"consultation": consultation, "principle": principle}
    opened = consultation.rounds.get(number=1)
    speakers = list(islice(cycle(institutions), number))
    comments = [
        Comment(**facts, version=principle.current, round=opened, institution=each) for each in speakers
    ]
    Comment.objects.bulk_create(comments, batch_size=2000)
    spoken = list(islice(cycle(languages), number))
    revisions = [
        CommentRevision(
            comment=each,
            number=1,
            body=BODY.format(number=place),
            language=language,
            words_hash="0" * 64,
            sent_as=each.institution.current,
            at=at,
        )
        for place, (each, language) in enumerate(zip(comments, spoken, strict=True))
    ]
    CommentRevision.objects.bulk_create(revisions, batch_size=2000)
    items = [
        Item(pk=each.pk, **facts, kind="comment", institution=each.institution, language=language)
        for each, language in zip(comments, spoken, strict=True)
    ]
    Item.objects.bulk_create(items, batch_size=2000)
    parties = [Party(item=each, institution=each.institution) for each in items]
    Party.objects.bulk_create(parties, batch_size=2000)
    keys = [each.pk for each in comments]
    _submit(consultation, keys, at=at)
    return keys


def _submit(consultation: Consultation, keys: list[UUID], *, at: datetime) -> None:
    series, _new = Series.objects.get_or_create(consultation=consultation, name="P1")
    with connection.cursor() as cursor:
        cursor.execute(SUBMIT, {"keys": keys, "at": at, "last": series.last})
    series.last += len(keys)
    series.save(update_fields=["last"])


def appear(keys: list[UUID], *, at: datetime) -> None:
    """The comments are public, a few hundred in each second."""
    for first in range(0, len(keys), APPEARING_AT_ONCE):
        at += timedelta(seconds=1)
        _appear(None, keys=keys[first : first + APPEARING_AT_ONCE], at=at)


@verb
def _appear(actor: User | None, *, keys: list[UUID], at: datetime) -> None:
    steps.settle(actor, keys, at=at)
