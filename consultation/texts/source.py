"""A whole text as files: `consultation.yaml`, and one Markdown file with front matter for each language."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from consultation.kit.text import clean

FACTS = "consultation.yaml"
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
HEADING = re.compile(r"^# +(?P<heading>.+?)\s*$|^## +(?P<number>\d+)\. +(?P<title>.+?)\s*$", re.MULTILINE)


class BadText(ValueError):
    """A file of a text can't be read; the message names the file and says what to mend."""


@dataclass(frozen=True)
class Section:
    """One principle in one language."""

    number: int
    title: str
    body: str
    heading: str = ""


@dataclass(frozen=True)
class Edition:
    """The whole text in one language."""

    language: str
    front: dict[str, Any]
    preamble: str
    sections: dict[int, Section]


@dataclass(frozen=True)
class TextSource:
    """A text as read from a folder: facts, and an edition for each language."""

    facts: dict[str, Any]
    editions: dict[str, Edition] = field(default_factory=dict)

    @property
    def authoritative(self) -> Edition:
        return self.editions[self.facts["authoritative"]]

    def by_language(self, key: str) -> dict[str, str]:
        """A field of the front matter in each language that has it."""
        return {
            code: str(each.front[key]).strip() for code, each in self.editions.items() if each.front.get(key)
        }

    def section(self, number: int) -> dict[str, Section]:
        """One principle in each language that has it."""
        return {
            code: each.sections[number] for code, each in self.editions.items() if number in each.sections
        }


def text_hash(title: str, body: str) -> str:
    """SHA-256 (hex) of the exact words: title, an empty line, body, in UTF-8."""
    return hashlib.sha256(f"{title}\n\n{body}".encode()).hexdigest()


def read_folder(folder: Path) -> TextSource:
    """Read a text. BOM and CRLF that an editor left are taken away.

    Raises BadText where a file is missing or malformed.
    """
    facts_file = folder / FACTS
    if not facts_file.is_file():
        raise BadText(f"{facts_file} is missing.")
    facts = _mapping(_read(facts_file), FACTS)
    editions = [read_edition(path) for path in sorted(folder.glob("*.md"))]
    source = TextSource(facts, {each.language: each for each in editions})
    if facts.get("authoritative") not in source.editions:
        raise BadText(f"{folder} has no file in the authoritative language, {facts.get('authoritative')}.")
    return source


def read_edition(path: Path) -> Edition:
    """Read one language's file. Raises BadText."""
    match = FRONT_MATTER.match(_read(path))
    if match is None:
        raise BadText(f"{path.name} has no front matter between two lines of ---.")
    front = _mapping(match[1], path.name)
    preamble, sections = _sections(match[2], path.name)
    return Edition(str(front.get("language") or path.stem), front, preamble, sections)


def _read(path: Path) -> str:
    try:
        return clean(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise BadText(f"{path.name} can't be read as UTF-8 text: {error}") from error


def _mapping(text: str, name: str) -> dict[str, Any]:
    try:
        facts = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadText(f"{name} is no valid YAML: {error}") from error
    if not isinstance(facts, dict):
        raise BadText(f"{name} names no facts: write them as `name: value`, one a line.")
    return facts


def _sections(text: str, name: str) -> tuple[str, dict[int, Section]]:
    marks = list(HEADING.finditer(text))
    preamble = text[: marks[0].start()] if marks else text
    sections: dict[int, Section] = {}
    heading = ""
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        if mark["heading"]:
            heading = mark["heading"]
            continue
        number = int(mark["number"])
        if number in sections:
            raise BadText(f"{name} has two principles with the number {number}.")
        body = text[mark.end() : following.start() if following else len(text)].strip()
        sections[number] = Section(number, mark["title"], body, heading)
        heading = ""
    return preamble.strip(), sections
