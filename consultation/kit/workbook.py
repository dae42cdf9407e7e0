"""Spreadsheets: what a cell can hold, and long tables written row by row (Office Open XML)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from consultation.kit.sheets import Cell
from consultation.kit.xml_text import xml_text

# Excel counts UTF-16 units; a longer cell makes the file unreadable.
CELL_LIMIT = 32_767
# No text becomes a formula, a link or a number.
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    """The formats of a book: `cell`, `head` and `title`."""
    text: dict[str, Any] = {"font_name": "Segoe UI", "font_size": 9.5, "valign": "top", "text_wrap": True}
    return {
        "cell": book.add_format(text),
        "head": book.add_format({**text, "bold": True, "bottom": 1}),
        "title": book.add_format({**text, "font_size": 16, "font_name": "Palatino Linotype"}),
    }


def fitted(text: str) -> str:
    """Return `text` as a cell can hold it: letters of XML, and no more of them than Excel reads."""
    text = xml_text(text)
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    return units[: 2 * (CELL_LIMIT - 2)].decode("utf-16-le", "ignore") + " …"


@dataclass(frozen=True)
class Head:
    """What stands over a column, and how wide it is in letters."""

    words: str
    width: int = 14


def write_sheet(
    file: BinaryIO,
    title: str,
    heads: Sequence[Head],
    rows: Iterable[Sequence[Cell]],
    *,
    at: datetime,
    from_right: bool = False,
) -> None:
    """Write a book of one sheet to `file`, row by row: what is in memory does not grow with the rows.

    `at` is the book's own time; the same rows at the same time give the same bytes.
    """
    book = xlsxwriter.Workbook(file, {"constant_memory": True, **AS_TEXT})
    book.set_properties({"title": xml_text(title), "created": at.astimezone(UTC).replace(tzinfo=None)})
    styles, sheet = formats(book), book.add_worksheet()
    if from_right:
        sheet.right_to_left()
    for place, head in enumerate(heads):
        sheet.set_column(place, place, head.width)
        sheet.write_string(0, place, fitted(head.words), styles["head"])
    last = 1
    for last, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            write_cell(sheet, last, place, cell, styles["cell"])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(heads) - 1)
    book.close()


def write_cell(sheet: Worksheet, line: int, place: int, cell: Cell, style: Format) -> None:
    """Write one cell: figures as figures, everything else as text."""
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_string(line, place, _("yes") if cell else _("no"), style)
    elif isinstance(cell, int | float):
        sheet.write_number(line, place, cell, style)
    else:
        sheet.write_string(line, place, fitted(cell), style)
