"""A moderator's small correction: other words for a returned comment, published once its author agrees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from consultation.comments import wording
from consultation.comments.models import Comment, Correction
from consultation.comments.wording import Wording
from consultation.kit.refusal import Refusal, invalid
from consultation.moderation.models import Decision


def suggest(comment: Comment, decision: Decision, given: dict[str, str]) -> Correction:
    """These words wait for the author's yes or no.

    Raises Refusal `invalid` naming `correction`, or what is wrong below it.
    """
    assert comment.latest is not None
    sent = wording.of(comment.latest)
    words = replace(
        sent,
        body=given.get("body", sent.body),
        proposed_text=given.get("proposed_text", sent.proposed_text),
    )
    translations = (
        list(comment.version.translations.order_by("-authoritative", "id")) if comment.version else []
    )
    try:
        checked = wording.checked(words, translations, complete=True)
    except Refusal as refusal:
        errors = {f"correction.{name}": said for name, said in refusal.errors.items()}
        raise Refusal(refusal.code, refusal.sentence, errors) from refusal
    if checked == sent:
        raise invalid(correction=_("Change the words that you would have otherwise."))
    return Correction.objects.create(
        decision=decision, revision=comment.latest, body=checked.body, proposed_text=checked.proposed_text
    )


def waiting(comment: Comment) -> Correction | None:
    """The correction of the newest words that nobody answered yet."""
    found = Correction.objects.filter(revision=comment.latest_id, answered_at=None, decision__undone_at=None)
    return found.exclude(body="").select_related("decision__case", "decision__item", "revision").first()


def suggested(comments: Iterable[Comment]) -> set[UUID]:
    """The keys of those of these comments whose author is asked to agree to a correction: one query."""
    newest = [each.latest_id for each in comments if each.latest_id]
    found = Correction.objects.filter(revision__in=newest, answered_at=None, decision__undone_at=None)
    return set(found.exclude(body="").values_list("revision__comment", flat=True)) if newest else set()


def agreed(correction: Correction) -> Wording:
    """The words that the author agrees to."""
    sent = wording.of(correction.revision)
    return replace(sent, body=correction.body, proposed_text=correction.proposed_text)
