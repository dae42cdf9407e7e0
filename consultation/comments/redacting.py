"""Words that nobody may read any more: blackened in every revision of a comment, while the hashes stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.comments import steps
from consultation.comments.models import Comment, CommentRevision, Correction
from consultation.kit.refusal import invalid
from consultation.moderation.handlers import Span
from consultation.record.steps import record

# As long for a name as for a sentence: its length tells nothing.
BLACK = "█████"
FIELDS = ("body", "proposed_text")
SHORTEST = 2
NOT_THERE = _("These words are not in the text. Copy them exactly as they stand there.")


def redact(actor: User, comment: Comment, spans: Sequence[Span], *, clause: str, at: datetime) -> None:
    """The words are gone from every revision, and all words from corrections; the hashes stay.

    Raises Refusal `invalid` naming `spans`.
    """
    assert comment.latest is not None
    if not spans:
        raise invalid(spans=_("Mark the words that are to be redacted."))
    quotes = [_quote(comment.latest, span) for span in spans]
    changed = 0
    for revision in CommentRevision.objects.filter(comment=comment).order_by("number"):
        exact = [each for each in spans if each.start is not None] if revision == comment.latest else []
        loose = [quote for quote, span in zip(quotes, spans, strict=True) if span not in exact]
        words = blackened(texts_of(revision), exact, loose)
        if words != texts_of(revision):
            marks = {"redacted_at": at, "redacted_under": clause}
            CommentRevision.objects.filter(pk=revision.pk).update(**marks, **_columns(revision, words))
            changed += 1
    if not changed:
        raise invalid(spans=NOT_THERE)
    Correction.objects.filter(revision__comment=comment).update(body="", proposed_text="")
    for seen in filter(None, [comment.latest, comment.shown]):
        seen.refresh_from_db()
    steps.drop_translations(comment)
    if comment.public_since is not None:
        steps.index(comment)
        number = comment.shown.number if comment.shown else None
        record(actor, "comment.redacted", comment, public=True, revision=number)


def texts_of(revision: CommentRevision) -> dict[str, str]:
    """Everything that the author wrote, by the names that spans use."""
    own = {name: getattr(revision, name) for name in FIELDS}
    translated = {f"translation.{name}": (revision.translation or {}).get(name, "") for name in FIELDS}
    return own | translated


def blackened(texts: dict[str, str], exact: Sequence[Span], quotes: Sequence[str]) -> dict[str, str]:
    """The texts without what stands at the places of `exact`, and without `quotes` wherever they stand."""
    words = dict(texts)
    for span in sorted(exact, key=lambda each: each.start or 0, reverse=True):
        text = words[span.field]
        words[span.field] = text[: span.start] + BLACK + text[span.end :]
    for quote in sorted(quotes, key=len, reverse=True):
        words = {name: text.replace(quote, BLACK) for name, text in words.items()}
    return words


def _columns(revision: CommentRevision, words: dict[str, str]) -> dict[str, Any]:
    own: dict[str, Any] = {name: words[name] for name in FIELDS}
    if revision.translation is not None:
        own["translation"] = revision.translation | {name: words[f"translation.{name}"] for name in FIELDS}
    return own


def _quote(revision: CommentRevision, span: Span) -> str:
    """The words that a span means. Raises Refusal `invalid`."""
    if span.start is None or span.end is None:
        quote = span.quote.strip()
        if len(quote) < SHORTEST:
            raise invalid(spans=_("Mark the words that are to be redacted."))
        return quote
    text = texts_of(revision).get(span.field, "")
    if not 0 <= span.start < span.end <= len(text) or not text[span.start : span.end].strip():
        raise invalid(spans=NOT_THERE)
    return text[span.start : span.end]
