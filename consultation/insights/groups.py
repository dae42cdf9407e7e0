"""Positions by region and by type of institution, each group counted both ways. Reads, never writes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from accounts import queries as accounts
from consultation.comments import queries as comments
from consultation.endorsements import queries as endorsements
from consultation.insights.voices import Held, Voice, silence, voices
from consultation.texts import queries as texts
from consultation.texts.models import Consultation

Place = tuple[str, str, str]  # country, region and type of an institution


@dataclass(frozen=True)
class Group:
    """The institutions heard of one region or type, and what they say of each principle in force."""

    key: str
    institutions: int
    countries: int
    voices: list[Voice]

    @property
    def endorsements(self) -> int:
        """Endorsements of the current text, over all principles."""
        return sum(each.support for each in self.voices)

    @property
    def share(self) -> float:
        """The share of its institutions that endorse a principle, on average over the principles."""
        return self.endorsements / (self.institutions * len(self.voices)) if self.voices else 0.0

    @property
    def equal_voice(self) -> float:
        """The same with one voice for each of its countries."""
        told = [each.equal_voice["support"] for each in self.voices]
        return sum(told) / len(told) if told else 0.0


@dataclass(frozen=True)
class Groups:
    """Every region and every type that is heard, by its code."""

    regions: list[Group]
    types: list[Group]


def groups(consultation: Consultation) -> Groups:
    """The figures by region and type, in a fixed number of queries."""
    numbers = list(texts.principles(consultation).values_list("number", flat=True))
    heard = _heard(consultation)
    held = _held(consultation)
    return Groups(
        regions=_by(1, heard, held, numbers),
        types=_by(2, heard, held, numbers),
    )


def _heard(consultation: Consultation) -> Counter[Place]:
    said: QuerySet[Any] = comments.public().filter(consultation=consultation).order_by()
    keys = set(said.values_list("institution", flat=True).distinct()) | endorsements.holders(consultation)
    rows = accounts.public().filter(pk__in=keys)
    return Counter(rows.values_list("current__country", "current__region", "current__type"))


def _held(consultation: Consultation) -> list[tuple[Place, Held]]:
    newest = endorsements.substantive_versions(consultation)
    rows: QuerySet[Any] = endorsements.effective().filter(consultation=consultation).order_by()
    current = "institution__current"
    counted = rows.values_list(
        f"{current}__country",
        f"{current}__region",
        f"{current}__type",
        "principle__number",
        "version__number",
        "position",
    ).annotate(total=Count("pk"))
    return [
        (
            (country, region, kind),
            Held(country, number, endorsements.kind(position, version, newest.get(number, 1)), total),
        )
        for country, region, kind, number, version, position, total in counted
    ]


def _by(
    part: int, heard: Counter[Place], held: Iterable[tuple[Place, Held]], numbers: list[int]
) -> list[Group]:
    members: dict[str, Counter[str]] = defaultdict(Counter)
    said: dict[str, list[Held]] = defaultdict(list)
    for place, total in heard.items():
        members[place[part]][place[0]] += total
    for place, each in held:
        said[place[part]].append(each)
    return [_group(key, members[key], said[key], numbers) for key in sorted(members)]


def _group(key: str, countries: Counter[str], held: list[Held], numbers: list[int]) -> Group:
    told = {each.number: each for each in voices(held, countries)}
    spoken = [told.get(number) or silence(number) for number in numbers]
    return Group(key, countries.total(), len(countries), spoken)
