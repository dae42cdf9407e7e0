"""Writes that put a mail on its way, or take it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q
from django.db.models.functions import Now

from consultation.kit import jobs
from consultation.post import letters
from consultation.post.models import Message


class Recipient(Protocol):
    """Who gets a mail: a person of `accounts`, which lies above this room."""

    @property
    def pk(self) -> int: ...
    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...


def write(
    kind: str, *, person: Recipient, context: Mapping[str, Any], not_before: datetime | None = None
) -> Message:
    """A mail of `kind` to `person`, sent after the commit and not before `not_before` (None: at once).

    `context` holds identifiers and short plain text, times in ISO 8601, and `url` as a path on this site.
    Raises TemplateDoesNotExist for a kind that has no template.
    """
    letters.check_kind(kind)
    message = Message(
        kind=kind, person_id=person.pk, address=person.email, language=person.language, context=dict(context)
    )
    if not_before is not None:
        message.not_before = not_before
    message.save()
    jobs.wake("post.deliver", str(message.pk))
    return message


def cancel(**about: str | int) -> int:
    """Take back the mails whose context says all of `about` and that nobody has begun to send; how many."""
    if not about:
        raise ValueError("Say which mails: what their context holds.")
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    waiting = Message.objects.filter(free, job_state=Message.State.WAITING, context__contains=about)
    deleted, _ = waiting.delete()
    return deleted
