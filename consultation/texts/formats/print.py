"""The text in print: PDF/UA-1."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from consultation.kit import typeset
from consultation.kit.glyphs import printable
from consultation.texts.formats.document import Document, Line, Section, Words

TEMPLATE = "texts/text.typ"


def make(document: Document) -> bytes:
    """Return the PDF. The same document gives the same bytes under one version of Typst."""
    return typeset.pdf(TEMPLATE, _data(document), at=document.at, ground=typeset.GROUND)


def _data(document: Document) -> dict[str, Any]:
    return {
        "site": printable(settings.SITE_NAME),
        "language": document.front.language,
        "direction": document.front.direction,
        "kind": printable(document.kind),
        "title": _words(document.front.title),
        "subject": printable(document.front.subject),
        "as-of": printable(document.as_of),
        "short-as-of": printable(document.short_as_of),
        "notes": [_words(note) for note in document.front.notes],
        "preamble": [
            _line(line, document.preamble_language, document.preamble_direction) for line in document.preamble
        ],
        "sections": [_section(section) for section in document.sections],
        "withdrawn": [printable(sentence) for sentence in document.withdrawn],
        "colophon-title": printable(document.colophon_title),
        "colophon": [{"label": printable(each.label), "value": each.value} for each in document.colophon],
        "address": printable(document.address),
    }


def _words(words: Words) -> dict[str, str]:
    return {"text": printable(words.text), "language": words.language, "direction": words.direction}


def _line(line: Line, language: str, direction: str) -> dict[str, Any]:
    return {"label": line.label, "words": _words(Words(line.text, language, direction))}


def _section(section: Section) -> dict[str, Any]:
    language, direction = section.language, section.direction
    heading = _line(section.heading, language, direction)["words"] if section.heading else None
    return {
        "number": section.number,
        "anchor": f"principle-{section.number}",
        "title": _line(section.title, language, direction)["words"],
        "heading": heading,
        "facts": printable(section.facts),
        "note": printable(section.note),
        "lines": [_line(line, language, direction) for line in section.lines],
    }
