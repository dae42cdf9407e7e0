"""The principles at a glance, under their themes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consultation.kit.languages import html_lang
from consultation.pages.reading import figures
from consultation.pages.reading.figures import Figures
from consultation.texts import queries as texts
from consultation.texts.models import Change, Consultation, Principle


@dataclass
class Theme:
    """Principles that stand under one heading."""

    heading: str
    rows: list[dict[str, Any]] = field(default_factory=list)


def themes(consultation: Consultation, found: Figures, language: str) -> list[Theme]:
    """Each principle as `_principle_row.html` shows it, under the heading before it."""
    grouped: list[Theme] = []
    for principle in texts.principles(consultation):
        heading = consultation.in_language(principle.headings, language)
        if heading or not grouped:
            grouped.append(Theme(heading))
        grouped[-1].rows.append(row(consultation, principle, found, language))
    return grouped


def row(consultation: Consultation, principle: Principle, found: Figures, language: str) -> dict[str, Any]:
    """One principle at a glance."""
    assert principle.current is not None
    held = figures.positions(found, principle.number)
    words = texts.translation(principle.current, language)
    return {
        "number": principle.number,
        "url": reverse("pages:principle", args=[consultation.slug, principle.number]),
        "title": words.title,
        "language": html_lang(words.language),
        "comments": found.comments.get(principle.number, 0),
        "countries": found.countries.get(principle.number, 0),
        "flag": _flag(principle, held.counts["to_reaffirm"]),
        "counts": held.counts,
        "total": held.total,
        "support": held.support,
        "equal_voice": held.equal_voice,
    }


def _flag(principle: Principle, to_reaffirm: int) -> str:
    version = principle.current
    if (
        version is None
        or version.number == 1
        or version.change != Change.SUBSTANTIVE
        or not version.published_at
    ):
        return ""
    day = date_format(version.published_at, "MONTH_DAY_FORMAT")
    if to_reaffirm:
        return _("new text on %(day)s: endorsements to re-affirm") % {"day": day}
    return _("new text on %(day)s") % {"day": day}
