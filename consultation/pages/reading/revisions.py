"""The revisions of a comment, each against the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consultation.comments import queries as comments
from consultation.comments.models import Comment, CommentRevision, Kind
from consultation.kit import languages, redline


def lines(comment: Comment, *, insider: bool) -> list[dict[str, Any]]:
    """The revisions that were public (all, for insiders), newest first, with what each changed."""
    told: list[dict[str, Any]] = []
    before: CommentRevision | None = None
    for each in comments.revisions(comment, unseen=insider):
        told.append(
            {
                "number": each.number,
                "at": each.at,
                "hash": each.words_hash,
                "redacted_at": each.redacted_at,
                "changes": list(_changes(before, each)) if before else [],
                "again": before is not None,
                "shown": each.pk == comment.shown_id,
            }
        )
        before = each
    return told[::-1]


def _changes(before: CommentRevision, after: CommentRevision) -> Iterator[dict[str, Any]]:
    """What is otherwise: the words as a redline, the rest as what was and what is."""
    language = get_language() or "en"
    pairs = [
        (_("Kind"), Kind(before.kind).label, Kind(after.kind).label),
        (_("Language"), *(languages.name(each.language, language) for each in (before, after))),
    ]
    for name, was, now in pairs:
        if was != now:
            yield {"name": name, "html": format_html("<del>{}</del> <ins>{}</ins>", was, now)}
    texts = [
        (_("Passage"), _passage(before), _passage(after)),
        (_("Comment"), before.body, after.body),
        (_("Proposed wording"), before.proposed_text, after.proposed_text),
        (_("Translation by the author"), _translation(before), _translation(after)),
    ]
    for name, was, now in texts:
        if was != now:
            yield {"name": name, "html": _redline(was, now)}


def _redline(was: str, now: str) -> SafeString:
    return redline.as_html(redline.redline(was, now))


def _passage(revision: CommentRevision) -> str:
    return str((revision.passage or {}).get("exact", ""))


def _translation(revision: CommentRevision) -> str:
    given = revision.translation or {}
    return "\n\n".join(given[name] for name in ("body", "proposed_text") if given.get(name))
