from __future__ import annotations

from collections.abc import Iterable

from django.db.models import (
    Count,
    Sum,
)

from consultation.comments.models import (
    CommentCount,
)
from consultation.comments.queries.gates import public
from consultation.texts.models import Consultation


def counts(consultation: Consultation) -> dict[int | None, int]:
    """How many public comments each principle has, by its number; None stands for the whole text."""
    rows = CommentCount.objects.filter(consultation=consultation).values("principle__number")
    return {row["principle__number"]: row["total"] for row in rows.annotate(total=Sum("count"))}


def commenting_countries(consultation: Consultation) -> dict[int | None, int]:
    """From how many countries the public comments on each principle come; None stands for the whole text."""
    rows = public().filter(consultation=consultation).order_by().values("principle__number")
    counted = rows.annotate(total=Count("institution__current__country", distinct=True))
    return {row["principle__number"]: row["total"] for row in counted}


def totals(consultations: Iterable[Consultation]) -> dict[int, int]:
    """How many public comments each of these consultations has, by its key: one query."""
    rows = CommentCount.objects.filter(consultation__in=[each.pk for each in consultations])
    return {
        row["consultation"]: row["total"] for row in rows.values("consultation").annotate(total=Sum("count"))
    }
