"""What stands around the principles, kept as it changes: earlier texts can then be read whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from consultation.texts import queries
from consultation.texts.models import Arrangement, Consultation


def note(consultation: Consultation, *, at: datetime) -> None:
    """The order, headings and preamble of a public text are kept as they stand now, if they changed.

    Call it last in whatever publishes, orders, groups or withdraws principles, with the consultation locked
    or its principles.
    """
    if consultation.published_at is None:
        return
    last = Arrangement.objects.filter(consultation=consultation).order_by("-number").first()
    now = standing(consultation)
    if last is None or any(getattr(last, name) != value for name, value in now.items()):
        number = last.number + 1 if last else 1
        Arrangement.objects.create(consultation=consultation, number=number, at=at, **now)


def standing(consultation: Consultation) -> dict[str, Any]:
    """The fields of an arrangement as they stand now."""
    principles = list(queries.principles(consultation).values_list("number", "headings"))
    return {
        "order": [number for number, _headings in principles],
        "headings": {str(number): headings for number, headings in principles if headings},
        "preambles": consultation.preambles,
    }
