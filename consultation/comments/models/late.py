from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from accounts.models import Institution
from consultation.kit import guards
from consultation.kit.ids import uuid7
from consultation.kit.text import TITLE_LIMIT
from consultation.record.steps import Facts
from consultation.texts.models import Round


class LateAdmission(models.Model):
    """The secretariat lets one institution comment after a round closed; each admission is a row.

    Who admitted it stands in the record.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="late_admissions")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    # Read by everybody: why this institution and not another one.
    reason = models.CharField(max_length=TITLE_LIMIT)
    at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "institution"],
                condition=Q(ended_at=None),
                name="late_admission_one_in_force",
            ),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="late_admission_lasts"),
        ]
        triggers = [
            guards.never_deleted("late_admission"),
            pgtrigger.Protect(
                name="late_admission_only_ends",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("round", "institution", "reason", "at", "until"),
            ),
            pgtrigger.Protect(
                name="late_admission_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__ended_at__isnull=False, old__ended_at__df=pgtrigger.F("new__ended_at")
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def facts(self) -> Facts:
        return Facts(
            "late_admission",
            str(self.pk),
            consultation=self.round.consultation_id,
            institution=self.institution_id,
        )
