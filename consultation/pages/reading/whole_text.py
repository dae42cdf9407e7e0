"""The whole text on one page, with counts in its margin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import get_language

from consultation.comments import queries as comments
from consultation.kit import languages
from consultation.pages.reading import discussion, edition, figures, hats
from consultation.pages.reading.figures import Figures
from consultation.pages.reading.hats import Hats
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, Principle, Translation


def of(request: HttpRequest, consultation: Consultation, asked: str) -> dict[str, Any]:
    """The text in the language asked for, else the authoritative one, and what is said of it as a whole.

    Raises CursorRefused.
    """
    chosen = languages.choose(consultation.languages, asked, consultation.authoritative) or asked
    found = figures.of(consultation)
    worn = hats.of(request, consultation)
    return {
        "consultation": consultation,
        "title": consultation.title(chosen),
        "text_language": languages.html_lang(chosen),
        "preamble": consultation.in_language(consultation.preambles, chosen),
        "note": consultation.in_language(consultation.notes, get_language() or chosen),
        "tongues": tongues(consultation.languages, chosen, request.GET.urlencode()),
        "principles": [_principle(each, found, chosen) for each in texts.principles(consultation)],
        "comments_count": found.comments.get(None, 0),
        "listing": listing(request, consultation, worn),
        "hats": worn,
    }


def listing(request: HttpRequest, consultation: Consultation, worn: Hats | None = None) -> discussion.Listing:
    """The comments on the text as a whole. Raises CursorRefused."""
    asked = discussion.filters(request.GET, whole_text=True)
    found = comments.of_consultation(consultation, filters=asked)
    return discussion.listing(request, found, worn or hats.of(request, consultation))


def _principle(principle: Principle, found: Figures, language: str) -> dict[str, Any]:
    consultation, version = principle.consultation, principle.current
    assert version is not None
    words = texts.translation(version, language)
    return {
        "number": principle.number,
        "heading": consultation.in_language(principle.headings, language),
        "url": reverse("pages:principle", args=[consultation.slug, principle.number]),
        "version": version.number,
        "published_at": version.published_at,
        "words": words,
        "edition": edition.plain(principle, words),
        "comments": found.comments.get(principle.number, 0),
        "positions": figures.positions(found, principle.number),
    }


def tongues(codes: list[str], current: str, query: str) -> list[dict[str, Any]]:
    """The languages of a text, each leading to the same page with the text in it; `query` is kept."""
    links = []
    for code in codes:
        parameters = QueryDict(query, mutable=True)
        parameters["text"] = code
        parameters.pop("cursor", None)
        links.append(
            {
                "code": languages.html_lang(code),
                "name": languages.name(code, code),
                "url": f"?{parameters.urlencode()}",
                "current": code == current,
            }
        )
    return links


def tongues_of(translations: list[Translation], current: Translation, query: str) -> list[dict[str, Any]]:
    """The languages in which one version is there."""
    return tongues([each.language for each in translations], current.language, query)
