"""Who co-signs a comment and who disagrees with it, by country."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from accounts import geography
from consultation.comments.models import Comment, Cosignature, Stance
from consultation.kit.fold import sort_key
from consultation.pages.reading import cards


def sides(comment: Comment) -> list[dict[str, Any]]:
    """Each side that somebody is on: how many institutions in how many countries, and which."""
    given: list[Cosignature] = comment.cosignatures_in_force  # type: ignore[attr-defined]
    told = [(stance, [each for each in given if each.stance == stance]) for stance in Stance]
    return [_side(stance, each) for stance, each in told if each]


def _side(stance: Stance, given: list[Cosignature]) -> dict[str, Any]:
    language = get_language() or "en"
    by_country: dict[str, list[Cosignature]] = {}
    for each in given:
        assert each.institution.current is not None
        by_country.setdefault(each.institution.current.country, []).append(each)
    named = [(geography.name(code, language), found) for code, found in by_country.items()]
    named.sort(key=lambda each: (-len(each[1]), sort_key(each[0], language)))
    countries = [
        {
            "name": name,
            "number": len(found),
            "institutions": [{"at": each.at, **cards.voice(each.institution)} for each in _by_name(found)],
        }
        for name, found in named
    ]
    return {
        "stance": stance.value,
        "number": len(given),
        "countries_number": len(countries),
        "countries": countries,
    }


def _by_name(given: list[Cosignature]) -> list[Cosignature]:
    return sorted(given, key=lambda each: (each.institution.current.name_sort, each.institution_id))  # type: ignore[union-attr]
