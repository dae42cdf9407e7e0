"""The words of a case in the moderator's language, by a program."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from consultation.comments import queries as comments
from consultation.kit import languages, translator
from consultation.moderation.handlers import Subject
from consultation.moderation.models import Case
from consultation.web import translating


def of_case(case: Case, subject: Subject) -> dict[str, Any] | None:
    """What there is of a translation into the page's language; None where it can't be had or needs none."""
    language = get_language() or "en"
    if not translator.is_on() or not languages.differ(subject.language, language):
        return None
    read = comments.judged(case.item_id, subject.revision)
    if read is None:
        return None
    return {
        "url": reverse("office:case_translation", args=[case.pk]),
        "language_name": languages.name(language, language),
        "translator": translator.name(),
        **translating.standing(comments.machine_translation(read, language)),
    }
