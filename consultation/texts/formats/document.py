"""A whole text, or what changed in one, as words in order: what Word and print lay out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from consultation.kit.redline import Op


@dataclass(frozen=True)
class Words:
    """Words of the text: their language tag (BCP 47) and the direction they are read in."""

    text: str
    language: str
    direction: str


@dataclass(frozen=True)
class Line:
    """A paragraph in pieces, and what became of its end. `label` stands in the rail of a text as it is."""

    pieces: tuple[tuple[Op, str], ...]
    end: Op = Op.SAME
    label: str = ""

    @property
    def text(self) -> str:
        """Its words, whatever became of them."""
        return "".join(text for _op, text in self.pieces)


@dataclass(frozen=True)
class Section:
    """One principle: its facts are the document's own words, all else is the text's."""

    number: str
    title: Line
    language: str
    direction: str
    lines: tuple[Line, ...]
    heading: Line | None = None
    facts: str = ""
    note: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Fact:
    """A label and what it says."""

    label: str
    value: str


@dataclass(frozen=True)
class Front:
    """What every document of a consultation begins with. `author` is who changes a text."""

    language: str
    direction: str
    title: Words
    subject: str
    notes: tuple[Words, ...]
    author: str


@dataclass(frozen=True)
class Document:
    """All that a file says. What is no `Words` and no `Line` is in the document's own language."""

    front: Front
    kind: str
    as_of: str
    short_as_of: str
    preamble: tuple[Line, ...]
    preamble_language: str
    preamble_direction: str
    sections: tuple[Section, ...]
    colophon_title: str
    colophon: tuple[Fact, ...]
    address: str
    at: datetime
    withdrawn: tuple[str, ...] = ()
