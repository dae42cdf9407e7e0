from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consultation.kit import history
from consultation.record.steps import Facts
from consultation.texts.models.consultations import Consultation


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    meta=history.guarded("person"),
    model_name="ConsultationRoleEvent",
)
class ConsultationRole(models.Model):
    """Who works on one consultation; ended ones stay."""

    class Role(models.TextChoices):
        SECRETARIAT = "secretariat", _("Secretariat")
        MODERATOR = "moderator", _("Moderator")
        OBSERVER = "observer", _("Observer")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="roles")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consultation_roles")
    role = models.CharField(max_length=12, choices=Role)
    since = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "person", "role"],
                condition=Q(ended_at=None),
                name="consultation_role_once_in_force",
            ),
        ]

    def facts(self) -> Facts:
        return Facts("role", str(self.pk), consultation=self.consultation_id)


class LicenceAcceptance(models.Model):
    """A person agreed that what they send to a consultation is published under this licence."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="licences_accepted")
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="+")
    licence = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "consultation", "licence"], name="licence_accepted_once_a_consultation"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="licence_acceptance_never_changed", operation=pgtrigger.Update),
        ]
