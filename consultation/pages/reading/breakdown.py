"""Endorsements in figures: day by day, by region, by type and by principle, as pictures and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import geography
from accounts.models import InstitutionType
from consultation.insights.groups import Group, Groups, groups
from consultation.insights.timeline import Day, timeline
from consultation.kit.fold import sort_key
from consultation.pages.reading import figures, matrix, pictures
from consultation.pages.reading.figures import KEPT, Figures
from consultation.pages.reading.pictures import Caption, Draw, Picture, Row
from consultation.record import queries as record
from consultation.texts import queries as texts
from consultation.texts.models import Consultation

Drawn = tuple[str, str, Draw]
KINDS = ("timeline", "principles", "regions", "types")


@dataclass(frozen=True)
class Breakdown:
    """What is counted once for each state of the record."""

    groups: Groups
    days: list[Day]


def of(consultation: Consultation) -> Breakdown:
    """The figures as the record stands now; kept for a day under its stamp."""
    key = f"breakdown-1:{consultation.pk}:{record.stamp(consultation.pk)}"
    kept: Breakdown | None = cache.get(key)
    if kept is None:
        kept = Breakdown(groups(consultation), timeline(consultation))
        cache.set(key, kept, KEPT)
    return kept


@dataclass(frozen=True)
class _Ground:
    """What all pictures and tables of one answer stand on."""

    consultation: Consultation
    language: str
    at: datetime
    as_of: int
    counted: Breakdown
    principles: list[dict[str, Any]]

    @property
    def day(self) -> date:
        """The day of the answer where the consultation is at home."""
        return self.at.astimezone(ZoneInfo(self.consultation.zone)).date()


def _ground(consultation: Consultation, language: str, at: datetime) -> _Ground:
    found = figures.of(consultation)
    principles = _principles(consultation, found, language)
    as_of = found.participation.as_of
    return _Ground(consultation, language, at, as_of, of(consultation), principles)


def page(consultation: Consultation, language: str, *, at: datetime) -> dict[str, Any]:
    """Everything on the page of figures."""
    ground = _ground(consultation, language, at)
    return {
        "as_of": ground.as_of,
        "sections": [
            {
                "key": kind,
                "title": title,
                "picture": _picture(kind, ground),
                "url": reverse("pages:endorsement_picture", args=[consultation.slug, kind]),
                "group": _tables(kind, ground),
            }
            for kind, title in _titles()
        ],
        "days": ground.counted.days[::-1],
        "principles": ground.principles,
    }


def _titles() -> list[tuple[str, str]]:
    told = (_("Day by day"), _("Principles"), _("Regions"), _("Types of institution"))
    return list(zip(KINDS, told, strict=True))


def picture(kind: str, consultation: Consultation, language: str, *, at: datetime) -> Picture | None:
    """One of the pictures; None for a kind that there is not, and where there is nothing to draw yet."""
    return _picture(kind, _ground(consultation, language, at)) if kind in KINDS else None


def _named(kind: str, ground: _Ground) -> list[tuple[str, Group]]:
    if kind == "regions":
        return named_regions(ground.counted.groups.regions, ground.language)
    return named_types(ground.counted.groups.types, ground.language)


def _tables(kind: str, ground: _Ground) -> dict[str, Any] | None:
    if kind not in ("regions", "types"):
        return None
    named = _named(kind, ground)
    return {"key": kind, "rows": _lines(named), "across": _across(ground.principles, named)}


def named_regions(found: Sequence[Group], language: str) -> list[tuple[str, Group]]:
    """The regions heard, in the alphabetical order of a language."""
    named = [(geography.region_name(each.key, language) or _("In no region"), each) for each in found]
    return sorted(named, key=lambda pair: sort_key(pair[0], language))


def named_types(found: Sequence[Group], language: str) -> list[tuple[str, Group]]:
    """The types heard, in the alphabetical order of a language."""
    named = [(str(InstitutionType(each.key).label), each) for each in found]
    return sorted(named, key=lambda pair: sort_key(pair[0], language))


def _picture(kind: str, ground: _Ground) -> Picture | None:
    draw = {"timeline": _of_days, "principles": _of_principles}.get(kind)
    drawn = draw(ground) if draw else _of_groups(_named(kind, ground))
    if drawn is None:
        return None
    title, measure, shapes = drawn
    caption = Caption(title, measure, _source(ground))
    return Picture(f"picture-{kind}", caption, shapes, ground.language)


def _source(ground: _Ground) -> str:
    return _("Source: %(site)s, %(address)s, entry %(number)d of the record, %(day)s") % {
        "site": settings.SITE_NAME,
        "address": f"{settings.SITE_URL}/consultations/{ground.consultation.slug}/endorsements/",
        "number": ground.as_of,
        "day": date_format(ground.day, "DATE_FORMAT"),
    }


def _of_days(ground: _Ground) -> Drawn | None:
    days = ground.counted.days
    if not days:
        return None
    total = days[-1].endorsing
    title = ngettext(
        "%(number)d endorsement of the current text is in effect",
        "%(number)d endorsements of the current text are in effect",
        total,
    ) % {"number": total}
    measure = _(
        "Endorsements in effect at the end of each day, with or without reservation, over all principles. "
        "Broken line: of an earlier text, to be re-affirmed."
    )
    return title, measure, pictures.of_days(days, max(ground.day, days[-1].day))


def _of_principles(ground: _Ground) -> Drawn | None:
    spoken = [each for each in ground.principles if each["share"] is not None]
    rows = [
        _row(f"{each['number']}. {each['title']}", each["share"], each["positions"].equal_voice)
        for each in spoken
    ]
    return (matrix.finding(spoken), _shares_measure(), pictures.of_shares(rows)) if spoken else None


def _of_groups(named: list[tuple[str, Group]]) -> Drawn | None:
    if not named:
        return None
    rows = [_row(name, _percent(each.share), _percent(each.equal_voice)) for name, each in named]
    measure = _("On average over the principles.") + " " + _shares_measure()
    return _widest(rows), measure, pictures.of_shares(rows)


def _shares_measure() -> str:
    return _(
        "Share of the institutions heard that endorse, with or without reservation. "
        "Hollow: of the institutions. Filled: with an equal voice for each country."
    )


def _widest(rows: list[Row]) -> str:
    most, least = (choose(rows, key=lambda row: row.share) for choose in (max, min))
    if most.share == least.share:
        return _("%(share)d of 100 institutions endorse a principle, wherever they are from") % {
            "share": most.share
        }
    return _(
        "Support is widest here: %(most)s, %(share)d of 100; narrowest here: %(least)s, %(other)d of 100"
    ) % {
        "most": most.name,
        "share": most.share,
        "least": least.name,
        "other": least.share,
    }


def _row(name: str, share: int, equal_voice: int | None) -> Row:
    voice = equal_voice or 0
    return Row(name, share, voice, f"{_told(share)} · {_told(voice)}")


def _told(share: int) -> str:
    return _("%(share)s %%") % {"share": share}


def _percent(share: float) -> int:
    return round(100 * share)


def _principles(consultation: Consultation, found: Figures, language: str) -> list[dict[str, Any]]:
    rows = []
    for place, principle in enumerate(texts.principles(consultation)):
        assert principle.current is not None
        held = figures.positions(found, principle.number)
        rows.append(
            {
                "place": place,
                "number": principle.number,
                "title": texts.translation(principle.current, language).title,
                "positions": held,
                "share": _percent(held.support / held.total) if held.total else None,
            }
        )
    return rows


def _lines(named: list[tuple[str, Group]]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "institutions": each.institutions,
            "countries": each.countries,
            "endorsements": each.endorsements,
            "share": _percent(each.share),
            "equal_voice": _percent(each.equal_voice),
        }
        for name, each in named
    ]


def _across(principles: list[dict[str, Any]], named: list[tuple[str, Group]]) -> list[dict[str, Any]]:
    """A line for each principle: how many of each group endorse it, and their share with an equal voice."""
    return [
        {
            "number": each["number"],
            "title": each["title"],
            "cells": [
                {
                    "support": group.voices[each["place"]].support,
                    "equal_voice": _percent(group.voices[each["place"]].equal_voice["support"]),
                }
                for _name, group in named
            ],
        }
        for each in principles
    ]
