"""Who endorses what: principles across, institutions by region, a page of them at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import geography
from accounts import queries as accounts
from accounts.models import Institution, InstitutionType
from consultation.endorsements import queries as endorsements
from consultation.endorsements.models import Position
from consultation.endorsements.queries import TO_REAFFIRM, EndorsementFilters
from consultation.kit import keyset
from consultation.kit.fold import sort_key
from consultation.kit.keyset import Key, Ordering
from consultation.pages.reading import cards, figures
from consultation.pages.reading.discussion import address, asked
from consultation.pages.reading.figures import Figures
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, Principle

INSTITUTIONS = 100
# `place` is where a region stands in the alphabetical order of the page's language.
BY_REGION = Ordering("place", (Key("place", int), Key("current__name_sort", str), Key("pk", int)))
# Longest name of a principle over its column.
COLUMN_TITLE = 32
# Percent points from which the two ways of counting tell different things.
MUCH = 10
Regions = tuple[tuple[str, str], ...]
FORMATS = ("csv", "xlsx", "json")


def asked_for(request: HttpRequest, *, principle: int | None = None) -> EndorsementFilters:
    """The positions that an address asks for; what it does not know finds nothing."""
    query = request.GET
    return EndorsementFilters(
        principle=principle,
        region=asked(query, "region"),
        country=asked(query, "country"),
        type=asked(query, "type"),
        kind=asked(query, "position"),
        q=asked(query, "q"),
    )


def matrix(request: HttpRequest, consultation: Consultation, language: str) -> dict[str, Any]:
    """Institutions by region, principles across: a page of institutions, in a fixed number of queries.

    Raises CursorRefused.
    """
    found = figures.of(consultation)
    principles = list(texts.principles(consultation))
    wanted = asked_for(request)
    regions = geography.regions(language)
    page = keyset.page(
        _placed(_institutions(consultation, wanted), regions),
        BY_REGION,
        size=INSTITUTIONS,
        cursor=request.GET.get("cursor") or None,
    )
    cells = _cells(consultation, page.results)
    columns = [_column(request, consultation, each, found, language) for each in principles]
    counted = _counted(consultation, wanted)
    return {
        "principles": columns,
        "finding": finding(columns),
        "regions": _by_region(page.results, principles, cells, language),
        "heard": found.heard,
        "countries": len(found.participation.countries),
        "jumps": _jumps(request, counted, regions, wanted.region),
        "shown": len(page.results),
        "chosen": counted[wanted.region] if wanted.region else counted.total(),
        "next_url": address(request, cursor=page.next_cursor) if page.next_cursor else "",
        "previous_url": address(request, cursor=page.previous_cursor) if page.previous_cursor else "",
        **asking(request, consultation, found, language),
    }


def _institutions(consultation: Consultation, wanted: EndorsementFilters) -> QuerySet[Institution]:
    """Verified institutions with a position in effect, as the filters ask."""
    held = endorsements.public().filter(consultation=consultation, institution=OuterRef("pk"))
    return accounts.public().filter(Exists(wanted.apply(held)))


def _placed(institutions: QuerySet[Institution], regions: Regions) -> QuerySet[Institution]:
    cases = [When(current__region=code, then=Value(place)) for place, (code, _name) in enumerate(regions)]
    return institutions.annotate(place=Case(*cases, default=Value(len(regions)), output_field=IntegerField()))


def _counted(consultation: Consultation, wanted: EndorsementFilters) -> Counter[str]:
    """How many institutions each region has under the other filters."""
    anywhere = replace(wanted, region="")
    rows: QuerySet[Any] = _institutions(consultation, anywhere).order_by().values("current__region")
    counted = rows.annotate(total=Count("pk"))
    return Counter({row["current__region"]: row["total"] for row in counted})


def _jumps(
    request: HttpRequest, counted: Counter[str], regions: Regions, chosen: str
) -> list[dict[str, Any]]:
    """The way to each region that has institutions, with their number; all together first."""
    told = [("", _("All regions"), counted.total())]
    told += [(code, name, counted[code]) for code, name in regions]
    return [
        {
            "name": name,
            "total": total,
            "current": code == chosen,
            "url": address(request, region=code or None, cursor=None),
        }
        for code, name, total in told
        if total or code == chosen
    ]


def _cells(consultation: Consultation, institutions: list[Institution]) -> dict[tuple[int, int], str]:
    held = endorsements.public().filter(consultation=consultation, institution__in=institutions)
    return {
        (each.institution_id, each.principle_id): TO_REAFFIRM if each.to_reaffirm else each.position  # type: ignore[attr-defined]
        for each in held.only("institution", "principle", "position")
    }


def _column(
    request: HttpRequest, consultation: Consultation, principle: Principle, found: Figures, language: str
) -> dict[str, Any]:
    assert principle.current is not None
    held = figures.positions(found, principle.number)
    title = texts.translation(principle.current, language).title
    return {
        "number": principle.number,
        "title": title,
        "short": cards.shortened(title, COLUMN_TITLE),
        "url": reverse("pages:principle", args=[consultation.slug, principle.number]),
        "list_url": address(request, principle=str(principle.number), cursor=None),
        "positions": held,
        "share": round(100 * held.support / held.total) if held.total else None,
    }


def finding(columns: list[dict[str, Any]]) -> str:
    """What both ways of counting say together, in a sentence; empty before anybody took a position."""
    spoken = [each for each in columns if each["share"] is not None]
    if not spoken:
        return ""
    widest = max(spoken, key=lambda each: abs(each["share"] - each["positions"].equal_voice))
    if abs(widest["share"] - widest["positions"].equal_voice) < MUCH:
        return _("Support does not hang on the countries with many institutions")
    return _(
        "Support for Principle %(number)d differs most: %(share)d of 100 institutions, "
        "%(voice)d with an equal voice for each country"
    ) % {
        "number": widest["number"],
        "share": widest["share"],
        "voice": widest["positions"].equal_voice,
    }


def _by_region(
    institutions: list[Institution],
    principles: list[Principle],
    cells: dict[tuple[int, int], str],
    language: str,
) -> list[dict[str, Any]]:
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in institutions:
        assert each.current is not None
        line = {
            **cards.voice(each),
            "cells": [cells.get((each.pk, principle.pk), "silent") for principle in principles],
        }
        grouped[each.current.region].append(line)
    return [
        {"name": geography.region_name(code, language) or _("In no region"), "lines": lines}
        for code, lines in grouped.items()
    ]


def asking(request: HttpRequest, consultation: Consultation, found: Figures, language: str) -> dict[str, Any]:
    """The filters over a list of positions, and the same list as files."""
    part = found.participation
    countries = [(each.code, geography.name(each.code, language)) for each in part.countries]
    given = {
        name: asked(request.GET, name) for name in ("principle", "region", "country", "type", "position", "q")
    }
    query = urlencode({name: value for name, value in given.items() if value})
    files = [(name, reverse("pages:endorsement_table", args=[consultation.slug, name])) for name in FORMATS]
    return {
        "filters": {
            "asked": given,
            "any": bool(query),
            "regions": [(code, name) for code, name in geography.regions(language) if code in part.regions],
            "countries": sorted(countries, key=lambda place: sort_key(place[1], language)),
            "types": [(code, InstitutionType(code).label) for code in part.types],
            "positions": [*Position.choices, (TO_REAFFIRM, _("To be re-affirmed"))],
        },
        "files": [{"name": name.upper(), "url": f"{url}?{query}" if query else url} for name, url in files],
    }
