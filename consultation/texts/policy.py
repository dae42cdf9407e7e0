"""The clauses of a moderation policy: their words checked, their numbers, and the usual ones."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from consultation.kit.text import NOTE_LIMIT
from consultation.texts.facts import Errors, fit, require
from consultation.texts.models import Consultation, PolicyClause
from consultation.texts.source import read_folder

# The clauses of the text that is shipped are meant for any consultation.
SHIPPED = Path(__file__).parent / "initiative"

ClauseWords = dict[str, dict[str, str]]


def checked(consultation: Consultation, words: Mapping[str, Mapping[str, str]]) -> ClauseWords:
    """The words of one clause as they are kept, without the languages in which it has none.

    Raises Refusal `invalid` with paths such as `fr.title`: title and text go together in each language, and
    are there in the authoritative one.
    """
    errors: Errors = {}
    kept = {
        code: {
            "title": fit("title", said.get("title", ""), errors, path=f"{code}.title"),
            "text": fit("lead", said.get("text", ""), errors, path=f"{code}.text", limit=NOTE_LIMIT),
        }
        for code, said in words.items()
        if code in consultation.languages
    }
    for code in consultation.languages:
        said = kept.get(code, {"title": "", "text": ""})
        needed = code == consultation.authoritative or any(said.values())
        for name, text in said.items():
            if needed and not text:
                errors.setdefault(f"{code}.{name}", [_("Title and text go together.")])
    require(errors)
    return {code: said for code, said in kept.items() if any(said.values())}


def apart(words: ClauseWords) -> tuple[dict[str, str], dict[str, str]]:
    """The titles by language, and the texts."""
    return (
        {code: said["title"] for code, said in words.items()},
        {code: said["text"] for code, said in words.items()},
    )


def words_of(clause: PolicyClause) -> ClauseWords:
    """What a clause says, as `checked` gives it."""
    return {
        code: {"title": clause.titles.get(code, ""), "text": clause.texts.get(code, "")}
        for code in sorted({*clause.titles, *clause.texts})
    }


def next_number(consultation: Consultation) -> str:
    """One more than the highest number that a clause of this policy has, withdrawn ones too."""
    numbers = [int(each.number) for each in consultation.clauses.all() if each.number.isdecimal()]
    return str(max(numbers, default=0) + 1)


def usual(consultation: Consultation) -> dict[str, ClauseWords]:
    """The usual clauses by number, in those languages of the consultation in which they are there."""
    found: dict[str, ClauseWords] = {}
    for code in consultation.languages:
        for number, said in _shipped().get(code, {}).items():
            found.setdefault(number, {})[code] = dict(said)
    return found


@cache
def _shipped() -> dict[str, ClauseWords]:
    """By language, then number."""
    editions = read_folder(SHIPPED).editions
    return {
        code: {
            str(number): {"title": str(said["title"]).strip(), "text": str(said["text"]).strip()}
            for number, said in each.front.get("clauses", {}).items()
        }
        for code, each in editions.items()
    }
