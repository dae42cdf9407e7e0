"""Pages of a list by the place of their last row, not by a number: nothing is skipped or told twice.

A cursor names the ordering, the direction and the key of a row. It is opaque to readers, and every cursor
that we did not write in exactly these bytes is refused.
"""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import reduce
from operator import attrgetter, or_
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext_lazy as _

VERSION = 1
CURSOR_LIMIT = 4_096  # characters
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")

Value = datetime | int | UUID | str
Row = TypeVar("Row", bound=Model)


class CursorRefused(ValueError):
    """The cursor was not made by us for this list. Its text is a sentence for people."""

    def __init__(self) -> None:
        super().__init__(_("This address of a page in a list is not valid. Start again from the first page."))


class Way(StrEnum):
    """Where a page lies, seen from the row that its cursor names."""

    AFTER = "a"
    BEFORE = "b"


@dataclass(frozen=True)
class Key:
    """One part of an ordering: a path such as `-public_since` (minus: greatest first) and its kind."""

    path: str
    kind: type[datetime] | type[int] | type[UUID] | type[str]

    @property
    def name(self) -> str:
        return self.path.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.path.startswith("-")

    def turned(self) -> "Key":
        return Key(self.name if self.descending else f"-{self.name}", self.kind)


@dataclass(frozen=True)
class Ordering:
    """A named order of rows. No key may be null in the rows; the last one is unique, such as the id."""

    name: str
    keys: tuple[Key, ...]

    def turned(self) -> "Ordering":
        return Ordering(self.name, tuple(key.turned() for key in self.keys))


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`results` in the order asked for, and the cursors of the neighbouring pages, where there are any."""

    results: list[Row]
    next_cursor: str | None
    previous_cursor: str | None


def page(queryset: QuerySet[Row], ordering: Ordering, *, size: int, cursor: str | None = None) -> Page[Row]:
    """Return the page of at most `size` rows to which `cursor` leads, the first one without it. One query.

    Rows that come or go meanwhile move nothing else. Where a cursor leads to a page that has become empty,
    that page leads back to the last (or first) page. Raises CursorRefused for a cursor that `page` did not
    make for an ordering of this name and these kinds.
    """
    way, place = (Way.AFTER, ()) if cursor is None else _read(cursor, ordering)
    order = ordering if way is Way.AFTER else ordering.turned()
    if place:
        queryset = queryset.filter(_beyond(order, place))
    rows = list(queryset.order_by(*(key.path for key in order.keys))[: size + 1])
    ahead, behind = len(rows) > size, bool(place)
    rows = rows[:size] if way is Way.AFTER else rows[:size][::-1]
    after, before = (ahead, behind) if way is Way.AFTER else (behind, ahead)
    return Page(
        rows,
        next_cursor=_write(ordering, Way.AFTER, rows[-1:]) if after else None,
        previous_cursor=_write(ordering, Way.BEFORE, rows[:1]) if before else None,
    )


def after(ordering: Ordering, row: Model) -> str:
    """Return the cursor of the page that begins after this row."""
    return _write(ordering, Way.AFTER, [row])


def between(
    queryset: QuerySet[Row], ordering: Ordering, *, start: str | None = None, end: str | None = None
) -> QuerySet[Row]:
    """Return the rows beyond the place of the cursor `start`, up to the row that `end` comes after.

    Both are cursors of a following page, made by `after` or by `page`. Raises CursorRefused for others.
    """
    if start is not None and (place := _place_after(start, ordering)):
        queryset = queryset.filter(_beyond(ordering, place))
    if end is not None and (place := _place_after(end, ordering)):
        queryset = queryset.exclude(_beyond(ordering, place))
    return queryset


def _place_after(cursor: str, ordering: Ordering) -> tuple[Value, ...]:
    way, place = _read(cursor, ordering)
    if way is not Way.AFTER:
        raise CursorRefused
    return place


def leads_back(cursor: str | None, ordering: Ordering) -> bool:
    """Whether the cursor is that of a page before a row. Raises CursorRefused."""
    return cursor is not None and _read(cursor, ordering)[0] is Way.BEFORE


def _beyond(order: Ordering, place: Sequence[Value]) -> Any:
    """The condition of standing after `place`: one comparison of rows where an index can serve it."""
    descending = {key.descending for key in order.keys}
    if len(descending) == 1:
        columns = Tuple(*(F(key.name) for key in order.keys))
        comparison = TupleLessThan if descending.pop() else TupleGreaterThan
        return comparison(columns, tuple(place))
    return reduce(or_, (_beyond_at(order, place, index) for index in range(len(place))))


def _beyond_at(order: Ordering, place: Sequence[Value], index: int) -> Q:
    alike = {key.name: value for key, value in zip(order.keys[:index], place, strict=False)}
    key = order.keys[index]
    return Q(**alike, **{f"{key.name}__{'lt' if key.descending else 'gt'}": place[index]})


def _write(ordering: Ordering, way: Way, rows: list[Row]) -> str:
    values = [_plain(attrgetter(key.name.replace("__", "."))(row)) for row in rows for key in ordering.keys]
    return _encode([VERSION, ordering.name, way.value, values])


def _encode(parts: list[Any]) -> str:
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).rstrip(b"=").decode()


def _read(cursor: str, ordering: Ordering) -> tuple[Way, tuple[Value, ...]]:
    match _decode(cursor):
        case [int(version), ordering.name, ("a" | "b") as way, [*values]]:
            pass
        case _:
            raise CursorRefused
    if type(version) is not int or version != VERSION or len(values) not in (0, len(ordering.keys)):
        raise CursorRefused
    return Way(way), tuple(_value(key.kind, value) for key, value in zip(ordering.keys, values, strict=False))


def _decode(cursor: str) -> object:
    if len(cursor) > CURSOR_LIMIT or not _BASE64URL.fullmatch(cursor):
        raise CursorRefused
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        written_alike = _encode(parts) == cursor
    except (ValueError, binascii.Error, RecursionError) as error:
        raise CursorRefused from error
    if not written_alike:
        raise CursorRefused
    return parts


def _plain(value: Value) -> int | str:
    """Moments as whole microseconds since 1970, so that none is lost."""
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(microseconds=1)
    return str(value) if isinstance(value, UUID) else value


def _value(kind: type[Value], plain: object) -> Value:
    try:
        if kind is datetime and type(plain) is int:
            return _EPOCH + timedelta(microseconds=plain)
        if kind is UUID and isinstance(plain, str) and str(UUID(plain)) == plain:
            return UUID(plain)
    except (ValueError, OverflowError) as error:
        raise CursorRefused from error
    if kind is int and type(plain) is int and -(2**63) <= plain < 2**63:
        return plain
    if kind is str and isinstance(plain, str) and _storable(plain):
        return plain
    raise CursorRefused


def _storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
