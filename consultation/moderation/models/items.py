from __future__ import annotations

from django.db import models

from accounts.models import Institution
from consultation.kit.ids import uuid7
from consultation.texts.models import Consultation, Principle


class Item(models.Model):
    """Something moderation may judge. Its owner points to it with a one-to-one key; it has no state."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="items")
    principle = models.ForeignKey(Principle, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    language = models.CharField(max_length=20)
    newest = models.PositiveIntegerField(default=1)

    class Meta:
        # Where few texts wait in a language, those who read it find them without reading the whole queue.
        indexes = [
            models.Index(fields=["language"], name="item_by_language", opclasses=["varchar_pattern_ops"])
        ]


class Party(models.Model):
    """An institution with a stake in an item: its author's, and those that co-signed or disagreed."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="parties")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "institution"], name="party_once_to_an_item")]
