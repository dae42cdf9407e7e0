from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.digests import queries, rules, steps, withholding
from consultation.digests.models import Audience, Digest, DigestState, File, Part
from consultation.kit import jobs
from consultation.kit.jobs import ATTEMPTS
from consultation.kit.models import Job
from consultation.kit.refusal import invalid
from consultation.kit.verb import verb
from consultation.record import queries as record
from consultation.texts.models import Consultation, Principle

# A killed worker's part is taken up again after this; a living one renews it long before.
LEASE = 25
RENEW = 5

Moment = datetime | int | None


@dataclass(frozen=True)
class Made:
    """A file that is stored already."""

    name: str
    bytes: int
    sha256: str


@verb
def request_digest(
    actor: User | None,
    *,
    consultation: Consultation,
    principle_number: int | None = None,
    language: str,
    formats: list[str] | None = None,
    until: Moment = None,
    since: Moment = None,
    audience: str = Audience.PUBLIC,
    at: datetime,
) -> Digest:
    """The digest that answers this question is there, or waits to be built; the same question, the same one.

    `until` and `since` are moments or record numbers; without `until` it ends at the newest public entry
    of its scope. A digest that failed is built again.
    Refuses: not-signed-in, no-role, busy-building, invalid (principle, language, formats, until, from,
    audience).
    """
    # Who asks at the same time waits here: visitors then see each other's builds.
    Consultation.objects.select_for_update(no_key=True, of=("self",)).get(pk=consultation.pk)
    another_time = until is not None or since is not None
    rules.may_ask(actor, consultation, another_time=another_time, audience=audience).require()
    principle = _principle(consultation, principle_number)
    question = {
        "consultation": consultation,
        "principle": principle,
        "language": rules.known_language(language, consultation),
        "audience": rules.known_audience(audience),
        "cutoff": queries.cutoff_of(
            consultation, principle_number, _number(consultation, until, "until", at=at)
        ),
        "since": _number(consultation, since, "from", at=at),
        "formats": rules.known_formats(formats),
    }
    return _existing(actor, question) or _new(actor, question)


def _principle(consultation: Consultation, number: int | None) -> Principle | None:
    if number is None:
        return None
    found = Principle.objects.filter(consultation=consultation, number=number, current__isnull=False).first()
    if found is None:
        raise invalid(principle=_("This text has no principle with that number."))
    return found


def _number(consultation: Consultation, moment: Moment, field: str, *, at: datetime) -> int | None:
    if moment is None:
        return None
    if isinstance(moment, datetime):
        if moment > at:
            raise invalid(**{field: _("This time is still to come. A digest tells what was said until now.")})
        return record.newest_public_at(consultation.pk, moment)
    if not 0 <= moment <= record.newest_public(consultation.pk):
        raise invalid(**{field: _("The record of this consultation has no such number.")})
    return moment


def _existing(actor: User | None, question: dict[str, Any]) -> Digest | None:
    found = queries.same_question(question).first()
    if found is None:
        return None
    if found.state == DigestState.FAILED:
        found = steps.lock(found.pk)
        rules.may_build_now(actor, busy=_busy(question)).require()
        steps.ask_again(actor, found)
    return found


def _new(actor: User | None, question: dict[str, Any]) -> Digest:
    rules.may_build_now(actor, busy=_busy(question)).require()
    try:
        with transaction.atomic():
            return steps.ask(actor, **question)
    except IntegrityError:
        found = queries.same_question(question).first()
        if found is None:
            raise
        return found


def _busy(question: dict[str, Any]) -> bool:
    return queries.visitors_build(question["consultation"]) is not None


@verb
def lease_manifest(actor: None, *, digest_id: UUID) -> Digest | None:
    """The digest's manifest is the caller's to take for a while; None when it is somebody else's."""
    waiting = Digest.objects.filter(pk=digest_id, state=DigestState.QUEUED, attempts__lt=ATTEMPTS)
    return jobs.lease(waiting.select_related("principle"), seconds=LEASE)


@verb
def renew_manifest(actor: None, *, digest_id: UUID, attempt: int) -> None:
    """The caller goes on reading for the manifest. Nothing happens if somebody else took it up meanwhile."""
    mine = Digest.objects.filter(pk=digest_id, attempts=attempt, state=DigestState.QUEUED)
    mine.update(lease_until=Now() + timedelta(seconds=LEASE))


@verb
def take_manifest(actor: None, *, digest_id: UUID, manifest: dict[str, Any], sha256: str) -> Digest:
    """The digest is built from this manifest from now on. One that was taken before stays."""
    found = Digest.objects.get(pk=digest_id)
    steps.watch(found.consultation_id)
    digest = steps.lock(digest_id)
    if digest.state == DigestState.QUEUED:
        steps.begin(digest, manifest, sha256)
    return digest


@verb
def lease_part(actor: None, *, digest_id: UUID) -> Part | None:
    """One format that nobody is making is the caller's for a while; None when there is none."""
    waiting = Part.objects.filter(digest=digest_id, digest__state=DigestState.BUILDING, attempts__lt=ATTEMPTS)
    return jobs.lease(waiting, seconds=LEASE)


@verb
def renew_lease(actor: None, *, part_id: int, attempt: int) -> None:
    """The caller goes on making the part. Nothing happens if somebody else took it up meanwhile."""
    mine = Part.objects.filter(pk=part_id, attempts=attempt, job_state=Job.State.WAITING)
    mine.update(lease_until=Now() + timedelta(seconds=LEASE))


@verb
def finish_part(actor: None, *, part_id: int, made: Made, at: datetime) -> Part:
    """The file belongs to its digest, which is ready with its last part. A part done before stays."""
    digest = steps.lock(Part.objects.values_list("digest", flat=True).get(pk=part_id))
    part = Part.objects.select_for_update(no_key=True, of=("self",)).get(pk=part_id)
    if part.job_state == Job.State.DONE or digest.state != DigestState.BUILDING:
        return part
    replaced = Digest.objects.filter(previous=digest).exists()
    File.objects.create(
        digest=digest,
        format=part.format,
        name=made.name,
        bytes=made.bytes,
        sha256=made.sha256,
        withheld_at=at if replaced else None,
    )
    part.job_state = Job.State.DONE
    part.lease_until = None
    part.save(update_fields=["job_state", "lease_until"])
    steps.finish_if_complete(digest, at=at)
    return part


@verb
def fail_part(actor: None, *, part_id: int, attempt: int, error: str) -> Part:
    """The part is tried again later; after five attempts the digest failed. A later attempt is left alone."""
    digest = steps.lock(Part.objects.values_list("digest", flat=True).get(pk=part_id))
    part = Part.objects.select_for_update(no_key=True, of=("self",)).get(pk=part_id)
    if part.job_state != Job.State.WAITING or part.attempts != attempt:
        return part
    over = attempt >= ATTEMPTS
    part.job_state = Job.State.FAILED if over else Job.State.WAITING
    part.last_error = error[: steps.REASON_LIMIT]
    part.lease_until = None
    part.save(update_fields=["job_state", "last_error", "lease_until"])
    Part.objects.filter(pk=part_id).update(not_before=Now() + attempt * steps.RETRY)
    if over and digest.state == DigestState.BUILDING:
        steps.fail(digest, f"{part.format}: {error}")
    return part


@verb
def fail_manifest(actor: None, *, digest_id: UUID, attempt: int, error: str) -> Digest:
    """The manifest is taken again later; after five attempts the digest failed."""
    digest = steps.lock(digest_id)
    if digest.state != DigestState.QUEUED or digest.attempts != attempt:
        return digest
    if attempt >= ATTEMPTS:
        steps.fail(digest, error)
        return digest
    Digest.objects.filter(pk=digest_id).update(
        lease_until=None, last_error=error[: steps.REASON_LIMIT], not_before=Now() + attempt * steps.RETRY
    )
    return digest


@verb
def give_up(actor: None, *, digest_id: UUID) -> Digest:
    """A digest on which five workers died is not tried again until somebody asks for it."""
    digest = steps.lock(digest_id)
    if queries.exhausted().filter(pk=digest_id).exists():
        digest.parts.filter(job_state=Job.State.WAITING, attempts__gte=ATTEMPTS).update(
            job_state=Job.State.FAILED
        )
        steps.fail(digest, "Five attempts ended without a word.")
    return digest


@verb
def withhold(actor: None, *, consultation_id: int, at: datetime) -> list[Digest]:
    """What readers lost since this room last looked is in no file now; next editions wait to be built."""
    watch = steps.watch(consultation_id)
    newest = record.newest_public(consultation_id)
    gone = withholding.gone_since(consultation_id, watch.number)
    made = [steps.next_edition(digest, at=at) for digest in _quoting(consultation_id, gone)]
    watch.number = newest
    watch.save(update_fields=["number"])
    return made


def _quoting(consultation_id: int, gone: list[str]) -> list[Digest]:
    if not gone:
        return []
    named = Q(manifest__comments__has_any_keys=gone) | Q(manifest__endorsements__has_any_keys=gone)
    digests = (
        Digest.objects.filter(named, consultation=consultation_id, next=None)
        .exclude(manifest_hash="")
        .select_for_update(no_key=True, of=("self",))
        .select_related("principle", "consultation")
        .order_by("pk")
    )
    return [digest for digest in digests if queries.steps_back(digest)]
