"""The data as one JSON document, described by `schema.json` of this room (JSON Schema 2020-12)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from consultation.digests.content import Comment, Content, Institution, Position, Principle
from consultation.digests.formats.tables import seconds, tables
from consultation.kit.canonical import canonical

SCHEMA_PATH = "/api/v1/digests/schema.json"
_SCHEMA = Path(__file__).parents[1] / "schema.json"


def make(content: Content) -> bytes:
    """Return the document as canonical JSON (RFC 8785): its bytes depend on the content alone."""
    return canonical(document(content))


def schema(address: str) -> dict[str, Any]:
    """What describes the documents that the site at `address` makes, as it publishes it there."""
    described: dict[str, Any] = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    return {**described, "$id": address + SCHEMA_PATH}


def document(content: Content) -> dict[str, Any]:
    """The document as plain values."""
    participation = next(table for table in tables(content) if table.name == "participation")
    names = [column.name for column in participation.columns]
    spoke = {each.number: each for each in _all_institutions(content)}
    return {
        "$schema": content.address + SCHEMA_PATH,
        "consultation": content.slug,
        "titles": dict(content.titles),
        "notes": dict(content.notes),
        "licence": content.licence,
        "url": f"{content.address}/consultations/{content.slug}/",
        "demonstration": content.demonstration,
        "principle": content.scope,
        "since": content.since,
        "audience": content.audience,
        "cutoff": {"number": content.cutoff, "at": seconds(content.cutoff_at.isoformat())},
        "manifest_sha256": content.manifest_sha256,
        "principles": [_principle(principle) for principle in content.principles],
        "institutions": [_institution(spoke[number]) for number in sorted(spoke)],
        "comments": [_comment(comment) for comment in content.comments if comment.withheld is None],
        "endorsements": [_position(position) for position in content.positions],
        "dispositions": [],
        "participation": [dict(zip(names, row, strict=True)) for row in participation.rows],
        "withheld": [
            {"kind": kind, "reference": reference, "on": how.on, "why": how.why, "clause": how.clause or None}
            for kind, reference, how in content.withheld
        ],
    }


def _all_institutions(content: Content) -> list[Institution]:
    cosigned = [each for comment in content.comments for each in (*comment.agree, *comment.disagree)]
    return [*content.heard(), *cosigned]


def _principle(principle: Principle) -> dict[str, Any]:
    return {
        "number": principle.number,
        "headings": dict(principle.headings),
        "current": principle.current,
        "versions": [
            {
                "number": version.number,
                "change": version.change,
                "published_at": seconds(version.published_at),
                "sha256": version.sha256,
                "texts": [
                    {
                        "language": text.language,
                        "authoritative": text.authoritative,
                        "title": text.title,
                        "body": text.body,
                    }
                    for text in version.texts
                ],
            }
            for version in principle.versions
        ],
    }


def _institution(institution: Institution) -> dict[str, Any]:
    return {
        "number": institution.number,
        "slug": institution.slug,
        "name": institution.name,
        "names": dict(institution.names),
        "country": institution.country,
        "region": institution.region,
        "type": institution.type,
        "demonstration": institution.demonstration,
    }


def _comment(comment: Comment) -> dict[str, Any]:
    return {
        "reference": comment.reference,
        "principle": comment.principle,
        "version": comment.version,
        "kind": comment.kind,
        "institution": comment.institution.slug,
        "language": comment.language,
        "revision": comment.revision,
        "body": comment.body,
        "proposed_text": comment.proposed_text or None,
        "passage": comment.passage or None,
        "parent": comment.parent or None,
        "cosigns": {
            "agree": [each.slug for each in comment.agree],
            "disagree": [each.slug for each in comment.disagree],
        },
        "disposition": None,
        "submitted_at": seconds(comment.submitted_at),
        "published_at": seconds(comment.published_at),
        "url": comment.url,
    }


def _position(position: Position) -> dict[str, Any]:
    return {
        "institution": position.institution.slug,
        "principle": position.principle,
        "version": position.version,
        "position": position.position,
        "statement": position.statement or None,
        "language": position.language or None,
        "signed_at": seconds(position.signed_at),
        "to_reaffirm": position.to_reaffirm,
        "recorded": position.recorded,
        "log_index": None,
    }
