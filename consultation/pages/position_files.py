"""The table of positions as filtered, as a file: CSV, XLSX or JSON, written to disk row by row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from accounts import geography
from consultation.endorsements.models import Endorsement, Position
from consultation.insights import position_table
from consultation.insights.position_table import POSITIONS
from consultation.kit.sheets import Cell, Row, as_csv
from consultation.kit.workbook import Head, write_sheet
from consultation.texts.models import Consultation

WIDTHS = {"institution_name": 36, "statement": 60}


@dataclass(frozen=True)
class Extract:
    """Which positions of which consultation, as of which entry of its record and when that was."""

    consultation: Consultation
    held: QuerySet[Endorsement]
    asked: dict[str, str]
    as_of: int
    at: datetime


@dataclass(frozen=True)
class Format:
    """How a table is written, and what it is called on the way."""

    media_type: str
    write: Callable[[Extract, BinaryIO], None]


def _csv(extract: Extract, file: BinaryIO) -> None:
    file.writelines(as_csv(POSITIONS, position_table.rows(extract.held)))


def _xlsx(extract: Extract, file: BinaryIO) -> None:
    heads = position_table.heads()
    write_sheet(
        file,
        _("Positions"),
        [Head(heads[column.name], WIDTHS.get(column.name, 14)) for column in POSITIONS],
        _in_words(position_table.rows(extract.held)),
        at=extract.at,
        from_right=get_language_bidi(),
    )


def _in_words(rows: Iterable[Row]) -> Iterator[Row]:
    language, names = get_language() or "en", [column.name for column in POSITIONS]
    words: dict[str, Callable[[str], Cell]] = {
        "country": lambda code: geography.name(code, language),
        "region": lambda code: geography.region_name(code, language),
        "position": lambda value: str(Position(value).label),
    }
    for row in rows:
        yield [
            words[name](str(cell)) if name in words else cell for name, cell in zip(names, row, strict=True)
        ]


def _json(extract: Extract, file: BinaryIO) -> None:
    """One document, a position a line; the keys are those of the columns."""
    consultation, names = extract.consultation, [column.name for column in POSITIONS]
    head = {
        "consultation": consultation.slug,
        "url": f"{settings.SITE_URL}/consultations/{consultation.slug}/endorsements/",
        "as_of": {"number": extract.as_of, "at": position_table.seconds(extract.at)},
        "licence": consultation.licence,
        "asked": extract.asked,
    }
    file.write(_plain(head)[:-1].encode() + b', "positions": [')
    between = b"\n"
    for row in position_table.rows(extract.held):
        file.write(between + _plain(dict(zip(names, row, strict=True))).encode())
        between = b",\n"
    file.write(b"\n]}\n")


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", _csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "json": Format("application/json", _json),
}
