"""A comment in the reader's language, by a program: the way to it, and its page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consultation.comments import queries as comments
from consultation.comments.models import Comment, CommentRevision, Words
from consultation.comments.wording import Wording
from consultation.kit import languages, translator
from consultation.web import translating


def ways(comment: Comment, said: Words | Wording) -> list[dict[str, Any]]:
    """The link to a translation into the page's language, where words are in another and can be had."""
    language = get_language() or "en"
    if not translator.is_on() or not comment.reference or not languages.differ(said.language, language):
        return []
    return [{"label": _("Machine translation"), "url": url(comment, language)}]


def url(comment: Comment, language: str) -> str:
    """The page of the comment in that language."""
    return reverse("pages:translation", args=[comment.consultation.slug, comment.reference, language])


def page(request: HttpRequest, comment: Comment, read: CommentRevision, language: str) -> dict[str, Any]:
    """Everything for the template: what was made, or how it stands, beside the words themselves."""
    made = comments.machine_translation(read, language)
    return {
        "comment": comment,
        "comment_url": reverse("pages:comment", args=[comment.consultation.slug, comment.reference]),
        "institution": comment.institution.current.name if comment.institution.current else "",
        "language_name": languages.name(language, get_language() or "en"),
        "original_name": languages.name(read.language, get_language() or "en"),
        "original": translating.words(read.body, read.proposed_text, read.language),
        "translator": translator.name(),
        "status_url": request.get_full_path(),
        **translating.standing(made),
    }
