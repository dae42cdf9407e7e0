from __future__ import annotations

import pgtrigger
from django.db import models

from consultation.texts.models.consultations import Consultation


class Arrangement(models.Model):
    """What stands around the principles from one moment on: their order, their headings, the preamble.

    `order` names the principles in force by their numbers, `headings` are `{number: {language: heading}}`.
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="arrangements")
    number = models.PositiveIntegerField()
    order = models.JSONField()
    headings = models.JSONField(default=dict)
    preambles = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="arrangement_number_once_in_its_consultation"
            ),
        ]
        ordering = ["consultation", "number"]
        triggers = [
            pgtrigger.Protect(
                name="arrangement_never_changed", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]
