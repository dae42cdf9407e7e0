from django.conf import settings
from django.db import models


class Claim(models.Model):
    """One run of a verb under a key that the caller chose, so that sending twice acts once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    path = models.CharField(max_length=500)
    fields_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    subjects = models.JSONField(default=list)
    made_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key", "path"], name="claim_once_per_key_and_path"),
        ]
        indexes = [models.Index(fields=["made_at"], name="claim_by_age")]


class Try(models.Model):
    """One try that counts against a limit. `who` is a keyed hash."""

    who = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["who", "at"], name="try_by_who"),
            models.Index(fields=["at"], name="try_by_age"),
        ]


class Job(models.Model):
    """Work that a row stands for: who sweeps finds it by state and lease, whatever became of messages."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    job_state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    not_before = models.DateTimeField(db_default=models.functions.Now())
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True
