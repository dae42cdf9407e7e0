"""Neighbours of one institution fold into one line, so that one verification does not fill eighty pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, QuerySet, Window

from consultation.comments.models import Comment
from consultation.kit import keyset
from consultation.kit.keyset import Ordering

# So many of one institution are shown as they are; of more the first is shown, the others are folded away.
UNFOLDED = 2
# How often a page whose lines were folded away is filled up again.
ROUNDS = 3


@dataclass(frozen=True)
class Line:
    """A comment that is shown, and how many neighbours of its institution are folded away behind it.

    They stand between the cursors `start` and `end` (None: to the end of the list).
    """

    comment: Comment
    behind: int = 0
    start: str = ""
    end: str | None = None


def lines(
    found: QuerySet[Comment], ordering: Ordering, *, size: int, cursor: str | None
) -> tuple[list[Line], str | None]:
    """At most `size` lines from the cursor on, and the cursor of what follows. Raises CursorRefused.

    However long a run of one institution is, it is one line: the next page begins after it. Two queries
    more for each page that ends within a run.
    """
    told: list[Line] = []
    for _round in range(ROUNDS):
        more, cursor = _some(found, ordering, size=size - len(told), cursor=cursor)
        told += more
        if cursor is None or len(told) >= size:
            break
    return told, cursor


def _some(
    found: QuerySet[Comment], ordering: Ordering, *, size: int, cursor: str | None
) -> tuple[list[Line], str | None]:
    """One page of rows, as lines: fewer than `size` of them where some were folded."""
    order = [key.path for key in ordering.keys]
    rows = list(keyset.between(found, ordering, start=cursor).order_by(*order)[: size + 1])
    if len(rows) <= size:
        return list(_folded(rows, ordering)), None
    *rows, following = rows
    runs = _runs(rows)
    last, cursor = runs[-1], keyset.after(ordering, rows[-1])
    if following.institution_id != last[-1].institution_id:
        return list(_folded(rows, ordering)), cursor
    beyond, end = _rest_of_run(found, ordering, last[-1].institution_id, cursor)
    if len(last) + beyond <= UNFOLDED:
        return list(_folded(rows, ordering)), cursor
    before = [row for run in runs[:-1] for row in run]
    start = keyset.after(ordering, last[0])
    line = Line(last[0], len(last) - 1 + beyond, start, end)
    return [*_folded(before, ordering), line], end


def _runs(rows: list[Comment]) -> list[list[Comment]]:
    return [list(run) for _institution, run in groupby(rows, key=lambda row: row.institution_id)]


def _folded(rows: list[Comment], ordering: Ordering) -> Iterator[Line]:
    for run in _runs(rows):
        if len(run) <= UNFOLDED:
            yield from map(Line, run)
        else:
            start, end = (keyset.after(ordering, row) for row in (run[0], run[-1]))
            yield Line(run[0], len(run) - 1, start, end)


def _rest_of_run(
    found: QuerySet[Comment], ordering: Ordering, institution: int, start: str
) -> tuple[int, str | None]:
    """How many follow of the same institution before another one speaks, and the cursor after the last."""
    rest = keyset.between(found, ordering, start=start)
    order = [key.path for key in ordering.keys]
    other = rest.exclude(institution=institution).order_by(*order).first()
    if other is not None:
        rest = keyset.between(rest, ordering, end=keyset.after(ordering, other)).exclude(pk=other.pk)
    turned = [key.path for key in ordering.turned().keys]
    last = rest.order_by(*turned).annotate(run=Window(Count("pk"))).first()
    assert last is not None
    run: int = last.run
    return run, keyset.after(ordering, last) if other is not None else None
