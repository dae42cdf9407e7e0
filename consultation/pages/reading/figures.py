"""The figures that several pages show, made once for each state of the record."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from consultation.comments import queries as comments
from consultation.insights import queries as insights
from consultation.insights.queries import Participation
from consultation.record import queries as record
from consultation.texts.models import Consultation

KEPT = 24 * 3600


@dataclass(frozen=True)
class Figures:
    """Who takes part; how many comments from how many countries each principle has (None: the whole text)."""

    participation: Participation
    comments: dict[int | None, int]
    countries: dict[int | None, int]

    @property
    def heard(self) -> int:
        """How many institutions are heard in the whole consultation."""
        return self.participation.totals["institutions"]


@dataclass(frozen=True)
class Positions:
    """The positions on one principle: counts that sum up to `total`, the institutions heard."""

    counts: dict[str, int]
    total: int
    support: int
    equal_voice: int | None


def of(consultation: Consultation) -> Figures:
    """The figures as the record stands now; kept for a day under its stamp."""
    # The stamp is read first: figures that are newer than it are found again under the next one.
    key = f"figures-1:{consultation.pk}:{record.stamp(consultation.pk)}"
    kept: Figures | None = cache.get(key)
    if kept is None:
        kept = Figures(
            insights.participation(consultation),
            comments.counts(consultation),
            comments.commenting_countries(consultation),
        )
        cache.set(key, kept, KEPT)
    return kept


def positions(figures: Figures, number: int) -> Positions:
    """What the institutions heard say of one principle; whoever said nothing is silent."""
    voice = figures.participation.voice(number)
    counts = {
        key: voice.raw.get(key, 0)
        for key in ("endorse", "endorse_with_reservation", "to_reaffirm", "decline")
    }
    spoken = sum(counts.values())
    counts["silent"] = max(0, figures.heard - spoken)
    share = round(100 * voice.equal_voice["support"]) if spoken else None
    support = counts["endorse"] + counts["endorse_with_reservation"]
    return Positions(counts, spoken + counts["silent"] if spoken else 0, support, share)
