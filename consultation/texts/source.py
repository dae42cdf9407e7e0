"""A whole text as files: `consultation.yaml`, and one Markdown file with front matter for each language."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from consultation.kit.text import clean
from consultation.texts.escapes import MARK, plain, plain_line

FACTS = "consultation.yaml"
ENDING = ".md"
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
HEADING = re.compile(f"^(?:{MARK})", re.MULTILINE)


class BadText(ValueError):
    """A file of a text can't be read; the message names the file and says what to mend.

    `line` is counted from 1; 0 where it is about the file as a whole.
    """

    def __init__(self, sentence: str, *, file: str = "", line: int = 0) -> None:
        super().__init__(sentence)
        self.file, self.line = file, line


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

    def languages(self) -> list[str]:
        """The languages that there are: in the order of the facts, then those of which they say nothing."""
        named = [code for code in self.facts.get("languages") or [] if code in self.editions]
        return list(dict.fromkeys([*named, *self.editions]))

    def preambles(self) -> dict[str, str]:
        """What stands before the principles, in each language that has it."""
        return {code: each.preamble for code, each in self.editions.items() if each.preamble}

    def headings(self, number: int) -> dict[str, str]:
        """What stands above a principle in each language, also in those that lack the principle itself."""
        elsewhere = dict(self.facts.get("headings") or {}).get(number) or {}
        above = {code: each.heading for code, each in self.section(number).items() if each.heading}
        return {**{code: str(words) for code, words in elsewhere.items()}, **above}

    def section(self, number: int) -> dict[str, Section]:
        """One principle in each language that has it."""
        return {
            code: each.sections[number] for code, each in self.editions.items() if number in each.sections
        }


def text_hash(title: str, body: str) -> str:
    """SHA-256 (hex) of the exact words: title, an empty line, body, in UTF-8."""
    return hashlib.sha256(f"{title}\n\n{body}".encode()).hexdigest()


def moment(value: object) -> datetime:
    """A moment of the facts, with its zone. Raises BadText."""
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as error:
        sentence = _("“%(value)s” is no time such as 2027-03-01T18:00:00+00:00.") % {"value": value}
        raise BadText(sentence, file=FACTS) from error
    if found.tzinfo is None:
        raise BadText(_("“%(value)s” has no zone, such as +00:00.") % {"value": value}, file=FACTS)
    return found


def read_folder(folder: Path) -> TextSource:
    """Read a text. BOM and CRLF that an editor left are taken away.

    Raises BadText where a file is missing or malformed.
    """
    if not (folder / FACTS).is_file():
        raise _missing(str(folder / FACTS))
    return read({path.name: path.read_bytes() for path in [folder / FACTS, *folder.glob(f"*{ENDING}")]})


def _missing(name: str) -> BadText:
    return BadText(_("%(file)s is missing.") % {"file": name}, file=FACTS)


def read(files: Mapping[str, bytes]) -> TextSource:
    """Read a text from its files by name; others than its facts and its languages are passed over.

    Raises BadText.
    """
    if FACTS not in files:
        raise _missing(FACTS)
    facts = _mapping(_decoded(files[FACTS], FACTS), FACTS)
    editions = [read_edition(name, files[name]) for name in sorted(files) if name.endswith(ENDING)]
    source = TextSource(facts, {each.language: each for each in editions})
    if len(source.editions) < len(editions):
        raise BadText(_("Two files are in the same language."), file=FACTS)
    if facts.get("authoritative") not in source.editions:
        sentence = _("There is no file in the authoritative language, %(language)s.")
        raise BadText(sentence % {"language": facts.get("authoritative")}, file=FACTS)
    _require_authoritative(source)
    return source


def _require_authoritative(source: TextSource) -> None:
    for code, edition in source.editions.items():
        for number in edition.sections:
            if number not in source.authoritative.sections:
                sentence = _("%(file)s has principle %(number)d, which the authoritative text lacks.")
                name = f"{code}{ENDING}"
                raise BadText(sentence % {"file": name, "number": number}, file=name)


def read_edition(name: str, content: bytes) -> Edition:
    """Read one language's file, called `name`. Raises BadText."""
    text = _decoded(content, name)
    match = FRONT_MATTER.match(text)
    if match is None:
        sentence = _("%(file)s has no front matter between two lines of ---.")
        raise BadText(sentence % {"file": name}, file=name, line=1)
    front = _mapping(match[1], name, line=1)
    preamble, sections = _sections(match[2], name, line=text.count("\n", 0, match.start(2)))
    return Edition(str(front.get("language") or name.removesuffix(ENDING)), front, preamble, sections)


def _decoded(content: bytes, name: str) -> str:
    try:
        return clean(content.decode("utf-8-sig"))
    except ValueError as error:
        sentence = _("%(file)s can’t be read as UTF-8 text: %(why)s")
        raise BadText(sentence % {"file": name, "why": error}, file=name) from error


def _mapping(text: str, name: str, *, line: int = 0) -> dict[str, Any]:
    """What YAML says, which begins after so many lines of its file."""
    try:
        facts = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        at = line + mark.line + 1 if mark else 0
        sentence = _("%(file)s is no valid YAML: %(why)s")
        raise BadText(sentence % {"file": name, "why": error}, file=name, line=at) from error
    if not isinstance(facts, dict):
        sentence = _("%(file)s names no facts: write them as `name: value`, one a line.")
        raise BadText(sentence % {"file": name}, file=name)
    return facts


def _sections(text: str, name: str, *, line: int) -> tuple[str, dict[int, Section]]:
    """Preamble and principles of what stands after so many lines of a file."""
    marks = list(HEADING.finditer(text))
    preamble = text[: marks[0].start()] if marks else text
    sections: dict[int, Section] = {}
    heading, at, read_to = "", line + 1, 0
    for mark, following in zip_longest(marks, marks[1:]):
        at, read_to = at + text.count("\n", read_to, mark.start()), mark.start()
        if mark["heading"] is not None:
            if following is None or following["heading"] is not None:
                sentence = _("%(file)s has a heading above no principle.")
                raise BadText(sentence % {"file": name}, file=name, line=at)
            heading = plain_line(mark["heading"])
            continue
        number = int(mark["number"])
        if number in sections:
            sentence = _("%(file)s has two principles with the number %(number)d.")
            raise BadText(sentence % {"file": name, "number": number}, file=name, line=at)
        body = plain(text[mark.end() : following.start() if following else len(text)])
        sections[number] = Section(number, plain_line(mark["title"]), body, heading)
        heading = ""
    return plain(preamble), sections
