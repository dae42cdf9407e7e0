from __future__ import annotations

from django.conf import settings
from django.db import models

from consultation.kit import guards
from consultation.kit.ids import uuid7
from consultation.moderation.models.cases import Case
from consultation.record.steps import Facts


class CaseNote(models.Model):
    """What moderators tell each other about a case. The author never sees it; it is never rewritten."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    words = models.CharField(max_length=5000)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="case_note_by_time")]
        triggers = guards.append_only("case_note", "person")

    def facts(self) -> Facts:
        return Facts(
            "note",
            str(self.pk),
            consultation=self.case.consultation_id,
            institution=self.case.item.institution_id,
            revision=self.case.revision,
        )
