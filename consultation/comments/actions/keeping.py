from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.comments import steps
from consultation.comments.models import (
    Comment,
    CommentDraft,
    CommentState,
    Visibility,
)
from consultation.comments.wording import Wording
from consultation.kit.refusal import Refusal, invalid
from consultation.post import steps as post
from consultation.texts.models import Consultation, PrincipleVersion, Translation

# The edition of what nobody drafted: `CommentDraft` counts from 1.
NO_DRAFT = 0


def keep(actor: User, comment: Comment, words: Wording, *, send: bool, at: datetime) -> None:
    """The words are sent, with a receipt to whoever sent them, or kept as the comment's draft."""
    if not send:
        steps.save_draft(actor, comment, words, at=at)
        return
    steps.submit(actor, comment, words, at=at)
    _receipt(actor, comment, at=at)


def _receipt(actor: User, comment: Comment, *, at: datetime) -> None:
    assert comment.latest is not None
    post.write(
        "comment-received",
        person=actor,
        context={
            "reference": comment.reference,
            "url": f"/consultations/{comment.consultation.slug}/comments/{comment.reference}/",
            "title": comment.consultation.title(actor.language),
            "at": at.isoformat(),
            "zone": comment.consultation.zone,
            "words_hash": comment.latest.words_hash,
        },
        not_before=at,
    )


def translations(version: PrincipleVersion | None) -> list[Translation]:
    """The texts in which a passage is looked for: the authoritative one first, none for the whole text."""
    return list(version.translations.order_by("-authoritative", "id")) if version else []


def kept_draft(comment: Comment, edition: int | None) -> CommentDraft | None:
    """The words that are not sent yet, if any; `edition` is the one that the actor knows.

    0 is known of a comment of which nothing waits to be sent. Raises Refusal `edited-meanwhile`.
    """
    present: CommentDraft | None = getattr(comment, "draft", None)
    if edition is not None and (present.edition if present else NO_DRAFT) != edition:
        raise Refusal(
            "edited-meanwhile", _("A colleague changed this draft meanwhile. Both versions are kept below.")
        )
    return present


def require_visibility(consultation: Consultation, visibility: str) -> None:
    """One that there is, and that this consultation allows. Raises Refusal `invalid`."""
    if visibility not in Visibility.values:
        raise invalid(visibility=_("Choose who may read it."))
    if visibility == Visibility.SECRETARIAT and not consultation.private_comments:
        raise invalid(visibility=_("In this consultation every comment is public."))


def choose_visibility(comment: Comment, visibility: str | None) -> None:
    """Who may read it, chosen anew until it is sent; None leaves it as it is. Raises Refusal `invalid`."""
    if visibility is None or visibility == comment.visibility:
        return
    require_visibility(comment.consultation, visibility)
    if comment.state != CommentState.DRAFT:
        raise invalid(visibility=_("Who may read it stays as it was when it was sent."))
    if comment.parent_id is not None:
        raise invalid(visibility=_("A reply is read by everybody who reads the comment it answers."))
    comment.visibility = visibility
    comment.save(update_fields=["visibility"])
