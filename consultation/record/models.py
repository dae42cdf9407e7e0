from django.conf import settings
from django.db import models
from django.db.models import Q

from consultation.kit import guards

SITE = 0


class Stream(models.Model):
    """A counter of entries: one for each consultation (its key), one for the site (0)."""

    consultation = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField(default=0)
    public_number = models.BigIntegerField(default=0)


class Entry(models.Model):
    """Something that happened, in the order of commits. It names things and holds no text."""

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="entries", db_index=False)
    number = models.BigIntegerField()
    at = models.DateTimeField()
    public = models.BooleanField()
    kind = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    institution = models.BigIntegerField(null=True)
    principle = models.PositiveIntegerField(null=True)
    subject_kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=100)
    revision = models.PositiveIntegerField(null=True)
    # By which verb it came about: verifying, withdrawing, merging. Empty before this was kept.
    verb = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "number"], name="entry_number_once_in_its_stream"),
        ]
        indexes = [
            models.Index(
                fields=["stream", "principle", "-number"],
                name="entry_public_by_principle",
                condition=Q(public=True),
            ),
            models.Index(
                fields=["stream", "institution", "-number"],
                name="entry_public_by_institution",
                condition=Q(public=True, institution__isnull=False),
            ),
            models.Index(
                fields=["stream", "kind", "-number"], name="entry_public_by_kind", condition=Q(public=True)
            ),
            models.Index(fields=["stream", "at"], name="entry_by_time"),
            models.Index(fields=["subject_kind", "subject_key"], name="entry_of_subject"),
        ]
        triggers = guards.append_only("entry", "actor")
