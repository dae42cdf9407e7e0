"""The composer: what a form for a new comment starts with, and what the browser keeps its words under."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from accounts.models import Institution
from consultation.comments import queries as comments
from consultation.comments.models import Comment, Visibility
from consultation.kit import passage
from consultation.kit.passage import Span
from consultation.pages.comment_forms import REPLY_LACKS, CommentForm, as_choice
from consultation.pages.reading.hats import Hats
from consultation.texts.models import Consultation, Principle
from consultation.web.answers import new_claim


def start(
    institutions: Iterable[Institution], *, text: str = "", chosen: Span | None = None
) -> dict[str, Any]:
    """What a fresh form holds; `chosen` is the passage of `text` that it is about."""
    used = comments.language_last_used(each.pk for each in institutions)
    found = passage.selector(text, *chosen) if chosen else {"exact": "", "prefix": "", "suffix": ""}
    return {
        "language": as_choice(used or get_language() or "en"),
        "visibility": Visibility.NAMED,
        "passage": found["exact"],
        "passage_prefix": found["prefix"],
        "passage_suffix": found["suffix"],
        "proposed_text": found["exact"],
        "proposal_start": found["exact"],
    }


def key(
    consultation: Consultation,
    *,
    principle: Principle | None = None,
    parent: Comment | None = None,
    comment: Comment | None = None,
) -> str:
    """Under which name a browser keeps what is typed and not saved yet: one for each thing to write."""
    if comment is not None:
        return f"comment-{comment.pk}"
    if parent is not None:
        return f"{consultation.slug}-{parent.reference}"
    return f"{consultation.slug}-{principle.number if principle else 'text'}"


def on_principle(
    principle: Principle, hats: Hats, *, text: str = "", chosen: Span | None = None
) -> dict[str, Any]:
    """The composer under a principle's text."""
    consultation = principle.consultation
    initial = start(hats.institutions, text=text, chosen=chosen)
    return {
        "form": CommentForm(
            hats.institutions,
            initial=initial,
            without=() if consultation.private_comments else ("visibility",),
        ),
        "claim": new_claim(),
        "url": f"{reverse('pages:write', args=[consultation.slug])}?principle={principle.number}",
        "key": key(consultation, principle=principle),
    }


def reply(parent: Comment, hats: Hats) -> dict[str, Any]:
    """The composer under a comment."""
    consultation = parent.consultation
    initial = start(hats.institutions)
    return {
        "form": CommentForm(hats.institutions, initial=initial, without=REPLY_LACKS),
        "claim": new_claim(),
        "url": f"{reverse('pages:write', args=[consultation.slug])}?parent={parent.reference}",
        "key": key(consultation, parent=parent),
    }
