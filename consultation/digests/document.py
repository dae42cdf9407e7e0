"""A readable digest as words in order, in one language: what web page, PDF and Word lay out."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from consultation.digests.prose import Block, blocks
from consultation.kit import markdown


@dataclass(frozen=True)
class Words:
    """Words of somebody's: their language tag (BCP 47) and the direction they are read in."""

    text: str
    language: str
    direction: str


@dataclass(frozen=True)
class Prose:
    """Formatted words of somebody's, as they wrote them in Markdown."""

    source: str
    language: str
    direction: str

    @property
    def blocks(self) -> tuple[Block, ...]:
        """For formats that have no HTML."""
        return blocks(self.source)

    @property
    def html(self) -> SafeString:
        """For the web page: safe, whatever was written."""
        return markdown.render(self.source)


@dataclass(frozen=True)
class Piece:
    """A piece of a redline: `same`, `removed` or `added`."""

    op: str
    text: str


@dataclass(frozen=True)
class Redline:
    """A proposed wording against the words it would replace."""

    label: str
    pieces: tuple[Piece, ...]
    language: str
    direction: str


@dataclass(frozen=True)
class Fact:
    """A label and what it says."""

    label: str
    value: str
    address: str = ""


@dataclass(frozen=True)
class Card:
    """One comment, or one reservation: who says what about which words, and who agrees."""

    reference: str
    address: str
    day: str = ""
    who: Words | None = None
    about: str = ""
    lemma: Words | None = None
    body: Prose | None = None
    proposal: Redline | None = None
    support: str = ""
    withheld: str = ""


@dataclass(frozen=True)
class Country:
    """A country and what stands under it: names of institutions, or references."""

    name: str
    entries: tuple[Words, ...]


@dataclass(frozen=True)
class Stance:
    """How many take one position, and who; `position` names its sign."""

    position: str
    label: str
    count: int
    countries: tuple[Country, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """A numbered paragraph of the text."""

    label: str
    words: Words


@dataclass(frozen=True)
class Standing:
    """What institutions hold of a principle, and what they say with it."""

    finding: str
    stances: tuple[Stance, ...] = ()
    not_listed: str = ""
    statements_title: str = ""
    statements: tuple[Card, ...] = ()
    left_out: str = ""


@dataclass(frozen=True)
class Discussion:
    """The comments that stand in full, and where the others are."""

    title: str
    comments: tuple[Card, ...] = ()
    left_out: str = ""
    references: tuple[Country, ...] = ()


@dataclass(frozen=True)
class Section:
    """One principle, or the text as a whole, with all that is said of it."""

    anchor: str
    number: str
    title: Words
    discussion: Discussion
    heading: Words | None = None
    version: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    standing: Standing | None = None


@dataclass(frozen=True)
class Document:
    """A whole readable digest."""

    language: str
    direction: str
    kind: str
    title: Words
    subject: str
    as_of: str
    notes: tuple[Words, ...]
    facts: tuple[Fact, ...]
    contents_title: str
    reading_title: str
    reading: tuple[str, ...]
    sections: tuple[Section, ...]
    colophon_title: str
    colophon: tuple[Fact, ...]
