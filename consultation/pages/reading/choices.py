"""What a discussion can be filtered by: only what is there; what an address asks for stays in its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import get_language

from accounts import geography
from accounts.models import InstitutionType
from consultation.comments import queries as comments
from consultation.comments.models import Kind
from consultation.comments.queries import Speaker
from consultation.kit import languages
from consultation.kit.fold import sort_key
from consultation.kit.search import parse
from consultation.pages.reading import discussion
from consultation.record import queries as record
from consultation.texts.models import Principle

KEPT = 24 * 3600
INSTITUTIONS = 200
Choices = list[tuple[str, str]]


def of(request: HttpRequest, principle: Principle) -> dict[str, Any]:
    """The choices of the filters over the discussion of a principle, and what the address asks for."""
    spoken, language = speakers(principle), get_language() or "en"
    asked = {name: value for name in request.GET if (value := discussion.asked(request.GET, name))}
    types = {each.type for each in spoken}
    return {
        "asked": asked,
        "narrowed": discussion.narrowing(request.GET),
        "nothing_to_look_for": bool(asked.get("q")) and parse(asked["q"]) is None,
        "kinds": Kind.choices,
        "regions": _named({each.region for each in spoken}, geography.region_name, language),
        "countries": _named({each.country for each in spoken}, geography.name, language),
        "types": [(value, label) for value, label in InstitutionType.choices if value in types],
        "languages": _named({each.language for each in spoken}, languages.name, language),
        "institutions": _institutions(spoken, asked.get("institution", "")),
        # What an address keeps when it asks for all comments again.
        "kept": urlencode([(name, asked[name]) for name in ("text", "version") if name in asked]),
        "late": any(not each.in_time for each in spoken),
    }


def _named(codes: set[str], name: Callable[[str, str], str], language: str) -> Choices:
    """Codes with their names, in the order that readers of the language expect."""
    named = [(code, name(code, language)) for code in codes if code]
    return sorted(named, key=lambda pair: sort_key(pair[1], language))


def _institutions(spoken: list[Speaker], asked: str) -> Choices:
    """The first ones by name, and the one that is asked for."""
    every = dict.fromkeys((each.slug, each.name) for each in spoken)
    return [each for place, each in enumerate(every) if place < INSTITUTIONS or each[0] == asked]


def speakers(principle: Principle) -> list[Speaker]:
    """Whose comments on the principle lists show, by name; kept under the stamp."""
    stamp = record.stamp(principle.consultation_id, principle.number)
    key = f"speakers-1:{principle.pk}:{stamp}"
    kept: list[Speaker] | None = cache.get(key)
    if kept is None:
        kept = comments.speakers(comments.listed().filter(principle=principle))
        cache.set(key, kept, KEPT)
    return kept
