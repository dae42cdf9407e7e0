"""Which module makes which format."""

from __future__ import annotations

from collections.abc import Callable

from consultation.digests.composing import Issue
from consultation.digests.content import Content
from consultation.digests.formats import data_csv, data_json, docx, html, pdf, xlsx
from consultation.digests.models import Format

READABLE: dict[str, Callable[[Content, Issue], bytes]] = {
    Format.HTML: html.make,
    Format.PDF: pdf.make,
    Format.DOCX: docx.make,
    Format.XLSX: xlsx.make,
}
DATA: dict[str, Callable[[Content], bytes]] = {Format.CSV: data_csv.make, Format.JSON: data_json.make}


def make(form: str, content: Content, issue: Issue) -> bytes:
    """Return the file of one format. Data files are the same for every issue of the same content."""
    return READABLE[form](content, issue) if form in READABLE else DATA[form](content)
