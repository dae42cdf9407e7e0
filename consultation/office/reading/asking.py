"""Which cases an address of the queue asks for, and what else it could ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts import geography
from accounts.models import User
from consultation.kit import languages
from consultation.moderation import queries as moderation
from consultation.moderation.filters import WHOLE_TEXT, Age, CaseFilters
from consultation.office import wording
from consultation.texts.models import Consultation

NAMES = ("consultation", "principle", "reason", "language", "country", "kind", "age", "mine")
AGES: dict[str, Promise] = {
    Age.LATE: gettext_lazy("Past the target time"),
    Age.DAY: gettext_lazy("Older than a day"),
    Age.WEEK: gettext_lazy("Older than a week"),
}
LIMIT = 100  # code points of one value
DIGITS = 6


@dataclass(frozen=True)
class Asked:
    """What stands in an address, as far as it means something."""

    values: dict[str, str]

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in self.values.items() if value})

    @cached_property
    def filters(self) -> CaseFilters:
        principle = self.values["principle"]
        return CaseFilters(
            consultation=self.values["consultation"],
            kind=self.values["kind"],
            language=self.values["language"],
            country=self.values["country"],
            reason=self.values["reason"],
            principle=int(principle) if principle else None,
            age=self.values["age"],
            mine=bool(self.values["mine"]),
        )


def asked(request: HttpRequest) -> Asked:
    """What the address of this request asks for; what means nothing is not asked for."""
    values = {name: request.GET.get(name, "")[:LIMIT].replace("\x00", "") for name in NAMES}
    principle = values["principle"]
    if not (principle.isascii() and principle.isdecimal() and len(principle) <= DIGITS):
        values["principle"] = ""
    if values["age"] not in AGES:
        values["age"] = ""
    return Asked(values)


def fields(
    person: User, consultations: Sequence[Consultation], asked: Asked, *, at: datetime
) -> list[dict[str, Any]]:
    """One field for each filter, with what can be chosen among what waits: one query."""
    reader = get_language() or "en"
    there = moderation.spread(person, at=at)
    found: list[tuple[str, str, str, list[tuple[Any, Any]]]] = [
        ("principle", _("Principle"), _("Any principle"), _principles(there.principles)),
        (
            "reason",
            _("Reason"),
            _("Any reason"),
            [(code, str(words)) for code, words in wording.SHORT_REASONS.items()],
        ),
        ("language", _("Language"), _("Any language"), _named(there.languages, languages.name, reader)),
        ("country", _("Country"), _("Any country"), _named(there.countries, geography.name, reader)),
        ("kind", _("Kind"), _("Any kind"), list(wording.KINDS.items())),
        ("age", _("Age"), _("Any age"), list(AGES.items())),
        ("mine", _("Whose"), _("Everybody’s"), [("1", _("What I hold"))]),
    ]
    if len(consultations) > 1:
        names = [(each.slug, each.title(reader)) for each in consultations]
        found.insert(0, ("consultation", _("Consultation"), _("Any consultation"), names))
    return [_field(*each, asked.values[each[0]]) for each in found]


def _field(
    name: str, label: str, everything: str, choices: list[tuple[Any, Any]], chosen: str
) -> dict[str, Any]:
    spelled = [(str(value), words) for value, words in choices]
    # What nothing waits for any longer still says what the address asks for.
    if chosen and chosen not in dict(spelled):
        spelled.append((chosen, chosen))
    facts = {"name": name, "label": label, "all": everything, "choices": spelled, "chosen": chosen}
    return facts | {"said": dict(spelled).get(chosen, "")}


def _principles(numbers: set[int | None]) -> list[tuple[int, str]]:
    whole = [(WHOLE_TEXT, _("The text as a whole"))] if None in numbers else []
    known = sorted(number for number in numbers if number is not None)
    return [*whole, *((number, _("Principle %(number)s") % {"number": number}) for number in known)]


def _named(codes: set[str], name: Any, reader: str) -> list[tuple[str, str]]:
    """These codes by their names, in the order of the names."""
    return sorted(((code, name(code, reader)) for code in codes), key=lambda each: each[1].casefold())
