from __future__ import annotations

from operator import attrgetter
from typing import NamedTuple

from django.db.models import F, QuerySet
from django.db.models.lookups import IsNull

from consultation.comments.models import Comment


class Speaker(NamedTuple):
    """One institution with its public data, one language it wrote in, and whether it was late in it."""

    slug: str
    name: str
    name_sort: str
    country: str
    region: str
    type: str
    language: str
    in_time: bool


def speakers(comments: QuerySet[Comment]) -> list[Speaker]:
    """Whose comments these are and in which languages, by name: one query.

    An institution that wrote in two languages, or in time and late, is there for each.
    """
    current = "institution__current__"
    rows = (
        comments.order_by()
        .annotate(in_time=IsNull(F("late"), True))
        .values_list(
            "institution__slug",
            f"{current}name",
            f"{current}name_sort",
            f"{current}country",
            f"{current}region",
            f"{current}type",
            "shown__language",
            "in_time",
        )
    )
    found = [Speaker(*row) for row in rows.distinct()]
    return sorted(found, key=attrgetter("name_sort", "slug", "language", "in_time"))
