from __future__ import annotations

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consultation.kit import guards
from consultation.kit.ids import uuid7
from consultation.moderation.models.cases import Case
from consultation.moderation.models.items import Item
from consultation.texts.models import PolicyClause

UNDO_WITHIN = timedelta(minutes=1)


class Action(models.TextChoices):
    APPROVE = "approve", _("Approve")
    RETURN = "return", _("Return for changes")
    REJECT = "reject", _("Reject")
    HIDE = "hide", _("Hide")
    RESTORE = "restore", _("Restore")
    REDACT = "redact", _("Redact words")
    ESCALATE = "escalate", _("Escalate")
    UPHOLD = "uphold", _("Uphold the decision")
    REVERSE = "reverse", _("Reverse the decision")


class Decision(models.Model):
    """What was decided on a case, by which clause, with what words to the author. Never rewritten.

    `before` is what its handler needs to undo it (states and numbers, no words); `undone_at` is when it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    item = models.ForeignKey(Item, models.PROTECT, related_name="decisions")
    action = models.CharField(max_length=10, choices=Action)
    clause = models.ForeignKey(PolicyClause, models.PROTECT, null=True, related_name="+")
    message = models.CharField(max_length=5000, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    before = models.JSONField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(undone_at=None), name="decision_one_in_force_a_case"
            ),
            models.CheckConstraint(condition=~Q(action="escalate"), name="decision_ends_its_case"),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(undone_at__gte=F("at"), undone_at__lte=F("at") + UNDO_WITHIN),
                name="decision_undone_within_its_minute",
            ),
            models.CheckConstraint(
                condition=Q(action__in=["approve", "reverse"]) | Q(clause__isnull=False),
                name="decision_against_names_its_clause",
            ),
        ]
        triggers = [
            guards.never_deleted("decision"),
            pgtrigger.Protect(
                name="decision_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["person", "undone_at"]),
            ),
            pgtrigger.Protect(
                name="decision_undone_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__undone_at__isnull=False, old__undone_at__df=pgtrigger.F("new__undone_at")
                ),
            ),
            guards.only_cleared("decision", "person"),
        ]
