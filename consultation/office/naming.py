"""Naming a verified institution in a form: by its full name, or by the end of its address."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts import geography
from accounts import queries as accounts
from accounts.models import Institution
from consultation.kit.fold import fold
from consultation.kit.refusal import invalid

OFFERED = 5_000
NEAR = 5


def institution_called(words: str) -> Institution:
    """The verified institution of this name, or with this end of its address. Raises Refusal `invalid`."""
    found = list(accounts.called(words)[:2])
    if not found:
        near = accounts.public().filter(current__name_folded__contains=fold(words.strip()))
        names = list(near.order_by("current__name_sort", "pk").values_list("current__name", flat=True)[:NEAR])
        if names:
            raise invalid(institution=_("Give the full name. Is it one of these: %s?") % ", ".join(names))
        raise invalid(institution=_("No verified institution has this name or address."))
    if len(found) > 1:
        raise invalid(
            institution=_("Several institutions have this name. Give the last part of its address.")
        )
    return found[0]


def offered(language: str) -> list[tuple[str, str]]:
    """The names that the box offers while one is typed, each with its country."""
    found = accounts.public().order_by("current__name_sort", "pk")
    names = found.values_list("current__name", "current__country")[:OFFERED]
    return [(name, geography.name(country, language)) for name, country in names]
