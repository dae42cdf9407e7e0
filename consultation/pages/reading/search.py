"""Everything public that has the words a reader looks for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from accounts import queries as accounts
from consultation.comments import queries as comments
from consultation.comments.queries import CommentFilters
from consultation.kit import languages
from consultation.kit.fold import fold
from consultation.kit.search import parse, reference_of
from consultation.pages.reading import cards, discussion
from consultation.pages.reading.hats import Hats
from consultation.texts import queries as texts
from consultation.texts.models import Translation

INSTITUTIONS = 10
PRINCIPLES = 20
WORDS = 300


def found_by_reference(q: str) -> str:
    """The address of the public comment that `q` names by its reference; empty unless it is exactly one."""
    reference = reference_of(q)
    if reference is None:
        return ""
    named = comments.public().filter(reference=reference).select_related("consultation")[:2]
    return cards.url(named[0]) if len(named) == 1 else ""


def page(request: HttpRequest) -> dict[str, Any]:
    """Comments a page at a time, with the first institutions and principles. Raises CursorRefused."""
    q = discussion.asked(request.GET, "q").strip()
    if not q:
        return {"q": "", "asked": False}
    if parse(q) is None:
        return {"q": q, "asked": True, "nothing_to_look_for": True}
    found = CommentFilters(q=q).apply(comments.listed())
    return {
        "q": q,
        "asked": True,
        "listing": discussion.listing(request, found, Hats()),
        "institutions": [] if request.GET.get("cursor") else _institutions(q),
        "principles": [] if request.GET.get("cursor") else _principles(q),
    }


def _institutions(q: str) -> list[dict[str, Any]]:
    named = accounts.public().filter(current__name_folded__contains=fold(q))
    return [cards.voice(each) for each in named.order_by("current__name_sort", "pk")[:INSTITUTIONS]]


def _principles(q: str) -> list[dict[str, Any]]:
    """The current texts that hold every word: they are few, and folded as comments are."""
    wanted = [word for word in fold(q[:WORDS]).replace('"', " ").split() if not word.startswith("-")]
    language = get_language() or "en"
    rows: list[dict[str, Any]] = []
    for words in texts.current_translations():
        if wanted and all(word in fold(f"{words.title} {words.body}") for word in wanted):
            rows.append(_row(words, language))
    return _each_once(rows, language)[:PRINCIPLES]


def _row(words: Translation, language: str) -> dict[str, Any]:
    principle = words.version.principle
    url = reverse("pages:principle", args=[principle.consultation.slug, principle.number])
    return {
        "principle": principle.pk,
        "number": principle.number,
        "title": words.title,
        "consultation": principle.consultation.title(language),
        "language": words.language,
        "lang": languages.html_lang(words.language),
        "url": url if words.language == language else f"{url}?text={words.language}",
    }


def _each_once(rows: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """One row a principle: in the reader's language where the words are there too."""
    best: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row["principle"] not in best or row["language"] == language:
            best[row["principle"]] = row
    return list(best.values())
