from __future__ import annotations

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from consultation.moderation.models.decisions import Decision


class Rank(models.IntegerChoices):
    """What comes first in the queue, whatever its age: it follows from `escalated` and `flagged`."""

    ESCALATED = 0, _("Escalated")
    FLAGGED = 1, _("Flagged by readers")
    USUAL = 2, _("By age")


class Case(models.Model):
    """One question to a moderator: may this revision of this item stand?"""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="cases")
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="cases")
    revision = models.PositiveIntegerField()
    is_appeal = models.BooleanField(default=False)
    appealed = models.OneToOneField("consultation.Decision", models.PROTECT, null=True, related_name="appeal")
    grounds = models.CharField(max_length=5000, blank=True)
    opened_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    lease_until = models.DateTimeField(null=True)
    escalated = models.BooleanField(default=False)
    # Whoever asked others to decide is not offered it again.
    escalated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    flagged = models.BooleanField(default=False, db_default=False)
    rank = models.PositiveSmallIntegerField(choices=Rank, default=Rank.USUAL, db_default=Rank.USUAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(closed_at=None), name="case_at_most_one_open_an_item"
            ),
            models.CheckConstraint(
                condition=Q(is_appeal=False, appealed=None)
                | Q(is_appeal=True, appealed__isnull=False) & ~Q(grounds=""),
                name="case_appeal_names_its_decision_and_grounds",
            ),
            models.CheckConstraint(
                condition=Q(escalated=True, rank=Rank.ESCALATED)
                | Q(escalated=False, flagged=True, rank=Rank.FLAGGED)
                | Q(escalated=False, flagged=False, rank=Rank.USUAL),
                name="case_rank_says_what_comes_first",
            ),
        ]
        indexes = [
            models.Index(
                fields=["rank", "due_at", "id"], name="case_open_by_rank", condition=Q(closed_at=None)
            ),
            # For those who work on one consultation: others' cases are not read on the way to theirs.
            models.Index(
                fields=["consultation", "rank", "due_at", "id"],
                name="case_open_in_a_consultation",
                condition=Q(closed_at=None),
            ),
            models.Index(
                fields=["holder"], name="case_held_by", condition=Q(closed_at=None, holder__isnull=False)
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

    @property
    def decision(self) -> Decision | None:
        """What was decided on it, unless that was undone."""
        return next((each for each in self.decisions.all() if each.undone_at is None), None)

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
    APPEAL = "appeal", _("Its author appealed against a decision.")
    AGREED = "agreed", _("Its author agreed to a moderator's correction.")
    FLAGGED = "flagged", _("Readers flagged it.")
    LINKS = "links", _("It holds links.")
    MANY = "many-at-once", _("The institution sent many contributions in a short time.")
    SHOUTING = "shouting", _("Much of it stands in capitals.")
    TELEPHONE = "telephone-number", _("It holds what looks like a telephone number.")
    IDENTITY = "identity-number", _("It holds what looks like an identity or account number.")


class CaseReason(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="reasons")
    code = models.CharField(max_length=30, choices=Reason)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="case_reason_once")]
