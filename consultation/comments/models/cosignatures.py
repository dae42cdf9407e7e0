from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from consultation.comments.models.comments import Comment
from consultation.kit import guards
from consultation.kit.ids import uuid7
from consultation.record.steps import Facts


class Stance(models.TextChoices):
    AGREE = "agree", _("co-signs")
    DISAGREE = "disagree", _("disagrees")


class Cosignature(models.Model):
    """Another institution agrees or disagrees with a comment; each act is a row.

    `carried_from` is the one on a merged comment that this one stands for on the comment that was kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    comment = models.ForeignKey(Comment, models.PROTECT, related_name="cosignatures")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    stance = models.CharField(max_length=8, choices=Stance)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    former = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="carried_to", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "institution"], condition=Q(ended_at=None), name="cosignature_one_in_force"
            ),
        ]
        triggers = [
            guards.never_deleted("cosignature"),
            pgtrigger.Protect(
                name="cosignature_only_ends",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("comment", "institution", "stance", "at", "carried_from"),
            ),
            guards.former_takes_the_place("cosignature", "person"),
            guards.only_cleared("cosignature", "person"),
            pgtrigger.Protect(
                name="cosignature_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__ended_at__isnull=False, old__ended_at__df=pgtrigger.F("new__ended_at")
                ),
            ),
        ]

    def facts(self) -> Facts:
        return Facts(
            "cosignature",
            str(self.pk),
            consultation=self.comment.consultation_id,
            institution=self.institution_id,
            principle=self.comment.principle.number if self.comment.principle else None,
        )
