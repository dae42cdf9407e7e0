from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from consultation.record.models import SITE, Entry, Stream


def public(consultation: int) -> QuerySet[Entry]:
    """The public history of a consultation (its key), newest first."""
    return Entry.objects.filter(stream_id=consultation, public=True).order_by("-number")


def entries(consultation: int) -> QuerySet[Entry]:
    """All that is on record of a consultation (its key), newest first: for those who answer for it."""
    return Entry.objects.filter(stream_id=consultation).order_by("-number")


@dataclass(frozen=True)
class Chosen:
    """Which entries are wanted: of these kinds, about this principle (its number), institution (its key),
    and not before `since` nor from `until` on. None leaves a question open."""

    kinds: Collection[str] | None = None
    principle: int | None = None
    institution: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def chosen(entries: QuerySet[Entry], wanted: Chosen) -> QuerySet[Entry]:
    """Those of `entries` that are wanted."""
    asked = {
        "kind__in": wanted.kinds,
        "principle": wanted.principle,
        "institution": wanted.institution,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }
    return entries.filter(**{path: value for path, value in asked.items() if value is not None})


def newest_public(consultation: int) -> int:
    """The highest public number of a stream; 0 before anything happened."""
    stream = Stream.objects.filter(consultation=consultation).values_list("public_number", flat=True).first()
    return stream or 0


def newest_public_at(consultation: int, moment: datetime) -> int:
    """The highest public number at or before `moment`, under the stream's lock: call in a transaction."""
    Stream.objects.select_for_update(no_key=True, of=("self",)).filter(consultation=consultation).first()
    newest = public(consultation).filter(at__lte=moment).aggregate(Max("number"))
    return newest["number__max"] or 0


def newest_public_for(consultation: int, principle: int | None) -> int:
    """The highest public number that names this principle or none: what a digest's scope changed last."""
    if principle is None:
        return newest_public(consultation)
    scope = public(consultation).filter(Q(principle=principle) | Q(principle=None))
    return scope.values_list("number", flat=True).first() or 0


def stamp(consultation: int, principle: int | None = None) -> str:
    """Changes whenever what readers see of this consultation (or principle) may have changed."""
    return f"{newest_public(SITE)}.{newest_public_for(consultation, principle)}"
