from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    GENERAL = "general", _("General")
    TECHNICAL = "technical", _("Technical")
    EDITORIAL = "editorial", _("Editorial")


class Words(models.Model):
    """What somebody wrote on a text: shared by a draft and by its fixed revisions.

    `translation` is the author's own courtesy translation: `{language, body, proposed_text}`.
    """

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.GENERAL)
    body = models.TextField(blank=True)
    proposed_text = models.TextField(blank=True)
    passage = models.JSONField(null=True)
    language = models.CharField(max_length=20)
    # Not stated by anybody: a program read it from the words.
    language_detected = models.BooleanField(default=False, db_default=False)
    translation = models.JSONField(null=True)

    class Meta:
        abstract = True
