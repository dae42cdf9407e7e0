"""How positions came and went, day by day, told by the record. Reads, never writes."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet

from consultation.endorsements import queries as endorsements
from consultation.insights.voices import ENDORSING, TO_REAFFIRM
from consultation.texts.models import Change, Consultation, PrincipleVersion

# Each gain and each loss of effect is one public entry; what a position says never changes.
_FLOWS = """
    SELECT (entry.at AT TIME ZONE %(zone)s)::date, entry.kind, principle.number, version.number,
           held.position, count(*)
    FROM consultation_entry AS entry
    JOIN consultation_endorsement AS held ON held.id::text = entry.subject_key
    JOIN consultation_principle AS principle ON principle.id = held.principle_id
    JOIN consultation_principleversion AS version ON version.id = held.version_id
    WHERE entry.stream_id = %(consultation)s AND entry.public AND entry.subject_kind = 'endorsement'
      AND entry.kind IN ('endorsement.took_effect', 'endorsement.lost_effect')
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY 1
"""


@dataclass(frozen=True)
class NewText:
    """A version that was published after the first one."""

    principle: int
    version: int
    substantive: bool


@dataclass(frozen=True)
class Day:
    """A day on which something changed: gains and losses of effect, and what stands at its end."""

    day: date
    gained: int
    lost: int
    endorsing: int
    declining: int
    to_reaffirm: int
    texts: tuple[NewText, ...] = ()


Place = tuple[int, int, str]  # principle, version, position


def timeline(consultation: Consultation) -> list[Day]:
    """The days in the consultation's own zone on which positions or the text changed, the first one first.

    Two queries. The last day says what stands now.
    """
    flows = _flows(consultation)
    published = _published(consultation)
    standing: Counter[Place] = Counter()
    substantive: dict[int, int] = {}
    told = []
    for day in sorted({*flows, *published}):
        gained, lost = flows[day]
        standing.update(gained)
        standing.subtract(lost)
        texts = published.get(day, [])
        substantive |= {each.principle: each.version for each in texts if each.substantive}
        told.append(_day(day, gained, lost, _kinds(standing, substantive), texts))
    first = next((place for place, each in enumerate(told) if each.gained), len(told))
    return told[first:]


def _day(
    day: date, gained: Counter[Place], lost: Counter[Place], kinds: Counter[str], texts: list[NewText]
) -> Day:
    return Day(
        day,
        gained.total(),
        lost.total(),
        sum(kinds[kind] for kind in ENDORSING),
        kinds["decline"],
        kinds[TO_REAFFIRM],
        tuple(texts),
    )


def _kinds(standing: Counter[Place], substantive: dict[int, int]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for (principle, version, position), total in standing.items():
        counted[endorsements.kind(position, version, substantive.get(principle, 1))] += total
    return counted


def _flows(consultation: Consultation) -> dict[date, tuple[Counter[Place], Counter[Place]]]:
    flows: dict[date, tuple[Counter[Place], Counter[Place]]] = defaultdict(lambda: (Counter(), Counter()))
    with connection.cursor() as cursor:
        cursor.execute(_FLOWS, {"zone": consultation.zone, "consultation": consultation.pk})
        for day, kind, principle, version, position, total in cursor:
            side = flows[day][kind == "endorsement.lost_effect"]
            side[principle, version, position] += total
    return flows


def _published(consultation: Consultation) -> dict[date, list[NewText]]:
    zone = ZoneInfo(consultation.zone)
    rows: QuerySet[Any] = PrincipleVersion.objects.filter(
        principle__consultation=consultation, published_at__isnull=False, number__gt=1
    ).order_by("published_at", "principle__number")
    found: dict[date, list[NewText]] = defaultdict(list)
    for principle, version, change, at in rows.values_list(
        "principle__number", "number", "change", "published_at"
    ):
        text = NewText(principle, version, change == Change.SUBSTANTIVE)
        found[at.astimezone(zone).date()].append(text)
    return found
