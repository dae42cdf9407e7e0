"""Whom a secretariat admitted late, for its own desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language

from accounts.models import User
from consultation.comments import queries as comments
from consultation.comments.models import LateAdmission
from consultation.pages.reading import zones
from consultation.texts import queries as texts
from consultation.texts import rules
from consultation.texts.models import Act, Consultation, ConsultationRole


@dataclass(frozen=True)
class Row:
    """One admission, whether it is in force, and whether a comment came in by it."""

    admission: LateAdmission
    name: str
    runs: bool
    used: bool


@dataclass(frozen=True)
class LateDesk:
    """All admissions of one consultation. `closed`: commenting is over, so that somebody can be late."""

    consultation: Consultation
    title: str
    place: str
    closed: bool
    rows: Sequence[Row]

    @property
    def back(self) -> str:
        return reverse("office:secretariat_consultation", args=[self.consultation.slug])


def consultation(person: User, slug: str) -> Consultation | None:
    """The consultation, for its secretariat only, once it is public."""
    mine = texts.consultations_with_role(person, ConsultationRole.Role.SECRETARIAT)
    return mine.filter(slug=slug, published_at__isnull=False).prefetch_related("rounds").first()


def desk(consultation: Consultation, *, at: datetime) -> LateDesk:
    """What the page shows: two queries, and those of the rounds."""
    reader = get_language() or consultation.authoritative
    open_now = bool(rules.is_open(consultation, Act.COMMENT, at=at)[1])
    closed = not open_now and texts.round_closed_last(consultation, Act.COMMENT, at=at) is not None
    rows = [
        Row(
            each,
            each.institution.current.name if each.institution.current else each.institution.slug,
            each.ended_at is None and each.until > at,
            each.used,  # type: ignore[attr-defined]
        )
        for each in comments.late_admissions(consultation)
    ]
    return LateDesk(
        consultation, consultation.title(reader), zones.place(consultation.zone, reader), closed, rows
    )


def admission(consultation: Consultation, key: str) -> UUID | None:
    """The key of one of its admissions, as a form sent it."""
    known = {str(each.pk): each.pk for each in comments.late_admissions(consultation)}
    return known.get(key)
