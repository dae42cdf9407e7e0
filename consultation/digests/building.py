"""Building a digest: what a worker does between two verbs. Several may build one; each part is made once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

from django.db import connection

from consultation.digests import actions, gathering, making, storage
from consultation.digests.composing import Issue
from consultation.digests.content import Content
from consultation.digests.manifest import take
from consultation.digests.models import Digest, Part
from consultation.kit import canonical, clock
from consultation.kit.snapshot import snapshot

log = logging.getLogger(__name__)


def build(digest_id: UUID) -> None:
    """Do all that nobody else does of this digest: take its manifest, then make its files one by one."""
    digest = actions.lease_manifest(None, digest_id=digest_id)
    if digest is not None and not _take_manifest(digest):
        return
    content: Content | None = None
    while (part := actions.lease_part(None, digest_id=digest_id)) is not None:
        digest = Digest.objects.select_related("consultation", "principle").get(pk=digest_id)
        content = _make(part, digest, content)


def content_of(digest: Digest) -> Content:
    """What a digest holds, from its manifest."""
    assert digest.manifest is not None
    return gathering.gather(
        digest.manifest, digest.manifest_hash, digest.withheld, consultation=digest.consultation_id
    )


def file_name(digest: Digest, form: str) -> str:
    """The name under which a file is downloaded."""
    parts = [digest.consultation.slug]
    if digest.principle is not None:
        parts.append(f"P{digest.principle.number}")
    parts += ["digest", str(digest.cutoff), digest.language]
    if digest.edition > 1:
        parts.append(f"edition-{digest.edition}")
    return f"{'-'.join(parts)}.{storage.extension(form)}"


def _take_manifest(digest: Digest) -> bool:
    try:
        if digest.manifest is None:
            renew = partial(actions.renew_manifest, None, digest_id=digest.pk, attempt=digest.attempts)
            with _renewed(renew), snapshot():
                taken = take(digest)
            manifest, sha256 = taken.manifest, taken.sha256
        else:
            manifest, sha256 = digest.manifest, canonical.digest(digest.manifest)
        actions.take_manifest(None, digest_id=digest.pk, manifest=manifest, sha256=sha256)
    except Exception as error:
        log.exception("digest.manifest.failed digest=%s attempt=%s", digest.pk, digest.attempts)
        actions.fail_manifest(None, digest_id=digest.pk, attempt=digest.attempts, error=_words(error))
        return False
    return True


def _make(part: Part, digest: Digest, content: Content | None) -> Content | None:
    """Make one file; what was gathered for it serves the next ones."""
    issue = Issue(str(digest.pk), digest.language, digest.edition)
    renew = partial(actions.renew_lease, None, part_id=part.pk, attempt=part.attempts)
    try:
        with _renewed(renew):
            content = content or content_of(digest)
            stored = storage.keep(part.format, making.make(part.format, content, issue))
        made = actions.Made(file_name(digest, part.format), stored.bytes, stored.sha256)
        actions.finish_part(None, part_id=part.pk, made=made, at=clock.now())
    except Exception as error:
        log.exception("digest.part.failed part=%s format=%s attempt=%s", part.pk, part.format, part.attempts)
        actions.fail_part(None, part_id=part.pk, attempt=part.attempts, error=_words(error))
    return content


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


@contextmanager
def _renewed(renew: partial[None]) -> Iterator[None]:
    """The work stays ours while we do it, however long that takes; if we are killed, it is soon free."""
    done = threading.Event()
    beat = threading.Thread(target=_renew_until, args=(done, renew), daemon=True)
    beat.start()
    try:
        yield
    finally:
        done.set()
        beat.join()


def _renew_until(done: threading.Event, renew: partial[None]) -> None:
    while not done.wait(actions.RENEW):
        try:
            renew()
        except Exception:
            log.exception("digest.lease.lost work=%s", renew.keywords)
    connection.close()
