from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from consultation.comments.models.revisions import CommentRevision
from consultation.kit.models import Job


class MachineTranslation(Job):
    """One revision in another language, by a program: the row is the job, and what came of it is kept.

    Nobody checked it: it is shown as such, is found by no search and goes into no file.
    """

    revision = models.ForeignKey(CommentRevision, models.CASCADE, related_name="machine_translations")
    language = models.CharField(max_length=20)
    translator = models.CharField(max_length=100, blank=True)
    body = models.TextField(blank=True)
    proposed_text = models.TextField(blank=True)
    asked_at = models.DateTimeField(db_default=Now())
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "language"], name="machine_translation_once_a_language"
            ),
            models.CheckConstraint(
                condition=Q(job_state="done", made_at__isnull=False)
                | ~Q(job_state="done") & Q(made_at=None, body="", proposed_text=""),
                name="machine_translation_done_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(job_state__in=["waiting", "done", "failed"]),
                name="machine_translation_known_job_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="machine_translation_waiting",
                condition=Q(job_state="waiting"),
            ),
        ]
