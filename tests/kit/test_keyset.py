import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.apps.registry import Apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from consultation.kit.keyset import (
    CURSOR_LIMIT,
    CursorRefused,
    Key,
    Ordering,
    after,
    between,
    leads_back,
    page,
)

MOMENT = datetime(2026, 7, 1, 12, 0, 0, 123_457, tzinfo=UTC)


class Note(models.Model):
    """A table of its own, in a registry of its own: no room knows it."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    weight = models.IntegerField()
    title = models.TextField(db_collation="C")

    class Meta:
        apps = Apps()
        app_label = "tests"
        indexes = [models.Index(fields=["-at", "-id"], name="note_newest")]


NEWEST = Ordering("newest", (Key("-at", datetime), Key("-id", UUID)))
OLDEST = Ordering("oldest", (Key("at", datetime), Key("id", UUID)))
HEAVIEST = Ordering("heaviest", (Key("-weight", int), Key("-at", datetime), Key("-id", UUID)))
BY_TITLE = Ordering("title", (Key("title", str), Key("-weight", int), Key("id", UUID)))
EVERY = [NEWEST, OLDEST, HEAVIEST, BY_TITLE]


def note(number: int, **other: object) -> Note:
    values = {
        "at": MOMENT + timedelta(microseconds=number // 3),
        "weight": number % 4,
        "title": f"é'{number % 5}",
    }
    return Note.objects.create(id=UUID(int=number), **values | other)


@pytest.fixture
def notes(db: None) -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Note)
    for number in range(1, 24):
        note(number)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Note)


def forwards(ordering: Ordering, size: int) -> list[list[Note]]:
    pages, cursor = [], None
    while True:
        found = page(Note.objects.all(), ordering, size=size, cursor=cursor)
        pages.append(found.results)
        cursor = found.next_cursor
        if cursor is None:
            return pages


@pytest.mark.parametrize("ordering", EVERY, ids=lambda ordering: ordering.name)
@pytest.mark.parametrize("size", [1, 5, 22, 23, 24])
def test_pages_laid_end_to_end_are_the_whole_list(notes: None, ordering: Ordering, size: int) -> None:
    whole = list(Note.objects.order_by(*(key.path for key in ordering.keys)))
    assert [row for rows in forwards(ordering, size) for row in rows] == whole


@pytest.mark.parametrize("ordering", EVERY, ids=lambda ordering: ordering.name)
def test_going_back_shows_the_same_pages(notes: None, ordering: Ordering) -> None:
    first = page(Note.objects.all(), ordering, size=5)
    second = page(Note.objects.all(), ordering, size=5, cursor=first.next_cursor)
    third = page(Note.objects.all(), ordering, size=5, cursor=second.next_cursor)
    back = page(Note.objects.all(), ordering, size=5, cursor=third.previous_cursor)
    assert back.results == second.results
    assert back.next_cursor == second.next_cursor
    start = page(Note.objects.all(), ordering, size=5, cursor=back.previous_cursor)
    assert start.results == first.results
    assert start.previous_cursor is None is first.previous_cursor


def test_what_comes_and_goes_between_pages_moves_nothing_else(notes: None) -> None:
    first = page(Note.objects.all(), NEWEST, size=5)
    expected = list(Note.objects.order_by("-at", "-id")[5:10])
    note(900)
    Note.objects.filter(pk=first.results[-1].pk).delete()
    assert page(Note.objects.all(), NEWEST, size=5, cursor=first.next_cursor).results == expected


def test_a_page_that_became_empty_leads_back(notes: None) -> None:
    first = page(Note.objects.all(), NEWEST, size=20)
    Note.objects.exclude(pk__in=[row.pk for row in first.results]).delete()
    empty = page(Note.objects.all(), NEWEST, size=20, cursor=first.next_cursor)
    assert (empty.results, empty.next_cursor) == ([], None)
    last = page(Note.objects.all(), NEWEST, size=20, cursor=empty.previous_cursor)
    assert last.results == first.results
    assert last.next_cursor is None


def test_an_empty_list_is_one_empty_page(notes: None) -> None:
    found = page(Note.objects.none(), NEWEST, size=20)
    assert (found.results, found.next_cursor, found.previous_cursor) == ([], None, None)


def test_each_page_is_one_query(notes: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cursor = page(Note.objects.all(), NEWEST, size=5).next_cursor
    with django_assert_num_queries(1):
        page(Note.objects.all(), NEWEST, size=5, cursor=cursor)


def test_the_index_finds_the_page(notes: None) -> None:
    Note.objects.bulk_create(
        Note(id=UUID(int=1_000 + number), at=MOMENT + timedelta(seconds=number), weight=1, title="t")
        for number in range(5_000)
    )
    place = page(Note.objects.all(), NEWEST, size=2_000).next_cursor
    with CaptureQueriesContext(connection) as asked:
        page(Note.objects.all(), NEWEST, size=20, cursor=place)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tests_note")
        cursor.execute(f"EXPLAIN {asked[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Cond: (ROW(at, id) < ROW(" in plan
    assert "Sort" not in plan


def written(parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


ID = str(UUID(int=7))
FOREIGN = [
    "",
    "\x00",
    "abc",
    "a" * (CURSOR_LIMIT + 1),
    "é",
    "%00",
    written([1, "newest", "a", [1, ID]]) + "=",
    written([1, "newest", "a", [1, ID]]) + "\n",
    written([2, "newest", "a", [1, ID]]),
    written([True, "newest", "a", [1, ID]]),
    written([1, "oldest", "a", [1, ID]]),
    written([1, "newest", "c", [1, ID]]),
    written([1, "newest", "a", [1]]),
    written([1, "newest", "a", [1, ID, 3]]),
    written([1, "newest", "a", [ID, 1]]),
    written([1, "newest", "a", [None, ID]]),
    written([1, "newest", "a", [1.5, ID]]),
    written([1, "newest", "a", [True, ID]]),
    written([1, "newest", "a", [10**30, ID]]),
    written([1, "newest", "a", [1, ID.upper().replace("0", "A")]]),
    written([1, "newest", "a", [1, "7"]]),
    written({"1": "newest"}),
    written("newest"),
    base64.urlsafe_b64encode(b'[1, "newest","a",[1,"' + ID.encode() + b'"]]').rstrip(b"=").decode(),
    base64.urlsafe_b64encode(b"[" * 3_000).rstrip(b"=").decode(),
    base64.urlsafe_b64encode(b"\xff\xfe").rstrip(b"=").decode(),
]


@pytest.mark.parametrize("cursor", FOREIGN)
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(CursorRefused):
        page(Note.objects.all(), NEWEST, size=5, cursor=cursor)


@pytest.mark.parametrize("title", ["\x00", "a\x00b"])
def test_a_cursor_that_holds_nul_is_refused(title: str) -> None:
    with pytest.raises(CursorRefused):
        page(Note.objects.all(), BY_TITLE, size=5, cursor=written([1, "title", "a", [title, 1, ID]]))


def test_a_lone_surrogate_in_a_cursor_is_refused() -> None:
    text = f'[1,"title","a",["\\ud800",1,"{ID}"]]'
    for raw in (text.encode(), text.replace("\\ud800", "\ud800").encode("utf-8", "surrogatepass")):
        with pytest.raises(CursorRefused):
            page(
                Note.objects.all(),
                BY_TITLE,
                size=5,
                cursor=base64.urlsafe_b64encode(raw).rstrip(b"=").decode(),
            )


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cursor=st.one_of(
        st.text(),
        st.recursive(
            st.none() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=4)
        ).map(lambda parts: written([1, "heaviest", "a", parts])),
        st.tuples(st.integers(), st.integers(), st.uuids().map(str)).map(
            lambda values: written([1, "heaviest", "b", list(values)])
        ),
    )
)
def test_any_cursor_is_refused_or_leads_to_a_page(notes: None, cursor: str) -> None:
    try:
        found = page(Note.objects.all(), HEAVIEST, size=5, cursor=cursor)
    except CursorRefused:
        return
    assert len(found.results) <= 5


@pytest.mark.parametrize("ordering", EVERY, ids=lambda each: each.name)
def test_the_rows_between_two_places_are_those_after_one_up_to_the_other(
    notes: None, ordering: Ordering
) -> None:
    every = list(Note.objects.order_by(*(key.path for key in ordering.keys)))
    start, end = after(ordering, every[4]), after(ordering, every[11])
    rows = between(Note.objects.all(), ordering, start=start, end=end)
    assert set(rows) == set(every[5:12])
    assert set(between(Note.objects.all(), ordering, start=start)) == set(every[5:])
    assert set(between(Note.objects.all(), ordering, end=end)) == set(every[:12])
    assert page(Note.objects.all(), ordering, size=3, cursor=start).results == every[5:8]


def test_a_place_is_that_of_a_following_page(notes: None) -> None:
    back = page(
        Note.objects.all(), NEWEST, size=3, cursor=after(NEWEST, Note.objects.all()[9])
    ).previous_cursor
    assert leads_back(back, NEWEST)
    assert not leads_back(None, NEWEST)
    assert not leads_back(after(NEWEST, Note.objects.all()[9]), NEWEST)
    for cursor in (back, "x", after(OLDEST, Note.objects.all()[9])):
        with pytest.raises(CursorRefused):
            between(Note.objects.all(), NEWEST, end=cursor)
