"""From a manifest to what it names. Reads only what never changes: the same manifest, the same content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import InstitutionVersion
from consultation.comments import models as comments
from consultation.comments.models import CommentRevision, Stance
from consultation.digests.content import (
    Comment,
    Content,
    Institution,
    Position,
    Principle,
    Text,
    Version,
    Withheld,
)
from consultation.digests.manifest import stamp
from consultation.endorsements.models import Endorsement
from consultation.texts.models import Translation

Institutions = dict[int, Institution]


def gather(
    manifest: dict[str, Any], sha256: str, withheld: Iterable[dict[str, Any]], *, consultation: int
) -> Content:
    """What the manifest of a consultation (its key) names, without the words of what is withheld."""
    gone = {
        (row["kind"], row["key"]): (row["reference"], Withheld(row["on"], row["why"], row["clause"]))
        for row in withheld
    }
    frame = manifest["consultation"]
    institutions = _institutions(manifest["institutions"])
    principles = tuple(_principles(manifest["principles"], consultation))
    return Content(
        slug=frame["slug"],
        titles=frame["titles"],
        notes=frame["notes"],
        licence=frame["licence"],
        zone=frame["zone"],
        authoritative=frame["authoritative"],
        demonstration=frame["demonstration"],
        address=manifest["address"],
        scope=manifest["scope"]["principle"],
        since=manifest["scope"]["since"],
        audience=manifest["scope"]["audience"],
        cutoff=manifest["cutoff"]["number"],
        cutoff_at=datetime.fromisoformat(manifest["cutoff"]["at"]),
        manifest_sha256=sha256,
        principles=principles,
        comments=tuple(_comments(manifest, institutions, gone)),
        positions=tuple(_positions(manifest, institutions, principles, gone)),
        withheld=tuple((kind, reference, how) for (kind, _key), (reference, how) in sorted(gone.items())),
    )


def _institutions(chosen: dict[str, int]) -> Institutions:
    rows = InstitutionVersion.objects.filter(institution__in=list(chosen)).select_related("institution")
    return {
        row.institution_id: Institution(
            number=row.institution_id,
            slug=row.institution.slug,
            name=row.name,
            names=row.names,
            country=row.country,
            region=row.region,
            type=row.type,
            demonstration=row.institution.demonstration,
        )
        for row in rows
        if chosen[str(row.institution_id)] == row.number
    }


def _principles(named: list[dict[str, Any]], consultation: int) -> Iterable[Principle]:
    texts: dict[tuple[int, int], list[Text]] = defaultdict(list)
    translations = Translation.objects.filter(
        version__principle__consultation=consultation,
        version__principle__number__in=[principle["number"] for principle in named],
    )
    for row in translations.select_related("version__principle").order_by("language"):
        place = row.version.principle.number, row.version.number
        texts[place].append(Text(row.language, row.title, row.body, row.authoritative))
    for principle in named:
        versions = tuple(
            Version(
                number=version["number"],
                change=version["change"],
                published_at=version["published_at"],
                sha256=version["hash"],
                texts=tuple(texts[principle["number"], version["number"]]),
            )
            for version in principle["versions"]
        )
        yield Principle(
            principle["number"],
            principle["headings"],
            principle["current"],
            versions,
            principle.get("withdrawn_at", ""),
        )


def _comments(manifest: dict[str, Any], institutions: Institutions, gone: dict[Any, Any]) -> list[Comment]:
    named = manifest["comments"]
    stances = _stances(manifest["cosignatures"], institutions)
    revisions = {
        str(row.comment_id): row
        for row in CommentRevision.objects.filter(comment__in=named)
        if named[str(row.comment_id)]["revision"] == row.number
    }
    rows = comments.Comment.objects.filter(pk__in=named).select_related("principle", "version", "parent")
    address = f"{manifest['address']}/consultations/{manifest['consultation']['slug']}/comments"
    gathered = [
        _comment(
            row,
            revisions[str(row.pk)],
            institutions[named[str(row.pk)]["institution"]],
            stances,
            f"{address}/{row.reference}/",
            gone.get(("comment", str(row.pk)), ("", None))[1],
        )
        for row in rows
    ]
    return sorted(gathered, key=lambda comment: comment.place)


def _comment(
    row: comments.Comment,
    revision: CommentRevision,
    institution: Institution,
    stances: dict[tuple[str, str], list[Institution]],
    url: str,
    withheld: Withheld | None,
) -> Comment:
    assert row.submitted_at is not None
    assert row.first_public is not None
    shown = withheld is None
    key = str(row.pk)
    return Comment(
        key=key,
        reference=row.reference or "",
        principle=row.principle.number if row.principle else None,
        version=row.version.number if row.version else None,
        kind=revision.kind,
        institution=institution,
        language=revision.language,
        revision=revision.number,
        body=revision.body if shown else "",
        proposed_text=revision.proposed_text if shown else "",
        passage=(revision.passage or {}).get("exact", "") if shown else "",
        parent=(row.parent.reference or "") if row.parent else "",
        agree=tuple(stances.get((key, Stance.AGREE), ())),
        disagree=tuple(stances.get((key, Stance.DISAGREE), ())),
        submitted_at=stamp(row.submitted_at),
        published_at=stamp(row.first_public),
        url=url,
        withheld=withheld,
    )


def _stances(
    cosignatures: dict[str, dict[str, Any]], institutions: Institutions
) -> dict[tuple[str, str], list[Institution]]:
    found: dict[tuple[str, str], list[Institution]] = defaultdict(list)
    for row in sorted(cosignatures.values(), key=lambda each: each["institution"]):
        found[row["comment"], row["stance"]].append(institutions[row["institution"]])
    return found


def _positions(
    manifest: dict[str, Any],
    institutions: Institutions,
    principles: Iterable[Principle],
    gone: dict[Any, Any],
) -> list[Position]:
    by_number = {principle.number: principle for principle in principles}
    rows = Endorsement.objects.filter(pk__in=manifest["endorsements"]).select_related("principle", "version")
    gathered = [
        _position(
            row,
            institutions[manifest["endorsements"][str(row.pk)]["institution"]],
            by_number[row.principle.number],
            gone.get(("statement", str(row.pk)), ("", None))[1],
        )
        for row in rows
        if row.principle.number in by_number
    ]
    order = {number: place for place, number in enumerate(by_number)}
    return sorted(gathered, key=lambda each: (order[each.principle], each.institution.number, each.key))


def _position(
    row: Endorsement, institution: Institution, principle: Principle, withheld: Withheld | None
) -> Position:
    assert row.signed_at is not None
    return Position(
        key=str(row.pk),
        institution=institution,
        principle=principle.number,
        version=row.version.number,
        position=row.position,
        statement="" if withheld else row.statement,
        language=row.language,
        signed_at=stamp(row.signed_at),
        to_reaffirm=not principle.still_holds(row.version.number),
        recorded=row.recorded,
        withheld=withheld,
    )
