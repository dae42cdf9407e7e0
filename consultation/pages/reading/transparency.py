"""Moderation in figures, in words for readers and as a table for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import geography
from consultation.insights import transparency
from consultation.insights.transparency import MEASURES, OTHERS, Group, Report, Span
from consultation.kit import languages
from consultation.kit.sheets import NUMBER, TEXT, Column, Row
from consultation.texts.models import Consultation

KEPT = 24 * 3600
LABELS = {
    "received": _("Received"),
    "published": _("Published"),
    "returned": _("Returned"),
    "rejected": _("Rejected"),
    "hidden": _("Hidden"),
    "redacted": _("Redacted"),
    "restored": _("Shown again"),
    "flagged": _("Flags"),
    "appealed": _("Appeals"),
    "reversed": _("Reversed"),
    "undone": _("Undone"),
}
AGAINST = ("returned", "rejected", "hidden", "redacted")
COLUMNS = [
    Column("part", TEXT, "What the line is about: all, month, clause, country or language."),
    Column("key", TEXT, "Which one; `others` for those that are counted together."),
    Column("measure", TEXT, "What is counted, or measured in hours."),
    Column("value", NUMBER, "The figure."),
]


def report(consultation: Consultation) -> Report:
    """The figures as the record stands now; kept for a day under its newest number."""
    key = f"transparency-1:{consultation.pk}:{transparency.stamp(consultation)}"
    kept: Report | None = cache.get(key)
    if kept is None:
        kept = transparency.report(consultation)
        cache.set(key, kept, KEPT)
    return kept


def page(consultation: Consultation, language: str) -> dict[str, Any]:
    """Everything for the template."""
    found = report(consultation)
    titles = {each["number"]: each["title"] for each in _clauses(consultation, language)}
    return {
        "sentence": _sentence(found),
        "heads": [LABELS[name] for name in MEASURES],
        "months": [
            {"first": each.first, "cells": [each.figures[name] for name in MEASURES], "span": each.span}
            for each in found.months
        ],
        "totals": [found.totals[name] for name in MEASURES],
        "span": found.span,
        "against": [LABELS[name] for name in AGAINST],
        "clauses": [
            {"number": number, "title": titles.get(number, ""), "cells": [counts[name] for name in AGAINST]}
            for number, counts in sorted(found.clauses.items(), key=lambda each: (len(each[0]), each[0]))
        ],
        "countries": [_group(each, geography.name(each.key, language)) for each in found.countries],
        "languages": [_group(each, languages.name(each.key, language)) for each in found.languages],
        "fewest": transparency.FEWEST,
    }


def _clauses(consultation: Consultation, language: str) -> list[dict[str, Any]]:
    return [
        {"number": each.number, "title": consultation.in_language(each.titles, language)}
        for each in consultation.clauses.all()
    ]


def _group(group: Group, name: str) -> dict[str, Any]:
    return {
        "name": "" if group.key == OTHERS else name,
        "cells": [group.received, *(group.against.get(each, 0) for each in AGAINST)],
    }


def _sentence(found: Report) -> str:
    received = ngettext(
        "%(number)d contribution was received.",
        "%(number)d contributions were received.",
        found.totals["received"],
    ) % {"number": found.totals["received"]}
    refused = sum(found.totals[name] for name in ("rejected", "hidden"))
    kept_out = ngettext(
        "%(number)d was rejected or hidden.", "%(number)d were rejected or hidden.", refused
    ) % {"number": refused}
    return f"{received} {kept_out}" if found.totals["received"] else received


def rows(consultation: Consultation) -> Iterator[Row]:
    """The whole report, a figure a line, under COLUMNS."""
    found = report(consultation)
    yield from _lines("all", "", found.totals, MEASURES)
    yield from _times("all", "", found.span)
    for each in found.months:
        month = f"{each.first:%Y-%m}"
        yield from _lines("month", month, each.figures, MEASURES)
        yield from _times("month", month, each.span)
    for number, counts in sorted(found.clauses.items()):
        yield from _lines("clause", number, counts, AGAINST)
    for part, groups in (("country", found.countries), ("language", found.languages)):
        for group in groups:
            key = group.key or "others"
            yield from _lines(
                part, key, {**group.against, "received": group.received}, ("received", *AGAINST)
            )


def _lines(part: str, key: str, figures: Mapping[str, int], names: Iterable[str]) -> Iterator[Row]:
    for name in names:
        yield [part, key, name, figures.get(name, 0)]


def _times(part: str, key: str, span: Span | None) -> Iterator[Row]:
    if span is not None:
        yield [part, key, "decided", span.decided]
        yield [part, key, "median_hours", round(span.median, 3)]
        yield [part, key, "ninetieth_percentile_hours", round(span.ninth, 3)]
