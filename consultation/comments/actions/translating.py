"""Translations by a program: asked for by readers, made outside every transaction, kept by revision."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.models import User
from consultation.comments import rules, steps
from consultation.comments.models import CommentRevision, MachineTranslation
from consultation.kit import jobs, translator
from consultation.kit.refusal import NotFound
from consultation.kit.translator import Untranslated
from consultation.kit.verb import verb

log = logging.getLogger(__name__)

TRANSLATE = "comments.translate"
# Longer than the server is waited for: body and proposed wording, one after the other.
LEASE_SECONDS = 3 * translator.PATIENCE
# Minutes until the next attempt: 1, 4, 16, 64.
FACTOR = 4


@verb
def ask_translation(
    actor: User | None, *, comment_id: UUID, revision: int, language: str, at: datetime
) -> MachineTranslation:
    """A program will translate this revision, or has; what failed is tried again.

    Refuses: not-found, invalid (language).
    """
    comment = steps.lock(comment_id)
    read = CommentRevision.objects.filter(comment=comment, number=revision).first()
    if read is None:
        raise NotFound
    rules.may_translate(actor, comment, read, language=language, at=at).require()
    asked, new = MachineTranslation.objects.get_or_create(revision=read, language=language)
    if asked.job_state == MachineTranslation.State.FAILED:
        MachineTranslation.objects.filter(pk=asked.pk).update(
            job_state=MachineTranslation.State.WAITING, not_before=Now(), attempts=0, last_error=""
        )
        asked.refresh_from_db()
        new = True
    if new:
        jobs.wake(TRANSLATE, asked.pk)
    return asked


def translate(translation_id: int) -> bool:
    """Make this translation, if it is due and nobody else makes it. Whether it was made now."""
    asked = lease(None, translation_id=translation_id)
    if asked is None:
        return False
    try:
        if asked.attempts > jobs.ATTEMPTS:
            raise Untranslated("worker died", for_good=True)
        read = asked.revision
        body, proposed = (
            translator.translate(text, source=read.language, target=asked.language)
            for text in (read.body, read.proposed_text)
        )
    except Untranslated as error:
        log.warning("translation.failed attempts=%s error=%s", asked.attempts, error)
        mark_untranslated(None, translation_id=asked.pk, attempt=asked.attempts, error=error)
        return False
    mark_translated(None, translation_id=asked.pk, attempt=asked.attempts, body=body, proposed=proposed)
    return True


@verb
def lease(actor: None, *, translation_id: int) -> MachineTranslation | None:
    """A translation that is due, ours to make for `LEASE_SECONDS`."""
    waiting = MachineTranslation.objects.filter(pk=translation_id).select_related("revision")
    return jobs.lease(waiting, seconds=LEASE_SECONDS)


@verb
def mark_translated(actor: None, *, translation_id: int, attempt: int, body: str, proposed: str) -> None:
    """The translation is there; nothing is kept where it was dropped meanwhile."""
    _mine(translation_id, attempt).update(
        job_state=MachineTranslation.State.DONE,
        made_at=Now(),
        lease_until=None,
        last_error="",
        translator=translator.name(),
        body=body,
        proposed_text=proposed,
    )


@verb
def mark_untranslated(actor: None, *, translation_id: int, attempt: int, error: Untranslated) -> None:
    """The translation waits for its next attempt; after the last one, or for good reason, it has failed."""
    over = error.for_good or attempt >= jobs.ATTEMPTS
    _mine(translation_id, attempt).update(
        job_state=MachineTranslation.State.FAILED if over else MachineTranslation.State.WAITING,
        not_before=Now() + timedelta(minutes=FACTOR ** (attempt - 1)),
        lease_until=None,
        last_error=str(error)[:500],
    )


def _mine(translation_id: int, attempt: int) -> QuerySet[MachineTranslation]:
    return MachineTranslation.objects.filter(
        pk=translation_id, attempts=attempt, job_state=MachineTranslation.State.WAITING
    )
