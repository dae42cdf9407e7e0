"""What is said of a comment before it is sent: for whom, on what, who reads it, and who said it already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.models import Institution
from consultation.comments import queries as comments
from consultation.comments import rules
from consultation.comments.models import Comment, Visibility
from consultation.comments.wording import Wording
from consultation.kit import detection, languages
from consultation.pages.comment_forms import CommentForm
from consultation.pages.reading import cards, discussion
from consultation.pages.reading.sheet import Sheet
from consultation.texts import queries as texts
from consultation.web.acts import person_of

NOT_CARRIED = ("csrfmiddlewaretoken", "do", "written_in")
NOTE_LIMIT = 300
# Chinese is detected, not how it is written: the one of the interface is offered.
OFFERED_AS = {"zh": "zh-hans"}


def page(
    request: HttpRequest, sheet: Sheet, form: CommentForm, institution: Institution, words: Wording
) -> dict[str, Any]:
    """Everything for the template."""
    person, language = person_of(request), get_language() or "en"
    assert person is not None
    visibility = sheet.comment.visibility if sheet.comment else Visibility.NAMED
    return {
        "consultation": sheet.consultation,
        "sheet": sheet,
        "preview": sheet.preview(institution, words),
        "institution": institution,
        "carried": [(name, value) for name, value in form.data.items() if name not in NOT_CARRIED],
        "licence_is_new": not texts.has_accepted_licence(person, sheet.consultation),
        "visibility": Visibility(form.cleaned_data.get("visibility") or visibility),
        "written_in": languages.name(words.language, language),
        "looks_like": _looks_like(form, words),
        "alike": _alike(request, sheet, institution, words),
    }


def _looks_like(form: CommentForm, words: Wording) -> dict[str, str] | None:
    """Another language than the one chosen that the words look like, if the form offers it."""
    found = detection.looks_otherwise(words.body, words.language)
    code = OFFERED_AS.get(found, found) if found else None
    field = form.fields["language"]
    if code is None or not field.valid_value(code):  # type: ignore[attr-defined]
        return None
    return {"code": code, "name": languages.name(code, get_language() or "en")}


def _alike(
    request: HttpRequest, sheet: Sheet, institution: Institution, words: Wording
) -> list[dict[str, Any]]:
    """Public comments that say nearly the same, with the button by which to co-sign them instead."""
    sent = sheet.comment is not None and sheet.comment.reference is not None
    if sheet.parent is not None or sent:
        return []
    found = comments.likely_duplicates(
        sheet.consultation, sheet.principle, words.body, words.proposed_text, besides=sheet.comment
    )
    keys = [each.comment.pk for each in found]
    shown = {each.pk: each for each in comments.with_cards(comments.public().filter(pk__in=keys))}
    return [_offer(request, shown[key], institution) for key in keys if key in shown]


def _offer(request: HttpRequest, comment: Comment, institution: Institution) -> dict[str, Any]:
    person, at = person_of(request), request.received_at  # type: ignore[attr-defined]
    assert person is not None
    given = {each.institution_id: each.stance for each in comment.cosignatures_in_force}  # type: ignore[attr-defined]
    own, stance = comment.institution_id == institution.pk, given.get(institution.pk)
    may = stance is None and rules.may_cosign(person, comment, institution, at=at)
    acts: Sequence[dict[str, Any]] = discussion.stances(comment, institution, None)[:1] if may else ()
    return {**cards.note(comment, NOTE_LIMIT), "own": own, "stance": stance or "", "acts": acts}
