"""The data as a ZIP of CSV files with a Frictionless Data Package (RFC 4180, Data Package 1)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile

from consultation.digests.content import Content
from consultation.digests.formats.tables import YES_NO, Cell, Table, tables

# The day before which a ZIP knows no time: files inside carry no clock.
NO_TIME = (1980, 1, 1, 0, 0, 0)
# With these a spreadsheet takes a cell for a formula, or what follows for a new cell (OWASP, CSV injection).
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What a program may skip before it looks for one of these.
INVISIBLE = " \u00a0\u200b\u2060\ufeff"
NEUTRALISED = (
    "Text that begins with one of = + - @, a tab or a line end is preceded by an apostrophe, so that no "
    "spreadsheet takes it for a formula. The JSON file holds the same text without it."
)


def make(content: Content) -> bytes:
    """Return the ZIP. Its bytes depend on the content alone: nothing in it is compressed or dated."""
    made = tables(content)
    files = {f"{table.name}.csv": _csv(table) for table in made}
    files["datapackage.json"] = _package(content, made, files)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def _csv(table: Table) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([[_cell(cell) for cell in row] for row in table.rows])
    return text.getvalue().encode("utf-8-sig")


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return neutral(cell) if isinstance(cell, str) else str(cell)


def neutral(text: str) -> str:
    """Return text that no spreadsheet runs: what would start a formula has an apostrophe before it."""
    starts = text.startswith(STARTS_A_FORMULA) or text.lstrip(INVISIBLE).startswith(STARTS_A_FORMULA)
    return f"'{text}" if starts else text


def _package(content: Content, made: list[Table], files: dict[str, bytes]) -> bytes:
    moment = content.cutoff_at.strftime("%Y-%m-%d %H:%M:%S")
    package = {
        "profile": "tabular-data-package",
        "name": f"{content.slug}-{content.cutoff}",
        "id": content.manifest_sha256,
        "title": content.in_language(content.titles, content.authoritative),
        "description": f"As of record number {content.cutoff}, {moment} UTC. {NEUTRALISED}",
        "licenses": [{"name": content.licence.replace(" ", "-"), "title": content.licence}],
        "homepage": f"{content.address}/consultations/{content.slug}/",
        "resources": [_resource(table, files[f"{table.name}.csv"]) for table in made],
    }
    return json.dumps(package, ensure_ascii=False, indent=2).encode()


def _resource(table: Table, data: bytes) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "description": table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True},
        "schema": {"fields": [_field(column.name, column.type, column.about) for column in table.columns]},
    }


def _field(name: str, kind: str, about: str) -> dict[str, object]:
    field: dict[str, object] = {"name": name, "type": kind, "description": about}
    if kind == YES_NO:
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    return field
