"""A discussion costs the same however long it is, and nothing in it is skipped or told twice."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import cycle
from statistics import median

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Institution
from consultation.comments import actions
from consultation.comments.models import Comment
from consultation.kit import clock
from consultation.pages.reading import discussion
from consultation.texts.models import Consultation
from tests import factories as make
from tests.bench import volume
from tests.pages.lists import PART, through

pytestmark = pytest.mark.usefixtures("on_top")
LISTS = (
    "", "?kind=general", "?country=NO", "?region=150", "?type=academy", "?language=en", "?proposal=yes",
    "?unanswered=yes", "?q=register", "?order=oldest", "?order=most_cosigned",
)  # fmt: skip


def discussed(speakers: int, comments: int) -> Consultation:
    """So many public comments of as many institutions by turns."""
    consultation = make.consultation()
    say([make.verified_institution() for _each in range(speakers)], consultation, comments, hours=2)
    return consultation


def say(institutions: list[Institution], consultation: Consultation, comments: int, *, hours: int) -> None:
    at = clock.now() - timedelta(hours=hours)
    volume.appear(volume.published(consultation, institutions, comments, at=at), at=at)


def page_of(consultation: Consultation) -> str:
    return f"/consultations/{consultation.slug}/principles/1/"


def asked(consultation: Consultation, lists: Sequence[str] = LISTS) -> Iterator[tuple[str, int, int]]:
    """Each list with its number of queries when nothing is kept from before, and when something is."""
    client = Client()
    client.get("/")
    for query in lists:
        cache.clear()
        counts = []
        for _turn in range(2):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page_of(consultation) + query).status_code == 200
            counts.append(len(queries))
        yield query, counts[0], counts[1]


def reached(consultation: Consultation, *, every: int) -> None:
    """All are come to once by paging, while others are added and hidden."""
    before = dict(Comment.objects.filter(consultation=consultation).values_list("reference", "pk"))
    hidden, speaker = [], make.verified_institution()
    victims = cycle(sorted(before)[:: max(1, len(before) // every)])

    def meanwhile() -> None:
        make.comment(consultation, speaker)
        victim = Comment.objects.get(pk=before[next(victims)])
        if victim.public_since is not None:
            hidden.append(victim.reference)
            person = make.manager(victim.institution)
            actions.withdraw_comment(person, comment_id=victim.pk, at=clock.now())

    told = through(Client(), page_of(consultation), meanwhile=meanwhile)
    assert len(told) == len(set(told))
    assert set(before) - set(told) <= set(hidden)
    assert set(told) <= set(before)
    assert len(hidden) > 1


def test_a_long_discussion_costs_as_many_queries_as_a_short_one_and_loses_nothing():
    few, many = discussed(5, 10), discussed(20, 130)
    lists = ("", "?country=NO&unanswered=yes", "?q=register")
    short = list(asked(few, lists))
    assert list(asked(many, lists)) == short
    say([make.verified_institution()], many, 70, hours=1)
    # A page that ends within a run of one institution: who speaks next, the end of the run, the rest.
    assert next(asked(many))[1:] == tuple(count + 3 for count in short[0][1:])
    first = Client().get(page_of(many), headers=PART).content.decode()
    assert first.count('<p class="fold">') == 1
    assert first.count('<p class="tag">') == 20
    reached(many, every=10)


@pytest.mark.long
def test_ten_thousand_comments_cost_what_ten_do_and_each_is_reached_once(monkeypatch):
    few, many = discussed(5, 10), discussed(40, 9_500)
    assert list(asked(many)) == list(asked(few))
    say([make.verified_institution()], many, 500, hours=1)
    client, turns = Client(), []
    for _turn in range(12):
        seconds = []
        for consultation in (few, many):
            began = time.perf_counter()
            assert client.get(page_of(consultation)).status_code == 200
            seconds.append(time.perf_counter() - began)
        turns.append(seconds[1] / seconds[0])
    assert median(turns[1:]) < 2
    monkeypatch.setattr(discussion, "SIZE", 100)
    reached(many, every=60)
