"""What the secretariat changed about a public consultation: each fact in words, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consultation.kit import languages
from consultation.texts import queries as texts
from consultation.texts.facts import LABELS
from consultation.texts.models import Consultation, ConsultationChange, Policy


@dataclass(frozen=True)
class Row:
    """One fact, or what is said in one language (`lang`, else empty)."""

    label: str
    lang: str
    before: str
    after: str


@dataclass(frozen=True)
class Changed:
    """All that was changed at once."""

    number: int
    at: datetime
    rows: list[Row]


def changes(consultation: Consultation) -> list[Changed]:
    """Everything that was changed since it is public, the newest first."""
    return [_changed(each) for each in texts.changes(consultation)]


def change(consultation: Consultation, number: int) -> Changed | None:
    """One of them, by its number."""
    found = texts.changes(consultation).filter(number=number).first()
    return _changed(found) if found else None


def in_words(name: str, value: object) -> str:
    """A fact as text: languages as tags, a policy and what is allowed in words, all else as it is."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return " ".join(languages.html_lang(str(code)) for code in value)
    return str(Policy(str(value)).label) if name == "policy" else str(value)


def _changed(change: ConsultationChange) -> Changed:
    names = [name for name in LABELS if name in change.after]
    rows = [row for name in names for row in _rows(name, change.before[name], change.after[name])]
    return Changed(change.number, change.at, rows)


def _rows(name: str, before: Any, after: Any) -> list[Row]:
    label = str(LABELS[name])
    if not isinstance(after, dict):
        return [Row(label, "", in_words(name, before), in_words(name, after))]
    codes = [code for code in {**before, **after} if before.get(code) != after.get(code)]
    reader = get_language() or "en"
    return [
        Row(
            f"{label}, {languages.name(code, reader)}",
            languages.html_lang(code),
            before.get(code, ""),
            after.get(code, ""),
        )
        for code in codes
    ]
