"""An institution that said much is verified, then suspended: who reads meanwhile sees all of it or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from django.db import connection

from consultation.comments import queries as comments
from consultation.kit import clock
from consultation.record.models import Entry
from tests import factories as make
from tests import truths
from tests.bench import volume
from tests.comments.acts import counted
from tests.standing.acts import suspend, verify

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
SAID = 4_000
LONG_ENOUGH = 120  # seconds
OFTEN = 5


@contextmanager
def read_meanwhile(read: Callable[[], Any]) -> Iterator[list[Any]]:
    """Collects what somebody with a connection of their own reads, again and again until the block ends."""
    seen: list[Any] = []
    over, begun = Event(), Event()

    def again_and_again() -> None:
        try:
            while not over.is_set():
                seen.append(read())
                begun.set()
        finally:
            begun.set()
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(again_and_again)
        try:
            begun.wait(LONG_ENOUGH)
            yield seen
        finally:
            over.set()
        reading.result(LONG_ENOUGH)


def test_all_that_an_institution_said_appears_and_vanishes_in_one_act_that_readers_see_whole():
    consultation, institution, registrar = make.consultation(), make.institution(), make.registrar()
    keys = volume.published(consultation, [institution], SAID, at=clock.now())
    said = comments.public().filter(institution=institution)

    with read_meanwhile(said.count) as seen:
        verify(institution, by=registrar)
    assert len(seen) > OFTEN
    assert set(seen) <= {0, SAID}
    assert sorted(seen) == seen
    assert (said.count(), counted(consultation)) == (SAID, {1: SAID})
    appeared = Entry.objects.filter(kind="comment.appeared", stream=consultation.pk, public=True)
    assert set(appeared.values_list("subject_key", flat=True)) == {str(key) for key in keys}
    assert appeared.count() == SAID

    with read_meanwhile(said.count) as seen:
        suspend(institution, by=registrar)
    assert len(seen) > OFTEN
    assert set(seen) <= {0, SAID}
    assert sorted(seen, reverse=True) == seen
    assert (said.count(), counted(consultation)) == (0, {})
    vanished = Entry.objects.filter(kind="comment.vanished", stream=consultation.pk, public=True)
    assert vanished.count() == SAID
    assert truths.stored_public_comments() == truths.derived_public_comments() == set()
    assert truths.kept_comment_counts() == truths.counted_comments()
    assert truths.public_comments_told_by_the_record() == truths.shown_revisions()
