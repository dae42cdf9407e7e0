"""What a manifest names and nobody may read any more: hidden, withdrawn or redacted since."""

from __future__ import annotations

from typing import Any

from consultation.comments.models import Comment, CommentRevision, CommentState
from consultation.endorsements.models import Endorsement, EndorsementState
from consultation.moderation.models import Action, Decision
from consultation.record.models import Entry

HIDDEN, WITHDRAWN, REDACTED, SUSPENDED = "hidden", "withdrawn", "redacted", "suspended"
GONE = "comment.vanished"
BLACKENED = "comment.redacted"
SET_BACK = "comment.set_back"
LOST = "endorsement.lost_effect"
ENDINGS = (GONE, BLACKENED, SET_BACK, LOST)


def withheld_now(manifest: dict[str, Any], consultation: int) -> list[dict[str, Any]]:
    """Each thing to be withheld from files made of `manifest`: `{kind, key, reference, on, why, clause}`.

    `on` is the day (UTC) of the entry that says so. Comments that are not public are withheld, and so are
    redacted revisions; of positions only the statements that were refused, or whose institution is not
    verified any more. That a position was given up later is history and stays.
    """
    found = [*_comments(manifest), *_statements(manifest)]
    days = _days(consultation, [key for _kind, key, *_rest in found])
    return [
        {
            "kind": kind,
            "key": key,
            "reference": reference,
            "on": days.get(key, ""),
            "why": why,
            "clause": clause,
        }
        for kind, key, reference, why, clause in sorted(found)
    ]


def gone_since(consultation: int, number: int) -> list[str]:
    """The keys of what readers lost after this record number."""
    entries = Entry.objects.filter(stream=consultation, public=True, number__gt=number, kind__in=ENDINGS)
    return sorted(set(entries.values_list("subject_key", flat=True)))


def _comments(manifest: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    named = manifest["comments"]
    gone = Comment.objects.filter(pk__in=named, public_since=None).select_related("item")
    clauses = _clauses([comment.item_id for comment in gone if comment.item_id])
    rows = [
        ("comment", str(each.pk), str(each.reference), _why(each), clauses.get(each.item_id, ""))
        for each in gone
    ]
    public = Comment.objects.filter(pk__in=named, public_since__isnull=False)
    redacted = CommentRevision.objects.filter(comment__in=public, redacted_at__isnull=False)
    quoted = [
        each
        for each in redacted.select_related("comment")
        if each.number == named[str(each.comment_id)]["revision"]
    ]
    under = _clauses([each.comment.item_id for each in quoted], Action.REDACT)
    rows += [
        (
            "comment",
            str(each.comment_id),
            str(each.comment.reference),
            REDACTED,
            under.get(each.comment.item_id, ""),
        )
        for each in quoted
    ]
    # An edit whose approval was undone: readers see the earlier words again.
    return rows + [
        ("comment", str(each.pk), str(each.reference), HIDDEN, "")
        for each in public.select_related("shown")
        if each.shown and each.shown.number < named[str(each.pk)]["revision"]
    ]


def _why(comment: Comment) -> str:
    if comment.state == CommentState.HIDDEN:
        return HIDDEN
    return WITHDRAWN if comment.state == CommentState.WITHDRAWN else SUSPENDED


def _clauses(items: list[Any], action: Action = Action.HIDE) -> dict[Any, str]:
    found = Decision.objects.filter(item__in=items, action=action, clause__isnull=False, undone_at=None)
    return {
        row.item_id: row.clause.number for row in found.select_related("clause").order_by("at") if row.clause
    }


def _statements(manifest: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    rows = Endorsement.objects.filter(pk__in=manifest["endorsements"]).exclude(statement="")
    return [
        (
            "statement",
            str(row.pk),
            f"P{row.principle.number} {row.institution.slug}",
            HIDDEN if row.state == EndorsementState.REFUSED else SUSPENDED,
            "",
        )
        for row in rows.select_related("institution", "principle")
        if row.state == EndorsementState.REFUSED or not row.institution.verified
    ]


def _days(consultation: int, keys: list[str]) -> dict[str, str]:
    entries = Entry.objects.filter(stream=consultation, subject_key__in=keys, kind__in=ENDINGS)
    return {
        key: at.date().isoformat() for key, at in entries.order_by("number").values_list("subject_key", "at")
    }
