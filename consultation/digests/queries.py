from __future__ import annotations

from uuid import UUID

from django.core.files.base import File as StoredFile
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from consultation.digests import storage, withholding
from consultation.digests.models import Audience, Digest, DigestState, File, Format, Part, Watch
from consultation.kit.jobs import ATTEMPTS
from consultation.kit.models import Job
from consultation.record import queries as record
from consultation.record.models import Stream
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, ConsultationRole

Role = ConsultationRole.Role
UNDER_WAY = (DigestState.QUEUED, DigestState.BUILDING)
WAITING = Job.State.WAITING


def public() -> QuerySet[Digest]:
    """Digests that everybody may download, the newest first: each in its newest edition only."""
    ready = Digest.objects.filter(state=DigestState.READY, audience=Audience.PUBLIC)
    newest = ready.exclude(next__state=DigestState.READY)
    return with_files(newest).order_by("-ready_at", "-id")


def visible_to(person: texts.Reader) -> QuerySet[Digest]:
    """Public digests in any state; those for the secretariat where the person belongs to it."""
    mine = texts.consultations_with_role(person, Role.SECRETARIAT)
    return with_files(
        Digest.objects.filter(Q(audience=Audience.PUBLIC) | Q(consultation__in=mine.values("pk")))
    )


def with_files(digests: QuerySet[Digest]) -> QuerySet[Digest]:
    """All that a row of a list shows: three queries whatever the number; never the manifests."""
    return (
        digests.defer("manifest", "withheld")
        .select_related("consultation", "principle")
        .prefetch_related("files", "parts")
    )


def of_consultation(consultation: Consultation) -> QuerySet[Digest]:
    """The public digests of one consultation, the newest first."""
    return public().filter(consultation=consultation)


def latest(consultation: Consultation, language: str, form: str) -> File | None:
    """The newest file of the whole text in this language and format, if one was published."""
    files = File.objects.filter(
        digest__in=of_consultation(consultation).filter(principle=None, since=None).values("pk"),
        digest__language=language.lower(),
        format=form,
        withheld_at=None,
    )
    newest = files.select_related("digest__consultation").order_by("-digest__cutoff", "-digest__ready_at")
    return next((file for file in newest if servable(file)), None)


def file_of(digest: Digest, form: str) -> File | None:
    """One file of a digest."""
    return File.objects.filter(digest=digest, format=form).select_related("digest").first()


def open_file(file: File) -> StoredFile[bytes]:
    """The bytes of a file. Raises FileNotFoundError when the storage lost them."""
    return storage.read(file.format, file.sha256)


def servable(file: File) -> bool:
    """Whether the file may still be served: nothing it quotes was withheld since it was made.

    Reads the few entries that the room's own sweep has not seen yet.
    """
    if file.withheld_at is not None:
        return False
    seen = (
        Watch.objects.filter(consultation=file.digest.consultation_id)
        .values_list("number", flat=True)
        .first()
    )
    gone = withholding.gone_since(file.digest.consultation_id, seen or 0)
    if not gone:
        return True
    named = Digest.objects.filter(pk=file.digest_id).filter(
        Q(manifest__comments__has_any_keys=gone) | Q(manifest__endorsements__has_any_keys=gone)
    )
    found = named.first()
    return found is None or not steps_back(found)


def steps_back(digest: Digest) -> bool:
    """Whether something must be withheld that this edition still shows."""
    assert digest.manifest is not None
    shown_as_withheld = {(row["kind"], row["key"]) for row in digest.withheld}
    now = withholding.withheld_now(digest.manifest, digest.consultation_id)
    return any((row["kind"], row["key"]) not in shown_as_withheld for row in now)


def progress(digest: Digest) -> tuple[int, str]:
    """How far a digest is: percent, and what is being done. Reads its parts: may query."""
    if digest.state == DigestState.READY:
        return 100, _("Ready")
    if digest.state == DigestState.QUEUED:
        started = digest.lease_until is not None
        return (3, _("Reading what was said")) if started else (0, _("Waiting for its turn"))
    parts = list(digest.parts.all())
    done = [part for part in parts if part.job_state == Job.State.DONE]
    percent = 10 + 90 * len(done) // max(1, len(parts))
    if digest.state == DigestState.FAILED:
        return min(percent, 99), _("It could not be built. Ask for it again; the administrator was told.")
    present = next(
        (part for part in parts if part.job_state == WAITING and part.lease_until is not None), None
    )
    facts = {"place": len(done) + 1, "number": len(parts)}
    if present is None:
        return min(percent, 99), _("File %(place)d of %(number)d waits for its turn") % facts
    return min(percent, 99), _("Making file %(place)d of %(number)d: %(format)s") % {
        **facts,
        "format": Format(present.format).label,
    }


def cutoff_of(consultation: Consultation, principle: int | None, until: int | None = None) -> int:
    """The record number at which a digest of this scope ends: the newest public one, up to `until`."""
    if until is None:
        return record.newest_public_for(consultation.pk, principle)
    scope = record.public(consultation.pk).filter(number__lte=until)
    if principle is not None:
        scope = scope.filter(Q(principle=principle) | Q(principle=None))
    return scope.values_list("number", flat=True).first() or 0


def same_question(question: dict[str, object]) -> QuerySet[Digest]:
    """The digests that answer this question, the newest edition first."""
    exact = {name: value for name, value in question.items() if value is not None}
    empty = {f"{name}__isnull": True for name, value in question.items() if value is None}
    return Digest.objects.filter(**exact, **empty).order_by("-edition", "-requested_at")


def visitors_build(consultation: Consultation) -> Digest | None:
    """The build that a visitor asked for and that is still under way, if any."""
    asked = Digest.objects.filter(
        consultation=consultation, requested_by=None, state__in=UNDER_WAY, edition=1
    )
    return asked.order_by("requested_at").first()


def unattended() -> list[UUID]:
    """The digests with work that nobody is doing now: what the sweep wakes."""
    free = (Q(lease_until=None) | Q(lease_until__lt=Now())) & Q(job_state=WAITING, not_before__lte=Now())
    parts = Digest.objects.filter(state=DigestState.BUILDING).filter(
        Exists(Part.objects.filter(free, digest=OuterRef("pk"), attempts__lt=ATTEMPTS))
    )
    queued = Digest.objects.filter(free, state=DigestState.QUEUED, attempts__lt=ATTEMPTS)
    return [*queued.values_list("pk", flat=True), *parts.values_list("pk", flat=True)]


def behind() -> list[int]:
    """The consultations whose record has moved on since this room read it: keys."""
    seen = Watch.objects.filter(consultation=OuterRef("consultation")).values("number")
    kept = Consultation.objects.filter(pk=OuterRef("consultation"))
    streams = Stream.objects.filter(Exists(kept)).annotate(seen=Coalesce(Subquery(seen), 0))
    moved = streams.filter(public_number__gt=F("seen"))
    return list(moved.order_by("consultation").values_list("consultation", flat=True))


def exhausted() -> QuerySet[Digest]:
    """The digests on which five attempts ended without a word: their worker was killed each time."""
    over = Q(attempts__gte=ATTEMPTS, lease_until__lt=Now(), job_state=WAITING)
    parts = Part.objects.filter(over, digest=OuterRef("pk"))
    return Digest.objects.filter(
        Q(over, state=DigestState.QUEUED) | Q(Exists(parts), state=DigestState.BUILDING)
    )
