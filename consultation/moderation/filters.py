from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from consultation.moderation.models import Case, CaseReason

WHOLE_TEXT = 0


class Age(models.TextChoices):
    """How long a case has waited."""

    LATE = "late"
    DAY = "day"
    WEEK = "week"


OLDER_THAN = {Age.DAY: timedelta(days=1), Age.WEEK: timedelta(days=7)}


@dataclass(frozen=True)
class CaseFilters:
    """Which open cases a reader of the queue asks for; empty fields ask for nothing.

    `principle` is a number, 0 for the text as a whole; `mine` leaves what the reader holds at this moment.
    """

    consultation: str = ""
    kind: str = ""
    language: str = ""
    country: str = ""
    reason: str = ""
    principle: int | None = None
    age: str = ""
    mine: bool = False
    is_appeal: bool | None = None

    def apply(self, cases: QuerySet[Case], *, person: User, at: datetime) -> QuerySet[Case]:
        """Only the cases that are asked for."""
        asked = {
            "consultation__slug": self.consultation,
            "item__kind": self.kind,
            "item__language": self.language,
            "item__institution__current__country": self.country,
            "is_appeal": self.is_appeal,
        }
        cases = cases.filter(**{name: value for name, value in asked.items() if value not in ("", None)})
        if self.principle is not None:
            cases = cases.filter(self._principle())
        if self.reason:
            cases = cases.filter(Exists(CaseReason.objects.filter(case=OuterRef("pk"), code=self.reason)))
        if self.age:
            cases = cases.filter(self._age(at))
        return cases.filter(holder=person, lease_until__gt=at) if self.mine else cases

    def _principle(self) -> Q:
        if self.principle == WHOLE_TEXT:
            return Q(item__principle=None)
        return Q(item__principle__number=self.principle)

    def _age(self, at: datetime) -> Q:
        if self.age == Age.LATE:
            return Q(due_at__lt=at)
        return Q(opened_at__lt=at - OLDER_THAN[Age(self.age)])


EVERYTHING = CaseFilters()
