"""All consultations at once, and what is fixed about one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from consultation.comments import queries as comments
from consultation.pages.reading import opening
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, ConsultationState


def all_of_them(language: str, *, at: datetime) -> dict[str, list[dict[str, Any]]]:
    """Public consultations, those under way apart from the closed ones: three queries whatever the number."""
    found = list(texts.public().prefetch_related("rounds"))
    totals = comments.totals(found)
    rows = [_row(each, totals.get(each.pk, 0), language, at=at) for each in found]
    closed = ConsultationState.CLOSED
    return {
        "open": [row for row in rows if row["standing"]["state"] != closed],
        "past": [row for row in rows if row["standing"]["state"] == closed],
    }


def _row(consultation: Consultation, comments_count: int, language: str, *, at: datetime) -> dict[str, Any]:
    return {
        "url": reverse("pages:consultation", args=[consultation.slug]),
        "title": consultation.title(language),
        "lead": consultation.in_language(consultation.leads, language),
        "standing": opening.state(consultation, language, at=at),
        "comments": comments_count,
    }


def clauses(consultation: Consultation, language: str) -> list[dict[str, Any]]:
    """The clauses of the moderation policy in the reader's language; decisions may name withdrawn ones."""
    return [
        {
            "number": clause.number,
            "title": consultation.in_language(clause.titles, language),
            "text": consultation.in_language(clause.texts, language),
            "withdrawn_at": clause.withdrawn_at,
        }
        for clause in consultation.clauses.all()
    ]
