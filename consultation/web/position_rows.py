"""A sheet with a row for each principle: the position on it, its statement, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from consultation.endorsements.actions import Choice
from consultation.endorsements.models import Endorsement, EndorsementState, Position
from consultation.kit import languages
from consultation.kit.refusal import Refusal
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, Principle


@dataclass
class Row:
    """One principle on the sheet, with the words of its current version."""

    number: int
    version: int
    version_date: Any
    title: str
    body: str
    language: str
    text_hash: str
    held: str = "silent"
    ticked: bool = False
    position: str = Position.ENDORSE
    statement: str = ""
    statement_language: str = ""
    # The words are others than those that were on the sheet when it was opened.
    changed: bool = False
    errors: list[str] = field(default_factory=list)

    @property
    def position_label(self) -> str:
        return str(Position(self.position).label) if self.position in Position.values else ""

    @property
    def apart(self) -> bool:
        """Whether the row holds something else than a plain endorsement."""
        return self.position != Position.ENDORSE or bool(self.statement) or bool(self.errors)

    def choice(self) -> Choice:
        """The row as the verbs take it."""
        return Choice(self.number, self.version, self.position, self.statement, self.statement_language)


def fresh(consultation: Consultation, language: str, held: Mapping[int, Endorsement]) -> list[Row]:
    """A row for each principle as a new sheet has it: ticked where nothing stands or the text changed since.

    `held` are the positions that stand or wait for a signature, by principle number; what was reserved or
    declined is not ticked.
    """
    rows = [_row(each, language) for each in texts.principles(consultation)]
    for row in rows:
        own = held.get(row.number)
        if own is None:
            row.ticked = True
        else:
            row.position, row.statement = own.position, own.statement
            row.held = "to_reaffirm" if own.to_reaffirm else own.position  # type: ignore[attr-defined]
            row.statement_language = own.language if own.statement else ""
            proposed = own.state != EndorsementState.SIGNED
            row.ticked = proposed or own.position == Position.ENDORSE
    return rows


def _row(principle: Principle, language: str) -> Row:
    version = principle.current
    assert version is not None
    words = texts.translation(version, language)
    return Row(
        principle.number,
        version.number,
        version.published_at,
        words.title,
        words.body,
        languages.html_lang(words.language),
        version.text_hash,
    )


def sent(rows: Sequence[Row], data: QueryDict) -> None:
    """Fill the rows with what was sent. What was ticked for another version is not ticked any more."""
    ticked = set(data.getlist("principle"))
    for row in rows:
        number = str(row.number)
        row.changed = number in ticked and data.get(f"version-{number}") != str(row.version)
        row.ticked = number in ticked and not row.changed
        row.position = data.get(f"position-{number}") or row.position
        statement = data.get(f"statement-{number}", "")
        if statement != row.statement:
            row.statement, row.statement_language = statement, ""


def put(refusal: Refusal, rows: Sequence[Row]) -> None:
    """Put the sentences of a refusal into the rows that they are about."""
    chosen = [row for row in rows if row.ticked]
    for path, sentences in refusal.errors.items():
        name, _dot, number = path.partition(".")
        if name not in ("position", "statement"):
            continue
        for row in rows if number else chosen[:1]:
            if not number or str(row.number) == number:
                row.errors += [str(sentence) for sentence in sentences]


def numbers_beyond(rows: Sequence[Row], data: QueryDict) -> bool:
    """Whether something was ticked that is no principle of this text."""
    return bool(set(data.getlist("principle")) - {str(row.number) for row in rows})
