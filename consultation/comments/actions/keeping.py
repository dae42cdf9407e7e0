from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.comments import steps
from consultation.comments.models import (
    Comment,
    CommentDraft,
)
from consultation.comments.wording import Wording
from consultation.kit.refusal import Refusal
from consultation.post import steps as post
from consultation.texts.models import PrincipleVersion, Translation


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
            "at": at.isoformat(),
            "words_hash": comment.latest.words_hash,
        },
        not_before=at,
    )


def translations(version: PrincipleVersion | None) -> list[Translation]:
    """The texts in which a passage is looked for: the authoritative one first, none for the whole text."""
    return list(version.translations.order_by("-authoritative", "id")) if version else []


def kept_draft(comment: Comment, edition: int | None) -> CommentDraft | None:
    """The words that are not sent yet, if any; `edition` is the one that the actor knows."""
    present: CommentDraft | None = getattr(comment, "draft", None)
    if edition is not None and present is not None and present.edition != edition:
        raise Refusal(
            "edited-meanwhile", _("A colleague changed this draft meanwhile. Both versions are kept below.")
        )
    return present
