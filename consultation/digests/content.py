"""What a digest holds, in plain values and no language: read from the tables once, rendered many times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from consultation.kit.languages import choose

ENDORSING = ("endorse", "endorse_with_reservation")
SUBSTANTIVE = "substantive"


@dataclass(frozen=True)
class Institution:
    """Who speaks, by the public data of the time of the cut-off."""

    number: int
    slug: str
    name: str
    names: Mapping[str, str]
    country: str
    region: str
    type: str
    demonstration: bool = False

    def called(self, language: str) -> str:
        """Its name in `language` where it gave one, else as it writes itself."""
        return self.names.get(language) or self.name


@dataclass(frozen=True)
class Withheld:
    """Since when (a day, ISO 8601) and why something is not shown; the clause of the policy, if any."""

    on: str
    why: str
    clause: str = ""


@dataclass(frozen=True)
class Text:
    """A version's words in one language."""

    language: str
    title: str
    body: str
    authoritative: bool = False


@dataclass(frozen=True)
class Version:
    """The words of a principle at one time, in every language they were published in."""

    number: int
    change: str
    published_at: str
    sha256: str
    texts: tuple[Text, ...]

    def in_language(self, language: str) -> Text:
        """The text in `language`, else the authoritative one."""
        by_language = {text.language: text for text in self.texts}
        authoritative = next((text for text in self.texts if text.authoritative), self.texts[0])
        return by_language.get(
            choose(list(by_language), language, authoritative.language) or "", authoritative
        )


@dataclass(frozen=True)
class Principle:
    """One principle, with all versions published up to the cut-off."""

    number: int
    headings: Mapping[str, str]
    current: int
    versions: tuple[Version, ...]
    # Since when it is no longer part of the text (RFC 3339, UTC); empty where it is.
    withdrawn_at: str = ""

    @property
    def version(self) -> Version:
        """The version that was current at the cut-off."""
        return next(version for version in self.versions if version.number == self.current)

    def still_holds(self, number: int) -> bool:
        """Whether what was said of version `number` holds now: only editorial changes since."""
        since = (version for version in self.versions if version.number > number)
        return all(version.change != SUBSTANTIVE for version in since)


@dataclass(frozen=True)
class Comment:
    """A public comment in the revision that was public at the cut-off. Moments are RFC 3339, UTC."""

    key: str
    reference: str
    principle: int | None
    version: int | None
    kind: str
    institution: Institution
    language: str
    revision: int
    body: str
    proposed_text: str
    passage: str
    parent: str
    agree: tuple[Institution, ...]
    disagree: tuple[Institution, ...]
    submitted_at: str
    published_at: str
    url: str
    withheld: Withheld | None = None

    @property
    def written(self) -> str:
        """All that its author wrote."""
        return f"{self.body}\n{self.proposed_text}"

    @property
    def weight(self) -> tuple[int, str, str]:
        """What comes first where not all can stand in full: most co-signed, then oldest."""
        return (-len(self.agree), self.published_at, self.key)

    @property
    def place(self) -> tuple[int, int, str]:
        """Its place among all references: by principle, the whole text last, then by number."""
        number = self.reference.rpartition("-")[2]
        return (self.principle or 1 << 31, int(number) if number.isdigit() else 0, self.reference)


@dataclass(frozen=True)
class Position:
    """What an institution says of one principle, in effect at the cut-off."""

    key: str
    institution: Institution
    principle: int
    version: int
    position: str
    statement: str
    language: str
    signed_at: str
    to_reaffirm: bool
    recorded: bool
    withheld: Withheld | None = None

    @property
    def written(self) -> str:
        """All that its signatory wrote."""
        return self.statement


@dataclass(frozen=True)
class Content:
    """All that a digest holds."""

    slug: str
    titles: Mapping[str, str]
    notes: Mapping[str, str]
    licence: str
    zone: str
    authoritative: str
    demonstration: bool
    address: str
    scope: int | None
    since: int | None
    audience: str
    cutoff: int
    cutoff_at: datetime
    manifest_sha256: str
    principles: tuple[Principle, ...]
    comments: tuple[Comment, ...]
    positions: tuple[Position, ...]
    withheld: tuple[tuple[str, str, Withheld], ...] = ()
    _by_principle: dict[int | None, list[Comment]] = field(default_factory=dict, repr=False, compare=False)

    def in_language(self, words: Mapping[str, str], language: str) -> str:
        """One of the texts by language, else the authoritative one, else nothing."""
        return words.get(choose(list(words), language, self.authoritative) or "", "")

    def comments_on(self, principle: int | None) -> list[Comment]:
        """The comments on one principle, or on the text as a whole, in the order of their references."""
        if not self._by_principle:
            for comment in self.comments:
                self._by_principle.setdefault(comment.principle, []).append(comment)
        return self._by_principle.get(principle, [])

    def positions_on(self, principle: int) -> list[Position]:
        """The positions on one principle."""
        return [position for position in self.positions if position.principle == principle]

    def heard(self) -> list[Institution]:
        """The institutions with a comment that is shown, or a position; by their numbers."""
        return _distinct(
            [comment.institution for comment in self.comments if comment.withheld is None]
            + [position.institution for position in self.positions]
        )


def _distinct(institutions: Iterable[Institution]) -> list[Institution]:
    by_number = {institution.number: institution for institution in institutions}
    return [by_number[number] for number in sorted(by_number)]
