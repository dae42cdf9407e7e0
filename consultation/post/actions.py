"""Sending: a lease, the sending itself outside every transaction, and what came of it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPResponseException
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models.functions import Now

from consultation.kit import jobs
from consultation.kit.verb import verb
from consultation.post.letters import Letter, compose
from consultation.post.models import Message

log = logging.getLogger(__name__)

BODY_KEPT = timedelta(days=30)
ROW_KEPT = timedelta(days=365)
# Longer than the slowest mail server is waited for (EMAIL_TIMEOUT at each of a handful of steps).
LEASE_SECONDS = 300
# Minutes until the next attempt: 1, 4, 16, 64.
FACTOR = 4


def deliver(message_id: UUID) -> bool:
    """Send this message if it is due and nobody else sends it. Whether it was sent now.

    Whoever is killed between sending and marking leaves a lease that ends: then the message goes out once
    more, under the same Message-ID, by which mail readers know it again.
    """
    message = lease(None, message_id=message_id)
    return message is not None and _send(message)


def deliver_next() -> bool:
    """Send one message that is due, or note why not. Whether there was one."""
    message = lease(None)
    if message is not None:
        _send(message)
    return message is not None


@verb
def lease(actor: None, *, message_id: UUID | None = None) -> Message | None:
    """A message that is due, ours to send for `LEASE_SECONDS`: this one, or the one that waited longest."""
    waiting = Message.objects.all() if message_id is None else Message.objects.filter(pk=message_id)
    return jobs.lease(waiting, seconds=LEASE_SECONDS)


@verb
def mark_sent(actor: None, *, message_id: UUID, letter: Letter) -> None:
    """The message went out in these words; the last one to somebody who is forgotten goes at once."""
    if Message.objects.filter(pk=message_id, forgotten=True).delete()[0]:
        return
    Message.objects.filter(pk=message_id).update(
        job_state=Message.State.DONE,
        sent_at=Now(),
        lease_until=None,
        last_error="",
        subject=letter.subject,
        body=letter.body,
    )


@verb
def mark_failed(actor: None, *, message_id: UUID, attempts: int, error: str) -> None:
    """The message waits for its next attempt; after the last one it has failed."""
    over = attempts >= jobs.ATTEMPTS
    if over and Message.objects.filter(pk=message_id, forgotten=True).delete()[0]:
        return
    Message.objects.filter(pk=message_id, job_state=Message.State.WAITING).update(
        job_state=Message.State.FAILED if over else Message.State.WAITING,
        not_before=Now() + timedelta(minutes=FACTOR ** (attempts - 1)),
        lease_until=None,
        last_error=error,
    )


@verb
def forget_old(actor: None, *, at: datetime) -> None:
    """What mails said goes after thirty days, and that there was one after a year (DESIGN 6)."""
    Message.objects.filter(made_at__lt=at - ROW_KEPT).delete()
    over = Message.objects.exclude(job_state=Message.State.WAITING).filter(made_at__lt=at - BODY_KEPT)
    over.exclude(subject="", body="", context={}).update(subject="", body="", context={})


def _send(message: Message) -> bool:
    if message.attempts > jobs.ATTEMPTS:
        # Its senders died with it again and again, without a word.
        return _gave_up(message, "sender died")
    try:
        letter = compose(message.kind, message.language, message.context)
        _mail(message, letter).send()
    except Exception as error:
        return _gave_up(message, _reason(error))
    mark_sent(None, message_id=message.pk, letter=_to_keep(message, letter))
    return True


def _to_keep(message: Message, letter: Letter) -> Letter:
    """The letter as it is kept: without the key of a link, which its reader alone has."""
    if "seed" not in message.context:
        return letter
    context = {name: value for name, value in message.context.items() if name != "seed"}
    return compose(message.kind, message.language, context)


def _gave_up(message: Message, reason: str) -> bool:
    log.warning("post.unsent kind=%s attempts=%s error=%s", message.kind, message.attempts, reason)
    mark_failed(None, message_id=message.pk, attempts=message.attempts, error=reason)
    return False


def _mail(message: Message, letter: Letter) -> EmailMessage:
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": f"<{message.pk}@{host}>",
        # RFC 3834: no out-of-office replies, please.
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(letter.subject, letter.body, to=[message.address], headers=headers)


def _reason(error: Exception) -> str:
    """What went wrong, without the addresses that a mail server's answer repeats."""
    code = f" {error.smtp_code}" if isinstance(error, SMTPResponseException) else ""
    return f"{type(error).__name__}{code}"
