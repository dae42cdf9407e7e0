"""The digest as a workbook: comments, positions and countries as tables, with the words of its language."""

from __future__ import annotations

import io
from datetime import UTC

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from accounts import geography
from consultation.digests.composing import Issue, compose
from consultation.digests.content import Content
from consultation.digests.document import Document
from consultation.digests.formats.tables import Table, tables
from consultation.insights import position_table
from consultation.kit.sheets import Cell
from consultation.kit.workbook import AS_TEXT, fitted, formats, write_cell
from consultation.kit.xml_text import xml_text

WIDE = {"body": 60, "proposed_text": 60, "statement": 60, "passage": 40, "institution_name": 36, "title": 36}
Sheets = list[tuple[str, Table]]


def make(content: Content, issue: Issue) -> bytes:
    """Return the workbook (Office Open XML). Every text is a text: no cell is a formula or a link."""
    document = compose(content, issue)
    buffer = io.BytesIO()
    with translation.override(issue.language):
        book = xlsxwriter.Workbook(buffer, {"in_memory": True, **AS_TEXT})
        book.set_properties(
            {
                "title": xml_text(f"{document.title.text}, {document.kind}"),
                "created": content.cutoff_at.astimezone(UTC).replace(tzinfo=None),
            }
        )
        styles = formats(book)
        _about(_sheet(book, _("About"), document), document, styles)
        for title, table in _sheets(content):
            _table(_sheet(book, title, document), table, styles, issue.language)
        book.close()
    return buffer.getvalue()


def _sheet(book: xlsxwriter.Workbook, title: str, document: Document) -> Worksheet:
    # Names of sheets have at most 31 letters and none of these.
    sheet = book.add_worksheet("".join(letter for letter in title if letter not in "[]:*?/\\'")[:31])
    if document.direction == "rtl":
        sheet.right_to_left()
    return sheet


def _about(sheet: Worksheet, document: Document, styles: dict[str, Format]) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    rows = [
        (document.kind, document.title.text),
        ("", document.subject),
        ("", document.as_of),
        *(("", note.text) for note in document.notes),
        *((fact.label, fact.value) for fact in document.facts),
        *((document.reading_title if not place else "", line) for place, line in enumerate(document.reading)),
        *((fact.label, fact.value) for fact in document.colophon),
    ]
    for place, (label, value) in enumerate(rows):
        sheet.write_string(place, 0, fitted(label), styles["head"] if label else styles["cell"])
        sheet.write_string(place, 1, fitted(value), styles["title"] if not place else styles["cell"])


def _sheets(content: Content) -> Sheets:
    titles = {
        "comments": _("Comments"),
        "endorsements": _("Endorsements"),
        "participation": _("Participation"),
        "principles": _("Principles"),
        "withheld": _("Withheld"),
    }
    return [(titles[table.name], table) for table in tables(content) if table.name in titles]


def _table(sheet: Worksheet, table: Table, styles: dict[str, Format], language: str) -> None:
    heads = _heads()
    names = [column.name for column in table.columns]
    for place, name in enumerate(names):
        sheet.set_column(place, place, WIDE.get(name, 14))
        sheet.write_string(0, place, heads.get(name, name), styles["head"])
    for line, row in enumerate(table.rows, start=1):
        for place, (name, cell) in enumerate(zip(names, row, strict=True)):
            write_cell(sheet, line, place, _shown(name, cell, language), styles["cell"])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(names) - 1)


def _shown(name: str, cell: Cell, language: str) -> Cell:
    if cell is None:
        return ""
    if name == "country":
        return geography.name(str(cell), language)
    if name == "region":
        return geography.region_name(str(cell), language)
    return cell


def _heads() -> dict[str, str]:
    return {
        **position_table.heads(),
        "reference": _("Reference"),
        "number": _("Principle"),
        "kind": _("Kind"),
        "institutions": _("Institutions"),
        "institution_type": _("Type of institution"),
        "language": _("Language"),
        "revision": _("Revision"),
        "body": _("Words"),
        "proposed_text": _("Proposed wording"),
        "passage": _("Passage"),
        "parent": _("Answers"),
        "cosigns": _("Co-signatures"),
        "disposition": _("Answer of the secretariat"),
        "disposition_reason": _("Reason"),
        "submitted_at": _("Sent (UTC)"),
        "published_at": _("Published (UTC)"),
        "url": _("Address"),
        "comments": _("Comments"),
        "endorsements": _("Endorsements"),
        "weight": _("Weight of each institution"),
        "current": _("Current"),
        "change": _("Change"),
        "authoritative": _("Authoritative"),
        "heading": _("Heading"),
        "title": _("Title"),
        "sha256": "SHA-256",
        "withheld_on": _("Withheld on"),
        "why": _("Why"),
        "clause": _("Clause"),
    }
