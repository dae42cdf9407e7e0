from __future__ import annotations

from django.conf import settings
from django.db import models

from consultation.kit import guards
from consultation.moderation.models.cases import Reason
from consultation.record.steps import Facts
from consultation.texts.models import Consultation


class SignalSwitch(models.Model):
    """The secretariat switched a signal off or on in its consultation; the newest row of a code holds."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="signal_switches")
    code = models.CharField(max_length=30, choices=Reason)
    on = models.BooleanField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["consultation", "code", "-id"], name="signal_switch_newest")]
        triggers = guards.append_only("signal_switch", "person")

    def facts(self) -> Facts:
        return Facts("signal", self.code, consultation=self.consultation_id)
