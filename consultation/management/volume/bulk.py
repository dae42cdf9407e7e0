"""Many rows at once: COPY for what is new, one UPDATE for what moves on. Every guard sees every row."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

T = TypeVar("T")
Row = Mapping[str, Any]


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """The things in lists of at most `size`."""
    source = iter(things)
    while batch := list(islice(source, size)):
        yield batch


def identifier(dice: random.Random, at: datetime) -> UUID:
    """A UUID of version 7 for a moment, its other bits from the dice: the same seed gives the same."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(
        int=milliseconds << 80 | 0x7 << 76 | dice.getrandbits(12) << 64 | 0b10 << 62 | dice.getrandbits(62)
    )


def numbers(model: type[models.Model], count: int) -> list[int]:
    """So many keys of a model with counted keys, taken from its sequence."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, column, count],
        )
        return sorted(key for (key,) in cursor.fetchall())


@contextmanager
def keys_checked_at_once() -> Iterator[None]:
    """Foreign keys are checked with each statement instead of at the commit.

    A guard asks in a subtransaction whether it is to be ignored, and PostgreSQL looks through all checks that
    are put off whenever one of those ends: with a hundred thousand of them, that is a millisecond a row.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def insert(model: type[models.Model], rows: Sequence[Row]) -> None:
    """COPY rows, given by the names of columns' attributes; what they leave out has the model's default."""
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if _is_written(field, rows[0])]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([_value(field, row) for field in fields])


def _is_written(field: models.Field[Any, Any], row: Row) -> bool:
    if field.attname in row:
        return True
    return not field.primary_key and field.db_default is NOT_PROVIDED


def _value(field: models.Field[Any, Any], row: Row) -> Any:
    value = row[field.attname] if field.attname in row else field.get_default()
    return field.get_db_prep_save(value, connection) if isinstance(field, models.JSONField) else value


def update(model: type[models.Model], rows: Sequence[Row], **types: str) -> None:
    """Set columns of many rows, each to its own values; `types` are those of the columns and of `pk`."""
    if not rows:
        return
    known = {field.name: field.column for field in model._meta.concrete_fields}
    columns = {name: known[name] for name in types if name != "pk"}
    sets = ", ".join(f'"{column}" = given."{name}"' for name, column in columns.items())
    arrays = ", ".join(f"%s::{kind}[]" for kind in types.values())
    names = ", ".join(f'"{name}"' for name in types)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} AS kept SET {sets} FROM unnest({arrays}) AS given ({names})"
            f' WHERE kept."{model._meta.pk.column}" = given."pk"',
            [[row[name] for row in rows] for name in types],
        )
