"""Addresses of institutions, made from their names: readable in every script's case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from django.utils.text import slugify

from consultation.kit.fold import fold

# Words that the addresses of pages and of the API already use.
RESERVED = frozenset({"new", "id", "latest"})
LONGEST = 70


def candidates(name: str, names: Mapping[str, str], country: str) -> Iterator[str]:
    """Slugs for an institution, the best first, without end.

    From its name if that is mostly in Latin letters, else from its English or another such name, else the
    country's code and a number.
    """
    readable = _readable_one(name, names)
    if readable and readable not in RESERVED:
        yield readable
    beginning = stem(name, names, country)
    for number in count(2 if readable else 1):
        yield f"{beginning}-{number}"


def stem(name: str, names: Mapping[str, str], country: str) -> str:
    """What all `candidates` start with."""
    return _readable_one(name, names) or country.lower()


def _readable_one(name: str, names: Mapping[str, str]) -> str:
    preferred = [name, names.get("en", ""), *(names[language] for language in sorted(names))]
    return next(filter(None, map(_readable, preferred)), "")


def _readable(name: str) -> str:
    folded = fold(name)
    letters = [sign for sign in folded if sign.isalpha()]
    latin = [sign for sign in letters if sign.isascii()]
    if not latin or len(latin) * 2 < len(letters):
        return ""
    slug = slugify(folded)
    return slug if len(slug) <= LONGEST else slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]
