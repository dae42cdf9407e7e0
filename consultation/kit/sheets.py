"""Tables as files: columns that say what they hold, and CSV that no spreadsheet runs (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Cell = str | int | float | bool | None
Row = list[Cell]

TEXT, WHOLE, NUMBER, YES_NO, MOMENT = "string", "integer", "number", "boolean", "datetime"

BOM = "\ufeff".encode()
# With these a spreadsheet takes a cell for a formula, or what follows for a new cell (OWASP, CSV injection).
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What a program may skip before it looks for one of these.
INVISIBLE = " \u00a0\u200b\u2060\ufeff"
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Column:
    """A column: its name, its type in Frictionless Table Schema, and what it holds."""

    name: str
    type: str
    about: str


def as_csv(columns: Iterable[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield the file piece by piece: UTF-8 with BOM, a head with the names, one line a row."""
    yield BOM
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    for place, row in enumerate(rows, start=1):
        writer.writerow([_plain(cell) for cell in row])
        if place % ROWS_AT_ONCE == 0:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    piece = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return piece


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return neutral(cell) if isinstance(cell, str) else str(cell)


def neutral(text: str) -> str:
    """Return text that no spreadsheet runs: what would start a formula has an apostrophe before it."""
    starts = text.startswith(STARTS_A_FORMULA) or text.lstrip(INVISIBLE).startswith(STARTS_A_FORMULA)
    return f"'{text}" if starts else text
