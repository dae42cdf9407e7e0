"""Writes that put a mail on its way, or take it back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q, TextField
from django.db.models.functions import Cast, Now

from consultation.kit import jobs
from consultation.post import letters
from consultation.post.models import Message


class Recipient(Protocol):
    """Who gets a mail: a person of `accounts`, which lies above this room; or an address without one."""

    @property
    def pk(self) -> int | None: ...
    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...


def write(
    kind: str, *, person: Recipient, context: Mapping[str, Any], not_before: datetime | None = None
) -> Message:
    """A mail of `kind` to `person`, sent after the commit and not before `not_before` (None: at once).

    `context` holds identifiers and short plain text, times in ISO 8601, and `url` as a path on this site;
    where that opens a door, it holds `{key}`, and `seed` says which key (`kit.link_keys`): the row knows
    the seed alone.
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


def write_many(
    kind: str,
    *,
    people: Iterable[Recipient],
    context: Mapping[str, Any],
    not_before: datetime | None = None,
) -> int:
    """The same mail to many people, each in their own language, with one wake-up for all; how many.

    Raises TemplateDoesNotExist for a kind that has no template.
    """
    letters.check_kind(kind)
    times = {} if not_before is None else {"not_before": not_before}
    messages = [
        Message(
            kind=kind,
            person_id=person.pk,
            address=person.email,
            language=person.language,
            context=dict(context),
            **times,
        )
        for person in people
    ]
    Message.objects.bulk_create(messages, batch_size=1000)
    if messages:
        jobs.wake("post.sweep")
    return len(messages)


def write_last(kind: str, *, address: str, language: str, context: Mapping[str, Any]) -> None:
    """A mail to somebody who is forgotten: its row goes once it was sent, or could not be.

    Raises TemplateDoesNotExist for a kind that has no template.
    """
    letters.check_kind(kind)
    message = Message.objects.create(
        kind=kind, address=address, language=language, context=dict(context), forgotten=True
    )
    jobs.wake("post.deliver", str(message.pk))


def forget(person_id: int, *, name: str, addresses: Collection[str]) -> None:
    """No mail to this person is kept, and nothing that mails to others say of them.

    What went out loses its words; what waits goes out without the name.
    """
    Message.objects.filter(Q(person=person_id) | Q(address__in=addresses)).delete()
    telling = Q()
    for word in filter(None, [name, *addresses]):
        telling |= Q(body__contains=word) | Q(subject__contains=word) | Q(facts__contains=_as_json(word))
    if not telling:
        return
    about = Message.objects.annotate(facts=Cast("context", TextField())).filter(telling)
    for message in about.filter(job_state=Message.State.WAITING).select_for_update(no_key=True):
        message.context = {
            fact: "" if value == name or any(each in str(value) for each in addresses) else value
            for fact, value in message.context.items()
        }
        message.save(update_fields=["context"])
    about.exclude(job_state=Message.State.WAITING).update(subject="", body="", context={})


def _as_json(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)[1:-1]


def cancel(**about: str | int) -> int:
    """Take back the mails whose context says all of `about` and that nobody has begun to send; how many."""
    if not about:
        raise ValueError("Say which mails: what their context holds.")
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    waiting = Message.objects.filter(free, job_state=Message.State.WAITING, context__contains=about)
    deleted, _ = waiting.delete()
    return deleted
