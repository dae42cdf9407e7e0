from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from accounts.models import Institution
from consultation.kit import guards
from consultation.kit.ids import uuid7
from consultation.kit.text import NOTE_LIMIT
from consultation.moderation.models.cases import Case
from consultation.moderation.models.items import Item
from consultation.record.steps import Facts
from consultation.texts.models import PolicyClause


class Flag(models.Model):
    """A reader asks a moderator to look at a public revision, naming a clause of the policy."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="flags")
    revision = models.PositiveIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="flags")
    clause = models.ForeignKey(PolicyClause, models.PROTECT, related_name="+")
    note = models.CharField(max_length=NOTE_LIMIT, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # For whom the person speaks: flags of one institution weigh as one.
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "revision", "person"], name="flag_once_a_person_and_revision"
            ),
        ]
        triggers = [
            guards.never_deleted("flag"),
            pgtrigger.Protect(
                name="flag_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["person", "note"]),
            ),
            pgtrigger.Protect(
                name="flag_person_and_note_only_cleared",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.person_id IS NOT NULL AND NEW.person_id IS DISTINCT FROM OLD.person_id"
                    " OR NEW.note <> '' AND NEW.note <> OLD.note"
                ),
            ),
        ]

    def facts(self) -> Facts:
        principle = self.item.principle
        return Facts(
            "flag",
            str(self.pk),
            consultation=self.item.consultation_id,
            principle=principle.number if principle else None,
            revision=self.revision,
        )
