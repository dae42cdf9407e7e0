"""What waits for a decision, who holds it, what was decided. Knows no particular kind of content."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from consultation.kit.ids import uuid7
from consultation.record.steps import Facts
from consultation.texts.models import Consultation, PolicyClause, Principle


class Item(models.Model):
    """Something moderation may judge. Its owner points to it with a one-to-one key; it has no state."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="items")
    principle = models.ForeignKey(Principle, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    language = models.CharField(max_length=20)
    newest = models.PositiveIntegerField(default=1)


class Party(models.Model):
    """An institution with a stake in an item: its author's, and those that co-signed or disagreed."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="parties")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "institution"], name="party_once_to_an_item")]


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
