from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.kit import guards
from consultation.moderation.models.items import Item
from consultation.texts.models import Consultation


class Look(models.Model):
    """Somebody read, by their role, words that the public does not see. A row for each time."""

    class Door(models.TextChoices):
        PAGE = "page", _("Page")
        API = "api", _("Programs")

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="looks")
    item = models.ForeignKey(Item, models.PROTECT, related_name="looks")
    revision = models.PositiveIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    door = models.CharField(max_length=4, choices=Door)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(door__in=["page", "api"]), name="look_through_a_known_door"
            ),
        ]
        indexes = [models.Index(fields=["consultation", "-at", "-id"], name="look_newest_first")]
        triggers = guards.append_only("look", "person")
