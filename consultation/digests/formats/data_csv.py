"""The data as a ZIP of CSV files with a Frictionless Data Package (RFC 4180, Data Package 1)."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

from consultation.digests.content import Content
from consultation.digests.formats.tables import Table, tables
from consultation.kit.sheets import YES_NO, as_csv

# The day before which a ZIP knows no time: files inside carry no clock.
NO_TIME = (1980, 1, 1, 0, 0, 0)
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
    return b"".join(as_csv(table.columns, table.rows))


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
