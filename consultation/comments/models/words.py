from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    GENERAL = "general", _("General")
    TECHNICAL = "technical", _("Technical")
    EDITORIAL = "editorial", _("Editorial")


class Words(models.Model):
    """What somebody wrote on a text: shared by a draft and by its fixed revisions."""

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.GENERAL)
    body = models.TextField(blank=True)
    proposed_text = models.TextField(blank=True)
    passage = models.JSONField(null=True)
    language = models.CharField(max_length=20)

    class Meta:
        abstract = True
