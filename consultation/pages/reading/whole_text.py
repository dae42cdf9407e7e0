"""The whole text on one page, with counts in its margin."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from consultation.comments import queries as comments
from consultation.kit import languages, markdown
from consultation.pages.reading import discussion, edition, figures, hats, tongues
from consultation.pages.reading.figures import Figures
from consultation.pages.reading.hats import Hats
from consultation.texts import queries as texts
from consultation.texts import states
from consultation.texts.formats.composing import not_there
from consultation.texts.models import Consultation, Principle, Translation
from consultation.web.tongues import tongues as links


def of(request: HttpRequest, consultation: Consultation, asked: str) -> dict[str, Any]:
    """The text in the language asked for, else the authoritative one, and what is said of it as a whole.

    `?beside=` is a second language. Raises CursorRefused.
    """
    asked = asked if asked in consultation.languages else get_language() or consultation.authoritative
    chosen = languages.choose(consultation.languages, asked, consultation.authoritative) or asked
    second = request.GET.get("beside", "")
    beside = second if second in consultation.languages and second != chosen else ""
    found = figures.of(consultation)
    worn = hats.of(request, consultation)
    query = request.GET.urlencode()
    moments = states.history(consultation).moments()
    return {
        "consultation": consultation,
        "title": consultation.title(chosen),
        "text_language": languages.html_lang(chosen),
        "direction": languages.direction(chosen),
        "preamble": consultation.in_language(consultation.preambles, chosen),
        "preamble_language": _preamble_language(consultation, chosen),
        "beside": beside and _beside(consultation, chosen, beside),
        "note": consultation.in_language(consultation.notes, get_language() or chosen),
        "tongue_note": tongues.of_all(consultation, asked),
        "tongues": links(consultation.languages, chosen, query),
        "others": tongues.others(consultation.languages, chosen, query),
        "principles": _principles(consultation, found, chosen, beside),
        "withdrawn": texts.withdrawn(consultation),
        "changed": len(moments) > 1,
        "files": _files(consultation, chosen) if moments else [],
        "comments_count": found.comments.get(None, 0),
        "listing": listing(request, consultation, worn),
        "hats": worn,
    }


def _preamble_language(consultation: Consultation, chosen: str) -> str:
    codes = list(consultation.preambles)
    return languages.html_lang(languages.choose(codes, chosen, consultation.authoritative) or chosen)


def _beside(consultation: Consultation, chosen: str, code: str) -> dict[str, Any]:
    sides = [consultation.preambles.get(each, "") for each in (chosen, code)]
    return {
        "lang": languages.html_lang(code),
        "dir": languages.direction(code),
        "name": languages.name(code, code),
        "left_name": languages.name(chosen, chosen),
        "preamble": list(zip_longest(*(markdown.paragraphs(side) for side in sides), fillvalue="")),
    }


def _files(consultation: Consultation, chosen: str) -> list[dict[str, str]]:
    arguments = [consultation.slug, languages.html_lang(chosen)]
    files = [
        {"name": name, "url": reverse(address, args=arguments)}
        for name, address in (("Word", "pages:text_docx"), ("PDF", "pages:text_pdf"))
    ]
    return [*files, {"name": "Markdown (ZIP)", "url": reverse("pages:text_source", args=[consultation.slug])}]


def _principles(consultation: Consultation, found: Figures, chosen: str, beside: str) -> list[dict[str, Any]]:
    principles = list(texts.principles(consultation))
    # What the current version lacks may be there of an earlier one: asked once for all of them.
    earlier = {code: texts.newest_in(principles, code) for code in {chosen, beside} if code}
    return [
        _principle(each, found, chosen, earlier[chosen].get(each.pk))
        | {"pair": _pair(each, chosen, earlier[beside].get(each.pk)) if beside else None}
        for each in principles
    ]


def _pair(principle: Principle, chosen: str, other: Translation | None) -> dict[str, Any] | None:
    assert principle.current is not None
    words = texts.translation(principle.current, chosen)
    return tongues.pair(principle, words, other) if other is not None else None


def listing(request: HttpRequest, consultation: Consultation, worn: Hats | None = None) -> discussion.Listing:
    """The comments on the text as a whole. Raises CursorRefused."""
    asked = replace(discussion.filters(request.GET, whole_text=True), late=None)
    found = comments.of_consultation(consultation, filters=asked)
    return discussion.folded(request, found, worn or hats.of(request, consultation))


def _principle(
    principle: Principle, found: Figures, language: str, newest: Translation | None
) -> dict[str, Any]:
    consultation, version = principle.consultation, principle.current
    assert version is not None
    words = texts.translation(version, language)
    foreign = not tongues.alike(words.language, language)
    return {
        "number": principle.number,
        "not_there": not_there(language) if foreign else "",
        "earlier": tongues.earlier_link(principle, newest) if foreign and newest else None,
        "heading": consultation.in_language(principle.headings, language),
        "url": reverse("pages:principle", args=[consultation.slug, principle.number]),
        "version": version.number,
        "published_at": version.published_at,
        "words": words,
        "edition": edition.plain(principle, words),
        "comments": found.comments.get(principle.number, 0),
        "positions": figures.positions(found, principle.number),
    }
