"""The matrix, its figures and its files: many institutions cost no more queries than few."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultation.endorsements import queries as endorsements
from consultation.insights import position_table
from consultation.kit import clock
from consultation.management.commands.fill import fill
from consultation.texts.models import Consultation
from tests import doors, truths
from tests import factories as make
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")
LISTS = ("", "?region=150", "?position=endorse", "?q=a", "?principle=2", "?position=to_reaffirm")


def filled(institutions: int, principles: int) -> Consultation:
    """A consultation in which every institution holds a position on every principle; one text changed."""
    consultation = make.consultation(principles=principles)
    fill(consultation.slug, institutions, 0, institutions * principles, 7, clock.now())
    make.new_version(consultation, 2)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return consultation


def asked(consultation: Consultation) -> Iterator[tuple[str, int, float]]:
    """Each address with its number of queries and its seconds, nothing kept from before."""
    home = f"/consultations/{consultation.slug}/endorsements/"
    client = Client()
    client.get("/")
    for address in [*(home + each for each in LISTS), f"{home}figures/", f"{home}table.csv"]:
        cache.clear()
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
            content = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == 200, address
        assert content
        yield address.removeprefix(home), len(queries), time.perf_counter() - began


def test_many_institutions_cost_as_many_queries_as_few():
    few, many = filled(6, 2), filled(112, 2)
    assert {name: count for name, count, _s in asked(few)} == {name: count for name, count, _s in asked(many)}
    home = f"/consultations/{many.slug}/endorsements/"
    first = read(Client().get(home))
    assert "100 of " in first.text
    [onwards] = [link for link in first.links if "cursor=" in link]
    second = Client().get(onwards)
    assert 0 < second.content.count(b'<tr class="line">') < 100
    assert "Earlier institutions" in read(second).text


@pytest.mark.long
def test_two_thousand_institutions_by_thirty_principles():
    few, many = filled(8, 30), filled(2000, 30)
    costs = {name: count for name, count, _s in asked(few)}
    for name, count, seconds in asked(many):
        assert count == costs[name], name
        assert seconds < 10, name
    doors.assert_all_tell_the_same(many)
    began = time.perf_counter()
    assert truths.effective_positions_told_by_the_record() == truths.stored_effective()
    assert time.perf_counter() - began < 20
    tracemalloc.start()
    rows = sum(1 for _row in position_table.rows(endorsements.public().filter(consultation=many)))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows > 50_000
    assert peak < 32 * 2**20
