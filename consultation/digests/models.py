"""What a digest contains, and the files made of it."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consultation.kit.ids import uuid7
from consultation.kit.models import Job
from consultation.record.steps import Facts
from consultation.texts.models import Consultation, Principle


class DigestState(models.TextChoices):
    QUEUED = "queued", _("Waits for its turn")
    BUILDING = "building", _("Is being built")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be built")


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everybody")
    SECRETARIAT = "secretariat", _("The secretariat")


class Format(models.TextChoices):
    HTML = "html", _("Web page")
    PDF = "pdf", _("PDF")
    DOCX = "docx", _("Word")
    XLSX = "xlsx", _("Excel")
    CSV = "csv", _("Data (CSV)")
    JSON = "json", _("Data (JSON)")


class Digest(Job):
    """Who said what up to a record number, in one language. Its job is the manifest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="digests")
    principle = models.ForeignKey(Principle, models.CASCADE, null=True, related_name="digests")
    language = models.CharField(max_length=20)
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.PUBLIC)
    cutoff = models.BigIntegerField()
    since = models.BigIntegerField(null=True)
    edition = models.PositiveIntegerField(default=1)
    previous = models.OneToOneField("self", models.CASCADE, null=True, related_name="next")
    formats = ArrayField(models.CharField(max_length=4, choices=Format))
    state = models.CharField(max_length=10, choices=DigestState, default=DigestState.QUEUED)
    manifest = models.JSONField(null=True)
    withheld = models.JSONField(default=list)
    manifest_hash = models.CharField(max_length=64, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    ready_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "consultation",
                    "principle",
                    "language",
                    "audience",
                    "cutoff",
                    "since",
                    "edition",
                    "formats",
                ],
                condition=~Q(state="failed"),
                nulls_distinct=False,
                name="digest_same_question_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["building", "ready"]) | Q(manifest__isnull=False),
                name="digest_built_from_a_manifest",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(ready_at__isnull=False), name="digest_ready_has_its_time"
            ),
        ]
        indexes = [
            models.Index(fields=["consultation", "-ready_at", "-id"], name="digest_newest_ready"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="digest_states",
                field="state",
                transitions=[
                    ("queued", "building"),
                    ("queued", "failed"),
                    ("building", "ready"),
                    ("building", "failed"),
                    ("failed", "queued"),
                ],
            ),
            pgtrigger.Protect(
                name="digest_manifest_fixed_once_taken",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.manifest_hash <> '' AND ROW(OLD.manifest, OLD.manifest_hash, OLD.withheld)"
                    " IS DISTINCT FROM ROW(NEW.manifest, NEW.manifest_hash, NEW.withheld)"
                ),
            ),
        ]

    def facts(self) -> Facts:
        return Facts(
            "digest",
            str(self.pk),
            consultation=self.consultation_id,
            principle=self.principle.number if self.principle else None,
        )


class Watch(models.Model):
    """How far this room has read a consultation's record, looking for what its files may no longer quote."""

    consultation = models.OneToOneField(Consultation, models.CASCADE, primary_key=True, related_name="+")
    number = models.BigIntegerField(default=0)


class Part(Job):
    """One format of a digest that is still to be made, or was."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="parts")
    format = models.CharField(max_length=4, choices=Format)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "format"], name="digest_part_once_a_format")]


class File(models.Model):
    """One file as downloaded; stored under its own hash."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="files")
    format = models.CharField(max_length=4, choices=Format)
    name = models.CharField(max_length=200)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_default=Now())
    withheld_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "format"], name="digest_file_once_a_format")]
