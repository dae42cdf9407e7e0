from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from consultation.kit.ids import uuid7
from consultation.kit.models import Job


class Message(Job):
    """A mail that is to go out, or went: the row is the job, its template is named by `kind`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=60)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    address = models.EmailField()
    language = models.CharField(max_length=20)
    context = models.JSONField(default=dict)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    # The last word to somebody who is forgotten: the row goes with the sending.
    forgotten = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before"], name="message_waiting_by_time", condition=Q(job_state="waiting")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(job_state="done", sent_at__isnull=False) | ~Q(job_state="done"),
                name="message_done_has_its_time",
            ),
        ]
