from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultation.kit.ids import uuid7
from consultation.moderation.models.cases import Case
from consultation.moderation.models.items import Item
from consultation.texts.models import PolicyClause


class Action(models.TextChoices):
    APPROVE = "approve", _("Approve")
    RETURN = "return", _("Return for changes")
    REJECT = "reject", _("Reject")
    HIDE = "hide", _("Hide")
    RESTORE = "restore", _("Restore")


class Decision(models.Model):
    """What was decided on a case, by which clause, with what words to the author. Never rewritten."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="decision")
    item = models.ForeignKey(Item, models.PROTECT, related_name="decisions")
    action = models.CharField(max_length=10, choices=Action)
    clause = models.ForeignKey(PolicyClause, models.PROTECT, null=True, related_name="+")
    message = models.CharField(max_length=5000, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(action="approve") | Q(clause__isnull=False),
                name="decision_against_names_its_clause",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="decision_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="decision_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["person"]),
            ),
            pgtrigger.Protect(
                name="decision_person_only_cleared",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__person__isnull=False, old__person__df=pgtrigger.F("new__person")),
            ),
        ]
