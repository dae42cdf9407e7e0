from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import User
from consultation.digests import withholding
from consultation.digests.models import Digest, DigestState, File, Part, Watch
from consultation.kit.jobs import wake
from consultation.kit.models import Job
from consultation.record.steps import record

TASK = "digests.build"
RETRY = timedelta(seconds=10)
REASON_LIMIT = 500


def lock(digest_id: UUID) -> Digest:
    """The digest, locked, without its manifest."""
    return (
        Digest.objects.select_for_update(no_key=True, of=("self",))
        .select_related("principle", "consultation")
        .defer("manifest")
        .get(pk=digest_id)
    )


def watch(consultation_id: int) -> Watch:
    """How far the room has read this consultation's record, locked: who takes a manifest and who looks for
    what is gone wait for each other, so that nothing falls between them."""
    Watch.objects.bulk_create([Watch(consultation_id=consultation_id)], ignore_conflicts=True)
    return Watch.objects.select_for_update(no_key=True, of=("self",)).get(consultation=consultation_id)


def ask(actor: User | None, **question: Any) -> Digest:
    """A new digest waits to be built."""
    digest = Digest.objects.create(requested_by=actor, **question)
    record(actor, "digest.requested", digest)
    wake(TASK, str(digest.pk))
    return digest


def ask_again(actor: User | None, digest: Digest) -> None:
    """A digest that failed waits to be built once more; what was made of it stays."""
    fresh = {"job_state": Job.State.WAITING, "attempts": 0, "lease_until": None, "last_error": ""}
    Digest.objects.filter(pk=digest.pk).update(state=DigestState.QUEUED, **fresh)
    Part.objects.filter(digest=digest).exclude(job_state=Job.State.DONE).update(**fresh)
    digest.refresh_from_db(fields=["state", *fresh])
    record(actor, "digest.requested", digest)
    wake(TASK, str(digest.pk))


def begin(digest: Digest, manifest: dict[str, Any], sha256: str) -> None:
    """The manifest is fixed, with what of it may not be shown, and each format waits to be made."""
    if not digest.manifest_hash:
        digest.manifest = manifest
        digest.manifest_hash = sha256
        digest.withheld = withholding.withheld_now(manifest, digest.consultation_id)
        digest.save(update_fields=["manifest", "manifest_hash", "withheld"])
    digest.state = DigestState.BUILDING
    digest.job_state = Job.State.DONE
    digest.lease_until = None
    digest.save(update_fields=["state", "job_state", "lease_until"])
    Part.objects.bulk_create(
        [Part(digest=digest, format=form) for form in digest.formats], ignore_conflicts=True
    )


def finish_if_complete(digest: Digest, *, at: datetime) -> None:
    """The digest is ready once every part of it is done. It is locked."""
    if digest.state != DigestState.BUILDING or digest.parts.exclude(job_state=Job.State.DONE).exists():
        return
    digest.state = DigestState.READY
    digest.ready_at = at
    digest.save(update_fields=["state", "ready_at"])
    record(None, "digest.ready", digest)


def fail(digest: Digest, reason: str) -> None:
    """The digest could not be built. It is locked."""
    digest.state = DigestState.FAILED
    digest.job_state = Job.State.FAILED
    digest.lease_until = None
    digest.last_error = reason[:REASON_LIMIT]
    digest.save(update_fields=["state", "job_state", "lease_until", "last_error"])
    record(None, "digest.failed", digest)


def next_edition(digest: Digest, *, at: datetime) -> Digest:
    """The files of this edition are withheld; the next one is built from the same manifest. It is locked."""
    File.objects.filter(digest=digest, withheld_at=None).update(withheld_at=at)
    return ask(
        None,
        consultation=digest.consultation,
        principle=digest.principle,
        language=digest.language,
        audience=digest.audience,
        cutoff=digest.cutoff,
        since=digest.since,
        formats=digest.formats,
        manifest=digest.manifest,
        edition=digest.edition + 1,
        previous=digest,
    )
