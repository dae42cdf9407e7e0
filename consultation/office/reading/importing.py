"""What an imported text would change, principle by principle."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from consultation.kit import languages
from consultation.kit.redline import as_html, redline
from consultation.texts import drafts, importing
from consultation.texts.importing import Fate, Problem
from consultation.texts.models import Consultation


@dataclass(frozen=True)
class Change:
    """One language of a principle: its words in the file, as a redline where there are others by now."""

    language: str
    lang: str
    dir: str
    new: bool
    title: SafeString
    body: SafeString


@dataclass
class Row:
    """One principle, whatever its files say of it."""

    number: int
    changes: list[Change] = field(default_factory=list)
    same: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Preview:
    """All that importing would do: a row for each principle with another draft; and what it passes over."""

    rows: list[Row]
    unchanged: list[int]
    problems: list[Problem]
    base: str


def preview(consultation: Consultation, name: str, content: bytes) -> Preview:
    """What these files would do to the text as it is being written."""
    editions, problems = importing.editions(name, content)
    writings = drafts.writings(drafts.principles(consultation))
    plan = importing.plan(consultation, writings, editions)
    rows: dict[int, Row] = {}
    for line in plan.lines:
        row = rows.setdefault(line.number, Row(line.number))
        language = languages.name(line.language, get_language() or "en")
        if line.fate is Fate.SAME:
            row.same.append(language)
            continue
        title, body = (as_html(redline(old, new)) for old, new in zip(line.before, line.after, strict=True))
        lang, direction = languages.html_lang(line.language), languages.direction(line.language)
        row.changes.append(Change(language, lang, direction, line.fate is Fate.NEW, title, body))
    ordered = [rows[number] for number in sorted(rows)]
    unchanged = [row.number for row in ordered if not row.changes]
    return Preview([row for row in ordered if row.changes], unchanged, problems + plan.problems, plan.base)
