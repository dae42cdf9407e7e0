"""Several cases decided alike: what can be ticked, and what was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from consultation.kit import keyset
from consultation.kit.languages import html_lang
from consultation.moderation import queries as moderation
from consultation.moderation.actions import MOST_AT_ONCE
from consultation.moderation.handlers import Subject, describe
from consultation.moderation.models import Case
from consultation.office import wording
from consultation.office.reading.asking import Asked
from consultation.texts import queries as texts

SIZE = 40


@dataclass(frozen=True)
class Line:
    """One case with its words, and the revision that is read here."""

    key: str
    title: str
    url: str
    institution: Any
    language: str
    text: str
    proposed: str
    seen: tuple[UUID, Subject]


@dataclass(frozen=True)
class Ticks:
    """A page of what can be ticked, with the way to the next."""

    lines: list[Line]
    next_cursor: str | None


def page(request: HttpRequest, person: User, wanted: Asked) -> Ticks:
    """What the person may decide of what the address asks for. Raises CursorRefused."""
    at = request.received_at  # type: ignore[attr-defined]
    waiting = wanted.filters.apply(moderation.offered_to(person, at=at), person=person, at=at)
    free = waiting.filter(moderation.free_for(person, at=at), is_appeal=False)
    found = keyset.page(free, moderation.BY_RANK, size=SIZE, cursor=request.GET.get("after") or None)
    return Ticks(lines(found.results), found.next_cursor)


def lines(cases: Sequence[Case]) -> list[Line]:
    """These cases with their words: a fixed number of queries."""
    subjects = describe([case.item for case in cases])
    return [_line(case, subjects[case.item_id]) for case in cases]


def _line(case: Case, subject: Subject) -> Line:
    return Line(
        f"{case.pk}:{subject.revision}",
        wording.what(case.item.kind, subject.reference),
        reverse("office:case", args=[case.pk]),
        case.item.institution.current,
        html_lang(subject.language),
        subject.text,
        subject.proposed_text,
        (case.item_id, subject),
    )


def ticked(values: Iterable[str]) -> dict[UUID, int]:
    """The revisions that were read, by the keys of their cases; what means nothing is left out."""
    found: dict[UUID, int] = {}
    for value in list(values)[:MOST_AT_ONCE]:
        key, _colon, revision = value.partition(":")
        try:
            found[UUID(key)] = int(revision)
        except ValueError:
            continue
    return found


def chosen(person: User, revisions: Mapping[UUID, int]) -> list[Case]:
    """The ticked cases that the person reads, in their order."""
    seen = moderation.with_rows(moderation.visible_to(person)).in_bulk(list(revisions))
    return [seen[key] for key in revisions if key in seen]


def clauses(cases: Sequence[Case]) -> list[tuple[str, str]]:
    """The clauses that can be named for all of them: those of their one consultation."""
    if len({case.consultation_id for case in cases}) != 1:
        return []
    consultation, reader = cases[0].consultation, get_language() or "en"
    return [
        (each.number, f"{each.number} {consultation.in_language(each.titles, reader)}")
        for each in texts.clauses_in_force(consultation)
    ]


def actions() -> list[tuple[str, str]]:
    """What can be decided for many alike."""
    return [(each, str(wording.CHOICES[each].label)) for each in moderation.ALIKE]


def summary(done: int, refused: Sequence[tuple[str, str]]) -> list[str]:
    """What became of them: how many were decided, and each one that was not, with why."""
    told = [_("Decided: %(number)d.") % {"number": done}] if done else []
    return told + [f"{title}: {sentence}" for title, sentence in refused]
