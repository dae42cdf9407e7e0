"""What goes into a digest: keys and hashes, as the record says.

A manifest depends on the record up to its cut-off, and on what it copies from rows without revisions
(titles, order, licence, the address of the site). It names no language, format, edition or machine: the
data files made of it are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.models import InstitutionVersion
from consultation.comments.models import Comment, CommentRevision, Cosignature
from consultation.digests.folding import Happening, Standing, fold
from consultation.digests.models import Digest
from consultation.endorsements.models import Endorsement
from consultation.kit import canonical
from consultation.record.models import Entry
from consultation.texts.models import Consultation, Principle, PrincipleVersion

FORM = 1
Manifest = dict[str, Any]


@dataclass(frozen=True)
class Taken:
    """What one snapshot of the database gave: the manifest and its hash."""

    manifest: Manifest
    sha256: str


def take(digest: Digest) -> Taken:
    """Read the manifest of a digest. For one instant's view of everything, call it inside `kit.snapshot`."""
    consultation = Consultation.objects.get(pk=digest.consultation_id)
    number = digest.principle.number if digest.principle else None
    at = cutoff_time(consultation, digest.cutoff)
    standing = _recent(fold(_happenings(consultation.pk, number, digest.cutoff)), digest.since)
    manifest = {
        "form": FORM,
        "address": settings.SITE_URL,
        "consultation": _consultation(consultation),
        "scope": {"principle": number, "since": digest.since, "audience": digest.audience},
        "cutoff": {"number": digest.cutoff, "at": stamp(at)},
        "principles": _principles(consultation, number, standing),
        "comments": _comments(standing),
        "cosignatures": _cosignatures(standing),
        "endorsements": _endorsements(standing),
        "dispositions": {},
    }
    manifest["institutions"] = _institutions(manifest, at)
    return Taken(manifest, canonical.digest(manifest))


def stamp(moment: datetime) -> str:
    """A moment in UTC, RFC 3339, with microseconds only where there are some."""
    return moment.isoformat().replace("+00:00", "Z")


def cutoff_time(consultation: Consultation, number: int) -> datetime:
    """When the entry at which a digest ends was written."""
    at = Entry.objects.filter(stream=consultation.pk, number=number).values_list("at", flat=True).first()
    return at or consultation.made_at


def _happenings(consultation: int, principle: int | None, cutoff: int) -> Iterator[Happening]:
    entries = Entry.objects.filter(stream=consultation, public=True, number__lte=cutoff)
    if principle is not None:
        entries = entries.filter(principle=principle)
    rows = entries.order_by("number").values_list(
        "number", "kind", "subject_key", "principle", "revision", "institution"
    )
    return (Happening(*row) for row in rows.iterator(chunk_size=5000))


def _recent(standing: Standing, since: int | None) -> Standing:
    if since is None:
        return standing
    standing.comments = {key: number for key, number in standing.comments.items() if number > since}
    standing.endorsements = {key: number for key, number in standing.endorsements.items() if number > since}
    return standing


def _consultation(consultation: Consultation) -> dict[str, Any]:
    return {
        "slug": consultation.slug,
        "titles": consultation.titles,
        "notes": consultation.notes,
        "licence": consultation.licence,
        "zone": consultation.zone,
        "authoritative": consultation.authoritative,
        "languages": consultation.languages,
        "demonstration": consultation.demonstration,
    }


def _principles(consultation: Consultation, number: int | None, standing: Standing) -> list[dict[str, Any]]:
    rows = Principle.objects.filter(consultation=consultation, number__in=standing.versions)
    if number is not None:
        rows = rows.filter(number=number)
    versions: dict[int, list[dict[str, Any]]] = {row.number: [] for row in rows}
    published = PrincipleVersion.objects.filter(principle__in=rows, published_at__isnull=False)
    for version in published.select_related("principle").order_by("number"):
        if version.number <= standing.versions[version.principle.number]:
            versions[version.principle.number].append(_version(version))
    return [
        {
            "number": row.number,
            "order": row.order,
            "headings": row.headings,
            "current": standing.versions[row.number],
            "versions": versions[row.number],
            **_withdrawal(row, standing),
        }
        for row in rows.order_by("order", "number")
    ]


def _withdrawal(principle: Principle, standing: Standing) -> dict[str, Any]:
    """Since when a principle is no longer part of the text; nothing where it is."""
    if principle.number not in standing.withdrawn or principle.withdrawn_at is None:
        return {}
    return {"withdrawn_at": stamp(principle.withdrawn_at)}


def _version(version: PrincipleVersion) -> dict[str, Any]:
    assert version.published_at is not None
    return {
        "number": version.number,
        "change": version.change,
        "hash": version.text_hash,
        "published_at": stamp(version.published_at),
    }


def _comments(standing: Standing) -> dict[str, Any]:
    references = dict(Comment.objects.filter(pk__in=standing.comments).values_list("pk", "reference"))
    hashes = {
        (str(comment), number): words_hash
        for comment, number, words_hash in CommentRevision.objects.filter(
            comment__in=list(standing.comments)
        ).values_list("comment", "number", "words_hash")
    }
    return {
        str(key): {
            "reference": reference,
            "revision": standing.revisions[str(key)],
            "hash": hashes[str(key), standing.revisions[str(key)]],
            "entry": standing.comments[str(key)],
            "institution": standing.speakers[str(key)],
        }
        for key, reference in references.items()
    }


def _cosignatures(standing: Standing) -> dict[str, Any]:
    rows = Cosignature.objects.filter(pk__in=standing.cosignatures, comment__in=list(standing.comments))
    return {
        str(row.pk): {"comment": str(row.comment_id), "institution": row.institution_id, "stance": row.stance}
        for row in rows
    }


def _endorsements(standing: Standing) -> dict[str, Any]:
    rows = Endorsement.objects.filter(pk__in=standing.endorsements).select_related("principle", "version")
    return {
        str(row.pk): {
            "hash": _position_hash(row, standing.speakers[str(row.pk)]),
            "entry": standing.endorsements[str(row.pk)],
            "institution": standing.speakers[str(row.pk)],
        }
        for row in rows
    }


def _position_hash(row: Endorsement, institution: int) -> str:
    return canonical.digest(
        {
            "institution": institution,
            "principle": row.principle.number,
            "version": row.version.number,
            "position": row.position,
            "statement": row.statement,
            "language": row.language,
        }
    )


def _institutions(manifest: Manifest, at: datetime) -> dict[str, int]:
    """The version of each institution's public data at the cut-off; its first where that came later."""
    said = ("comments", "cosignatures", "endorsements")
    spoke = {row["institution"] for kind in said for row in manifest[kind].values()}
    chosen: dict[str, int] = {}
    versions = InstitutionVersion.objects.filter(institution__in=spoke).order_by("institution", "number")
    for version in versions:
        if version.made_at <= at or str(version.institution_id) not in chosen:
            chosen[str(version.institution_id)] = version.number
    return chosen
