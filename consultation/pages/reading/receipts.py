"""What an institution holds against the site: which words arrived, and when."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from consultation.comments import queries as comments
from consultation.comments import rules, wording
from consultation.comments.models import Comment, CommentRevision
from consultation.kit import canonical
from consultation.pages.reading import zones
from consultation.pages.reading.comment import visible
from consultation.texts.models import Consultation
from consultation.web.acts import person_of


def own(request: HttpRequest, consultation: Consultation, reference: str) -> Comment | None:
    """The comment that was sent under this reference, for its own institution."""
    at = request.received_at  # type: ignore[attr-defined]
    found = visible(request, consultation, reference)
    return found if found and rules.is_own(person_of(request), found, at=at) else None


def page(comment: Comment) -> dict[str, Any]:
    """Everything for the template: each revision as it was received, the newest first."""
    consultation = comment.consultation
    reader = get_language() or "en"
    rows = comments.revisions(comment, unseen=True).select_related("sent_as").order_by("-number")
    return {
        "consultation": consultation,
        "title": consultation.title(reader),
        "comment": comment,
        "zone": consultation.zone,
        "place": zones.place(consultation.zone, reader),
        "revisions": [_line(comment, each) for each in rows],
        "api": f"{settings.SITE_URL}/api/v1/comments/{consultation.slug}/{comment.reference}/revisions/",
    }


def _line(comment: Comment, revision: CommentRevision) -> dict[str, Any]:
    args = [comment.consultation.slug, comment.reference, revision.number]
    whole = revision.redacted_at is None
    return {
        "number": revision.number,
        "at": revision.at,
        "hash": revision.words_hash,
        "name": revision.sent_as.name,
        "file": reverse("pages:received_words", args=args) if whole else "",
    }


def received(comment: Comment, number: int) -> bytes | None:
    """The bytes that were hashed for a revision; None where there is none, or its words were redacted."""
    revision = comments.revisions(comment, unseen=True).filter(number=number, redacted_at=None).first()
    if revision is None or comment.reference is None:
        return None
    return canonical.canonical(wording.hashed(comment.reference, number, wording.of(revision)))
