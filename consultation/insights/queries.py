"""Who takes part, in raw counts and with an equal voice for each country. Reads, never writes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from accounts.geography import MEMBER_STATES
from accounts.models import Institution, InstitutionState
from consultation.comments import queries as comments
from consultation.endorsements import queries as endorsements
from consultation.insights.voices import ENDORSING, Held, Voice, silence, voices
from consultation.record import queries as record
from consultation.texts import queries as texts
from consultation.texts.models import Consultation


@dataclass(frozen=True)
class Country:
    """One country heard; `weight` is one divided by the number of its heard institutions."""

    code: str
    region: str
    institutions: int
    comments: int
    endorsements: int

    @property
    def weight(self) -> float:
        return 1 / self.institutions


@dataclass(frozen=True)
class Participation:
    """The figures of a consultation as of a record number (DESIGN 4, Counting)."""

    as_of: int
    totals: dict[str, int]
    countries: list[Country] = field(default_factory=list)
    regions: dict[str, int] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    silent: list[str] = field(default_factory=list)
    principles: list[Voice] = field(default_factory=list)

    def voice(self, number: int) -> Voice:
        """The figures of one principle; silence where nobody spoke."""
        found = next((each for each in self.principles if each.number == number), None)
        return found or silence(number)


@dataclass(frozen=True)
class _Heard:
    country: dict[int, str]
    region: dict[str, str]
    type: dict[int, str]


def participation(consultation: Consultation) -> Participation:
    """All figures of the participation page, in a fixed number of queries."""
    as_of = record.newest_public(consultation.pk)
    comment_rows = _comments_by_institution(consultation)
    held = positions(consultation)
    heard = _heard({*comment_rows, *endorsements.holders(consultation)})
    by_country = Counter(heard.country.values())
    comment_totals = _by_country(heard, comment_rows)
    endorsement_totals: Counter[str] = Counter()
    for each in held:
        if each.kind in ENDORSING:
            endorsement_totals[each.country] += each.total
    return Participation(
        as_of=as_of,
        totals={
            "institutions": len(heard.country),
            "countries": len(by_country),
            "comments": sum(comments.counts(consultation).values()),
            "endorsements": endorsement_totals.total(),
        },
        countries=[
            Country(code, heard.region[code], number, comment_totals[code], endorsement_totals[code])
            for code, number in sorted(by_country.items())
        ],
        regions=dict(sorted(Counter(heard.region[code] for code in heard.country.values()).items())),
        types=dict(sorted(Counter(heard.type.values()).items())),
        languages=_languages(consultation),
        silent=sorted(MEMBER_STATES - set(by_country)),
        principles=voices(held, by_country),
    )


def positions(consultation: Consultation) -> list[Held]:
    """Effective positions counted by country, principle and kind: two queries, whatever their number."""
    newest = endorsements.substantive_versions(consultation)
    rows: QuerySet[Any] = endorsements.effective().filter(consultation=consultation).order_by()
    counted = rows.values_list(
        "institution__current__country", "principle__number", "version__number", "position"
    ).annotate(total=Count("pk"))
    return [
        Held(country, principle, endorsements.kind(position, version, newest.get(principle, 1)), total)
        for country, principle, version, position, total in counted
    ]


def _comments_by_institution(consultation: Consultation) -> dict[int, int]:
    rows = comments.public().filter(consultation=consultation).order_by().values("institution")
    return {row["institution"]: row["total"] for row in rows.annotate(total=Count("pk"))}


def _heard(keys: set[int]) -> _Heard:
    rows = Institution.objects.filter(pk__in=keys, state=InstitutionState.VERIFIED)
    facts = list(rows.values_list("pk", "current__country", "current__region", "current__type"))
    return _Heard(
        {pk: country for pk, country, _region, _type in facts},
        {country: region for _pk, country, region, _type in facts},
        {pk: kind for pk, _country, _region, kind in facts},
    )


def _by_country(heard: _Heard, totals: dict[int, int]) -> Counter[str]:
    summed: Counter[str] = Counter()
    for institution, total in totals.items():
        if institution in heard.country:
            summed[heard.country[institution]] += total
    return summed


def _languages(consultation: Consultation) -> dict[str, int]:
    rows = comments.public().filter(consultation=consultation).order_by().values("shown__language")
    return {row["shown__language"]: row["total"] for row in rows.annotate(total=Count("pk"))}


@dataclass(frozen=True)
class Headline:
    """The five numbers that stand beside a consultation's title."""

    principles: int
    comments: int
    endorsements: int
    institutions: int
    countries: int


def headlines(consultations: Sequence[Consultation]) -> dict[int, Headline]:
    """The headline of each of these consultations, by its key: five queries whatever their number."""
    keys = [each.pk for each in consultations]
    comment_totals = comments.totals(consultations)
    principle_totals = texts.principle_totals(consultations)
    effective: QuerySet[Any] = endorsements.public().filter(consultation__in=keys)
    endorsing = effective.filter(position__in=ENDORSING, to_reaffirm=False)
    endorsing_rows = endorsing.order_by().values("consultation").annotate(total=Count("pk"))
    endorsing_totals = {row["consultation"]: row["total"] for row in endorsing_rows}
    heard: dict[int, dict[int, str]] = defaultdict(dict)
    for gate in (comments.public(), endorsements.public()):
        rows = gate.filter(consultation__in=keys, institution__state=InstitutionState.VERIFIED).order_by()
        named = rows.values_list("consultation", "institution", "institution__current__country").distinct()
        for consultation, institution, country in named:
            heard[consultation][institution] = country
    return {
        key: Headline(
            principle_totals.get(key, 0),
            comment_totals.get(key, 0),
            endorsing_totals.get(key, 0),
            len(heard[key]),
            len(set(heard[key].values())),
        )
        for key in keys
    }
