"""Who endorses what: the matrix by institution, the list of one principle, one position, the whole sheet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import geography
from accounts import queries as accounts
from accounts.models import Institution, InstitutionType, Power
from consultation.endorsements import queries as endorsements
from consultation.endorsements.models import Endorsement, EndorsementState, Position
from consultation.endorsements.queries import EndorsementFilters
from consultation.kit import keyset, languages
from consultation.kit.keyset import Key, Ordering
from consultation.pages.reading import cards, figures
from consultation.pages.reading.discussion import address, asked
from consultation.pages.reading.figures import Figures
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, Principle
from consultation.web.acts import person_of

INSTITUTIONS = 100
SIZE = 50
BY_REGION = Ordering("region", (Key("current__region", str), Key("current__name_sort", str), Key("pk", int)))
# Longest name of a principle over its column.
COLUMN_TITLE = 32
# Percent points from which the two ways of counting tell different things.
MUCH = 10


def matrix(request: HttpRequest, consultation: Consultation, language: str) -> dict[str, Any]:
    """Institutions by region, principles across: a page of institutions, in a fixed number of queries.

    Raises CursorRefused.
    """
    found = figures.of(consultation)
    principles = list(texts.principles(consultation))
    page = keyset.page(
        _institutions(request, consultation),
        BY_REGION,
        size=INSTITUTIONS,
        cursor=request.GET.get("cursor") or None,
    )
    cells = _cells(consultation, page.results)
    columns = [_column(consultation, each, found, language) for each in principles]
    return {
        "principles": columns,
        "finding": finding(columns),
        "regions": _by_region(page.results, principles, cells, language),
        "heard": found.heard,
        "countries": len(found.participation.countries),
        "next_url": address(request, cursor=page.next_cursor) if page.next_cursor else "",
        "previous_url": address(request, cursor=page.previous_cursor) if page.previous_cursor else "",
        "filters": choices(request, found, language),
    }


def _institutions(request: HttpRequest, consultation: Consultation) -> Any:
    """Verified institutions with a position in effect, as the filters ask."""
    query = request.GET
    held = endorsements.public().filter(consultation=consultation, institution=OuterRef("pk"))
    if position := asked(query, "position"):
        held = held.filter(position=position)
    wanted = {
        "current__region": asked(query, "region"),
        "current__country": asked(query, "country").upper(),
        "current__type": asked(query, "type"),
    }
    return accounts.public().filter(Exists(held), **{name: value for name, value in wanted.items() if value})


def _cells(consultation: Consultation, institutions: list[Institution]) -> dict[tuple[int, int], str]:
    held = endorsements.public().filter(consultation=consultation, institution__in=institutions)
    return {
        (each.institution_id, each.principle_id): "to_reaffirm" if each.to_reaffirm else each.position  # type: ignore[attr-defined]
        for each in held.only("institution", "principle", "position")
    }


def _column(
    consultation: Consultation, principle: Principle, found: Figures, language: str
) -> dict[str, Any]:
    assert principle.current is not None
    held = figures.positions(found, principle.number)
    title = texts.translation(principle.current, language).title
    return {
        "number": principle.number,
        "title": title,
        "short": cards.shortened(title, COLUMN_TITLE),
        "url": reverse("pages:principle", args=[consultation.slug, principle.number]),
        "list_url": f"?principle={principle.number}",
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
        {"name": geography.region_name(code, language), "lines": lines} for code, lines in grouped.items()
    ]


def choices(request: HttpRequest, found: Figures, language: str) -> dict[str, Any]:
    """The choices of the filters over the matrix."""
    part = found.participation
    return {
        "asked": {name: value for name, value in request.GET.items() if value},
        "regions": [(code, geography.region_name(code, language)) for code in part.regions],
        "countries": [(each.code, geography.name(each.code, language)) for each in part.countries],
        "types": [(code, InstitutionType(code).label) for code in part.types],
        "positions": Position.choices,
    }


def of_principle(request: HttpRequest, consultation: Consultation, principle: Principle) -> dict[str, Any]:
    """The positions on one principle with their statements, newest first. Raises CursorRefused."""
    filters = EndorsementFilters(
        principle=principle.number,
        region=asked(request.GET, "region"),
        country=asked(request.GET, "country"),
        position=asked(request.GET, "position"),
    )
    found = filters.apply(endorsements.public().filter(consultation=consultation))
    page = keyset.page(
        endorsements.with_rows(found),
        endorsements.NEWEST,
        size=SIZE,
        cursor=request.GET.get("cursor") or None,
    )
    return {
        "lines": [line(each) for each in page.results],
        "next_url": address(request, cursor=page.next_cursor) if page.next_cursor else "",
        "previous_url": address(request, cursor=page.previous_cursor) if page.previous_cursor else "",
    }


def line(each: Endorsement) -> dict[str, Any]:
    """One position of one institution. Reads what `endorsements.queries.with_rows` fetched."""
    stale = each.to_reaffirm  # type: ignore[attr-defined]
    return {
        **cards.voice(each.institution),
        "position": "to_reaffirm" if stale else each.position,
        "label": each.get_position_display(),
        "principle": each.principle.number,
        "version": each.version.number,
        "statement": each.statement,
        "language": languages.html_lang(each.language),
        "effective_at": each.effective_at,
        "to_reaffirm": stale,
    }


@dataclass(frozen=True)
class Paper:
    """One position as its own institution sees it: the exact words, and what may be done with it."""

    endorsement: Endorsement
    title: str
    body: str
    language: str
    may_sign: bool
    may_withdraw: bool
    may_reaffirm: bool
    stale_proposal: bool
    changes_url: str

    @property
    def number(self) -> int:
        return self.endorsement.principle.number

    @property
    def institution(self) -> str:
        current = self.endorsement.institution.current
        return current.name if current else self.endorsement.institution.slug


def paper(request: HttpRequest, consultation: Consultation, key: UUID) -> Paper | None:
    """One position of the reader's own institutions; None for all others."""
    at = request.received_at  # type: ignore[attr-defined]
    person = person_of(request)
    if person is None:
        return None
    own = accounts.institutions_of(person, at=at)
    found = endorsements.with_reaffirmation(endorsements.visible_to(person, at=at)).filter(
        consultation=consultation, institution__in=own, pk=key
    )
    held = endorsements.with_rows(found).prefetch_related("version__translations").first()
    if held is None:
        return None
    words = texts.translation(held.version, get_language() or consultation.authoritative)
    signs = accounts.empowers(person, held.institution, Power.SIGN, at=at)
    contributes = accounts.empowers(person, held.institution, Power.CONTRIBUTE, at=at)
    proposal = held.state in endorsements.OPEN
    current = held.version_id == held.principle.current_id
    standing = held.state == EndorsementState.SIGNED
    return Paper(
        held,
        words.title,
        words.body,
        languages.html_lang(words.language),
        may_sign=proposal and signs and current,
        may_withdraw=(proposal and (signs or contributes)) or (standing and signs),
        may_reaffirm=standing and signs and held.released and held.to_reaffirm,  # type: ignore[attr-defined]
        stale_proposal=proposal and not current,
        changes_url="" if current else _changes_url(held),
    )


def _changes_url(held: Endorsement) -> str:
    """What changed since the version that the position is bound to."""
    current = held.principle.current
    if current is None or current.number < held.version.number:
        return ""
    versions = [held.version.number, current.number]
    return reverse("pages:changes", args=[held.consultation.slug, held.principle.number, *versions])


def held_by(institution: Institution, principles: list[Principle]) -> dict[int, str]:
    """The position that an institution holds on each principle, by the principle's number."""
    found = endorsements.standing(institution.pk, [each.pk for each in principles])
    return dict(found.values_list("principle__number", "position"))
