from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consultation.kit.ids import uuid7
from consultation.moderation.models.items import Item
from consultation.record.steps import Facts
from consultation.texts.models import Consultation


class Case(models.Model):
    """One question to a moderator: may this revision of this item stand?"""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="cases")
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="cases")
    revision = models.PositiveIntegerField()
    is_appeal = models.BooleanField(default=False)
    grounds = models.CharField(max_length=5000, blank=True)
    opened_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    lease_until = models.DateTimeField(null=True)
    escalated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(closed_at=None), name="case_at_most_one_open_an_item"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-escalated", "due_at", "id"],
                name="case_open_by_due_time",
                condition=Q(closed_at=None),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="case_closed_keeps_what_it_judged",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.closed_at IS NOT NULL AND ROW(OLD.item_id, OLD.consultation_id, OLD.revision)"
                    " IS DISTINCT FROM ROW(NEW.item_id, NEW.consultation_id, NEW.revision)"
                ),
            ),
        ]

    def facts(self) -> Facts:
        principle = self.item.principle
        return Facts(
            "case",
            str(self.pk),
            consultation=self.consultation_id,
            institution=self.item.institution_id,
            principle=principle.number if principle else None,
            revision=self.revision,
        )


class Reason(models.TextChoices):
    """Why a case was opened, in words for whoever reads it."""

    POLICY = "policy", _("The policy asks for a review of everything before it is published.")
    FIRST = "first-contribution", _("The institution has nothing published yet.")
    EDITED = "edited", _("It was changed after it was published.")
    SENT_AGAIN = "sent-again", _("It was returned before and sent again.")


class CaseReason(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="reasons")
    code = models.CharField(max_length=30, choices=Reason)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="case_reason_once")]
