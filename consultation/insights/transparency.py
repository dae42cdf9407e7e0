"""Moderation in figures: what came, what was decided, by which clause, and how long it took. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Aggregate,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Cast, Extract, TruncMonth

from consultation.comments.models import Comment
from consultation.endorsements.models import Endorsement, Withdrawal
from consultation.moderation.models import Action, Case, Decision, Flag, Item
from consultation.record.models import Entry
from consultation.texts.models import Consultation

# The figures of each month, in the order in which they are told.
MEASURES = (
    "received",
    "published",
    "returned",
    "rejected",
    "hidden",
    "redacted",
    "restored",
    "flagged",
    "appealed",
    "reversed",
    "undone",
)
OF_ACTION = {
    Action.RETURN: "returned",
    Action.REJECT: "rejected",
    Action.HIDE: "hidden",
    Action.REDACT: "redacted",
    Action.RESTORE: "restored",
    Action.REVERSE: "reversed",
}
AGAINST = (Action.RETURN, Action.REJECT, Action.HIDE, Action.REDACT)
# Below so many institutions a group says too much about each: such groups are counted together.
FEWEST = 3
OTHERS = ""


class Percentile(Aggregate):
    """PostgreSQL's `percentile_cont`: the value at that share of all, or between the two next to it."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, share: float) -> None:
        super().__init__(expression, share=share, output_field=FloatField())


@dataclass(frozen=True)
class Span:
    """In hours from the opening of a case to its decision: the median, and what nine of ten took at most."""

    decided: int
    median: float
    ninth: float


@dataclass(frozen=True)
class Month:
    """One month in the consultation's own zone; `span` is None where nothing was decided."""

    first: date
    figures: Mapping[str, int]
    span: Span | None


@dataclass(frozen=True)
class Group:
    """Contributions of one country or in one language; the key OTHERS stands for those counted together."""

    key: str
    received: int
    against: Mapping[str, int]


@dataclass(frozen=True)
class Report:
    """All figures. `clauses` counts, by number, how often each decision went against a contribution by it."""

    months: list[Month]
    totals: Mapping[str, int]
    span: Span | None
    clauses: dict[str, Counter[str]]
    countries: list[Group]
    languages: list[Group]


@dataclass
class _Sent:
    institutions: set[int] = field(default_factory=set)
    received: int = 0
    against: Counter[str] = field(default_factory=Counter)


def report(consultation: Consultation) -> Report:
    """The whole report as it stands: a fixed number of queries. What was undone counts as undone alone."""
    zone = ZoneInfo(consultation.zone)
    by_month: dict[date, Counter[str]] = defaultdict(Counter)
    for name, counted in _counted(consultation, zone):
        for first, total in counted.items():
            by_month[first][name] += total
    decided = _decided(consultation)
    spans = _spans(decided, zone)
    months = [
        Month(first, {name: by_month[first][name] for name in MEASURES}, spans.get(first))
        for first in sorted({*by_month, *spans})
    ]
    countries, languages = _groups(consultation)
    return Report(
        months=months,
        totals={name: sum(each.figures[name] for each in months) for name in MEASURES},
        span=_span(decided.aggregate(**_PERCENTILES)),
        clauses=_clauses(consultation),
        countries=countries,
        languages=languages,
    )


def _in_force(consultation: Consultation) -> QuerySet[Decision]:
    return Decision.objects.filter(item__consultation=consultation, undone_at=None).order_by()


def _counted(consultation: Consultation, zone: ZoneInfo) -> Iterable[tuple[str, dict[date, int]]]:
    yield from (("received", _by_month(rows, moment, zone)) for rows, moment in _received(consultation))
    yield from (("published", _by_month(rows, moment, zone)) for rows, moment in _published(consultation))
    for action, name in OF_ACTION.items():
        yield name, _by_month(_in_force(consultation).filter(action=action), "at", zone)
    undone = Decision.objects.filter(item__consultation=consultation, undone_at__isnull=False)
    yield "undone", _by_month(undone, "undone_at", zone)
    appeals = Case.objects.filter(consultation=consultation, is_appeal=True)
    yield "appealed", _by_month(appeals, "opened_at", zone)
    yield "flagged", _by_month(Flag.objects.filter(item__consultation=consultation), "at", zone)


Dated = tuple[QuerySet[Any], str]


def _received(consultation: Consultation) -> list[Dated]:
    """What was sent and may be moderated, each with the moment at which it was sent first."""
    here = {"item__consultation": consultation}
    return [
        (Comment.objects.filter(**here), "submitted_at"),
        (Endorsement.objects.filter(**here), "signed_at"),
        (Withdrawal.objects.filter(**here), "made_at"),
    ]


def _published(consultation: Consultation) -> list[Dated]:
    """What everybody could read, each with the moment from which on it was so first."""
    here = {"item__consultation": consultation}
    took_effect = Entry.objects.filter(
        kind="endorsement.took_effect", subject_kind="endorsement", subject_key=OuterRef("key")
    )
    positions = Endorsement.objects.filter(**here).annotate(
        key=Cast("pk", CharField()), first=Subquery(took_effect.order_by("number").values("at")[:1])
    )
    return [
        (Comment.objects.filter(**here, first_public__isnull=False), "first_public"),
        (positions.filter(first__isnull=False), "first"),
        (Withdrawal.objects.filter(**here, public_since__isnull=False), "public_since"),
    ]


def _by_month(rows: QuerySet[Any], moment: str, zone: ZoneInfo) -> dict[date, int]:
    months = rows.order_by().annotate(month=TruncMonth(moment, tzinfo=zone)).values("month")
    return {row["month"].date(): row["total"] for row in months.annotate(total=Count("pk"))}


_PERCENTILES: dict[str, Aggregate] = {
    "decided": Count("pk"),
    "median": Percentile("hours", 0.5),
    "ninth": Percentile("hours", 0.9),
}


def _decided(consultation: Consultation) -> QuerySet[Decision]:
    """Decisions but for those on appeals, with the hours from the opening of the case."""
    took = ExpressionWrapper(F("at") - F("case__opened_at"), output_field=DurationField())
    first = _in_force(consultation).filter(case__is_appeal=False)
    return first.annotate(hours=Extract(took, "epoch") / 3600.0)


def _spans(decided: QuerySet[Decision], zone: ZoneInfo) -> dict[date, Span]:
    rows = decided.annotate(month=TruncMonth("at", tzinfo=zone)).values("month").annotate(**_PERCENTILES)
    spans = {row["month"].date(): _span(row) for row in rows}
    return {first: span for first, span in spans.items() if span is not None}


def _span(row: Mapping[str, Any]) -> Span | None:
    return Span(row["decided"], row["median"], row["ninth"]) if row["decided"] else None


def _clauses(consultation: Consultation) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    against = _in_force(consultation).filter(action__in=AGAINST)
    for row in against.values("clause__number", "action").annotate(total=Count("pk")):
        found[row["clause__number"]][OF_ACTION[Action(row["action"])]] += row["total"]
    return dict(found)


def _groups(consultation: Consultation) -> tuple[list[Group], list[Group]]:
    """By country and by language."""
    places = ("item__institution", "item__institution__current__country", "item__language")
    sent = Item.objects.filter(consultation=consultation).order_by()
    sent_rows = _rows(sent, [place.removeprefix("item__") for place in places])
    against = _in_force(consultation).filter(action__in=AGAINST)
    against_rows = _rows(against, [*places, "action"])
    return tuple(_folded(_gathered(sent_rows, against_rows, which)) for which in (1, 2))  # type: ignore[return-value]


def _rows(rows: QuerySet[Any], names: list[str]) -> list[tuple[Any, ...]]:
    return list(rows.values_list(*names).annotate(total=Count("pk")))


def _gathered(sent: list[tuple[Any, ...]], against: list[tuple[Any, ...]], which: int) -> dict[str, _Sent]:
    found: dict[str, _Sent] = defaultdict(_Sent)
    for row in sent:
        group = found[row[which]]
        group.institutions.add(row[0])
        group.received += row[-1]
    for row in against:
        found[row[which]].against[OF_ACTION[Action(row[3])]] += row[-1]
    return found


def _folded(groups: dict[str, _Sent]) -> list[Group]:
    """Each group that is large enough, the largest first; the others as one that is large enough as well.

    One small group alone could be had by taking all others from the total: the next one joins it.
    """
    by_size = sorted(groups, key=lambda key: (-len(groups[key].institutions), -groups[key].received, key))
    large = [key for key in by_size if len(groups[key].institutions) >= FEWEST]
    small = by_size[len(large) :]
    while small and large and len(set().union(*(groups[key].institutions for key in small))) < FEWEST:
        small.append(large.pop())
    told = [Group(key, groups[key].received, groups[key].against) for key in large]
    if small:
        against: Counter[str] = Counter()
        for key in small:
            against.update(groups[key].against)
        told.append(Group(OTHERS, sum(groups[key].received for key in small), against))
    return told


def stamp(consultation: Consultation) -> str:
    """Changes whenever a figure of the report may have changed."""
    return str(
        Entry.objects.filter(stream_id=consultation.pk)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
        or 0
    )
