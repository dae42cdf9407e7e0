"""Files of a text that the secretariat brings: what of them would be new, before anything is written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from consultation.kit import canonical
from consultation.kit.text import TITLE_LIMIT, too_long
from consultation.texts.drafts import NOTHING, Words, Writing
from consultation.texts.models import Consultation
from consultation.texts.source import ENDING, BadText, Edition, read_edition

UPLOAD_LIMIT = 1024 * 1024  # bytes, as sent
UNPACKED_LIMIT = 8 * 1024 * 1024  # bytes of all files in a ZIP
BODY_LIMIT = 100_000  # code points of one principle
ZIP_BEGINS = b"PK"


class Fate(StrEnum):
    """What a file would do to a principle."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class Problem:
    """Why a file, or a principle in it, is passed over; `line` is 0 where it is no single one."""

    sentence: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Line:
    """One principle in one language: its words as they are being written, and as the file has them."""

    number: int
    language: str
    fate: Fate
    before: Words
    after: Words
    heading: str = ""


@dataclass(frozen=True)
class Plan:
    """What importing would do. `base` names the state of the text that it was made for."""

    lines: list[Line]
    problems: list[Problem]
    base: str

    @property
    def changes(self) -> list[Line]:
        """The lines that would be written."""
        return [line for line in self.lines if line.fate is not Fate.SAME]


def editions(name: str, content: bytes) -> tuple[list[Edition], list[Problem]]:
    """The languages in an uploaded ZIP or Markdown file, and what could not be read."""
    read: dict[str, Edition] = {}
    problems: list[Problem] = []
    try:
        files = _unpacked(content) if content.startswith(ZIP_BEGINS) else {PurePosixPath(name).name: content}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        return [], [Problem(_("This ZIP can’t be opened. Pack the files anew."), name)]
    except BadText as bad:
        return [], [Problem(str(bad), name)]
    texts = {name: text for name, text in files.items() if name.endswith(ENDING)}
    if not texts:
        problems.append(Problem(_("There is no Markdown file in it, such as en.md."), name))
    for each, text in sorted(texts.items()):
        try:
            edition = read_edition(each, text)
        except BadText as bad:
            problems.append(Problem(str(bad), bad.file or each, bad.line))
            continue
        if edition.language in read:
            problems.append(Problem(_("Two files are in the same language."), each))
        read.setdefault(edition.language, edition)
    return list(read.values()), problems


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a ZIP by name, without their folders. Raises BadText for one that is too large."""
    files: dict[str, bytes] = {}
    left = UNPACKED_LIMIT
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        for entry in pack.infolist():
            path = PurePosixPath(entry.filename)
            if entry.is_dir() or path.name.startswith(".") or "__MACOSX" in path.parts:
                continue
            with pack.open(entry) as file:
                # What a ZIP says of its sizes need not be true.
                text = file.read(left + 1)
            left -= len(text)
            if left < 0:
                raise BadText(_("The files in it are larger than 8 MB."))
            files[path.name] = text
    return files


def plan(consultation: Consultation, writings: Sequence[Writing], given: Sequence[Edition]) -> Plan:
    """What these languages would do to a text that is written so far. Nothing is written."""
    known = {each.principle.number: each for each in writings}
    added: set[int] = set()
    lines: list[Line] = []
    problems: list[Problem] = []
    for edition in sorted(given, key=lambda each: each.language != consultation.authoritative):
        file = f"{edition.language}{ENDING}"
        if edition.language not in consultation.languages:
            sentence = _("This consultation has no text in that language.")
            problems.append(Problem(sentence, file))
            continue
        for number, section in edition.sections.items():
            words, writing = (section.title.strip(), section.body.strip()), known.get(number)
            if sentence := _unfit(consultation, edition.language, number, words, known, added):
                problems.append(Problem(sentence, file))
                continue
            before = writing.standing(edition.language) if writing else NOTHING
            fate = Fate.SAME if before == words else Fate.CHANGED if any(before) else Fate.NEW
            if writing is None:
                added.add(number)
            lines.append(Line(number, edition.language, fate, before, words, section.heading))
    return Plan(lines, problems, base_of(writings))


def base_of(writings: Sequence[Writing]) -> str:
    """Names the state of all principles and their drafts."""
    return canonical.digest({str(each.principle.number): each.token for each in writings})


def _unfit(
    consultation: Consultation,
    language: str,
    number: int,
    words: Words,
    known: Mapping[int, Writing],
    added: set[int],
) -> str:
    """Why a principle can't be taken from a file; empty if it can."""
    told = {"number": number}
    writing = known.get(number)
    if writing is not None and writing.principle.withdrawn_at is not None:
        return _("Principle %(number)d was withdrawn. It stays as it is.") % told
    if writing is None and number not in added:
        if language != consultation.authoritative:
            return _("Principle %(number)d is not in the authoritative text.") % told
        if number <= max(known, default=0):
            return _("There is no principle %(number)d, and its number is not given again.") % told
    title, body = words
    if "\n" in title:
        return _("A title is one line.")
    long = too_long(title, TITLE_LIMIT) or too_long(body, BODY_LIMIT)
    return _("Principle %(number)d: %(why)s") % {**told, "why": long} if long else ""
