from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import steps as accounts
from accounts.models import User
from consultation.comments import queries, rules, steps, wording
from consultation.comments.actions.keeping import (
    choose_visibility,
    keep,
    kept_draft,
    require_visibility,
    translations,
)
from consultation.comments.models import (
    Comment,
    CommentDraft,
    CommentState,
    Visibility,
)
from consultation.comments.wording import Wording
from consultation.kit.refusal import NotFound, Refusal, invalid
from consultation.kit.verb import verb
from consultation.texts import queries as texts
from consultation.texts.models import Act, Consultation, Principle, PrincipleVersion


@verb
def write_comment(
    actor: User,
    *,
    consultation_id: int,
    institution_id: int,
    principle_number: int | None,
    words: Wording,
    parent_reference: str | None = None,
    visibility: str = Visibility.NAMED,
    send: bool = True,
    at: datetime,
) -> Comment:
    """A new comment: sent, with its reference for ever, or kept as a draft within the institution.

    Refuses: not-found, no-mandate, institution-barred, round-closed, round-not-open (sending),
    invalid (principle, parent, visibility, kind, body, proposed_text, passage.exact, language).
    """
    institution = accounts.lock_institution(institution_id)
    consultation = _consultation(consultation_id)
    principle, version = _place(consultation, principle_number)
    parent = _parent(consultation, parent_reference, principle)
    if send:
        rules.may_write(actor, consultation, institution, reply=parent is not None, at=at).require()
    else:
        rules.may_speak_for(actor, institution, at=at).require()
    require_visibility(consultation, visibility)
    if parent is not None and visibility != parent.visibility:
        raise invalid(visibility=_("A reply is read by everybody who reads the comment it answers."))
    checked = wording.checked(words, translations(version), complete=send)
    round_ = texts.round_nearest(consultation, Act.DISCUSS if parent else Act.COMMENT, at=at)
    if round_ is None:
        raise Refusal("round-not-open", _("This consultation is not open yet."))
    comment = Comment.objects.create(
        consultation=consultation,
        round=round_,
        principle=principle,
        version=version,
        institution=institution,
        author=actor,
        parent=parent,
        visibility=visibility,
        made_at=at,
    )
    keep(actor, comment, checked, send=send, at=at)
    return comment


def _consultation(key: int) -> Consultation:
    found = texts.public().filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def _place(
    consultation: Consultation, number: int | None
) -> tuple[Principle, PrincipleVersion] | tuple[None, None]:
    if number is None:
        return None, None
    principle = texts.principle(consultation, number)
    if principle is None or principle.current is None or principle.withdrawn_at is not None:
        raise invalid(principle=_("This text has no principle with that number."))
    return principle, principle.current


def _parent(consultation: Consultation, reference: str | None, principle: Principle | None) -> Comment | None:
    if not reference:
        return None
    rows = queries.by_reference(consultation, reference).filter(public_since__isnull=False)
    # Locked, so that it can't vanish while the reply is written.
    parent = rows.select_for_update(no_key=True, of=("self",)).first()
    # What is said to a merged comment is said to the one that stands for it.
    if parent is not None and parent.merged_into_id is not None:
        kept = Comment.objects.filter(pk=parent.merged_into_id, public_since__isnull=False)
        parent = kept.select_for_update(no_key=True, of=("self",)).first()
    if parent is None:
        raise invalid(parent=_("There is no public comment with that reference."))
    if parent.principle_id != (principle.pk if principle else None):
        raise invalid(parent=_("A reply stands under the same principle as the comment it answers."))
    return parent


@verb
def save_draft(
    actor: User,
    *,
    comment_id: UUID,
    words: Wording,
    edition: int | None = None,
    visibility: str | None = None,
    at: datetime,
) -> Comment:
    """The words are kept, unsent. `edition` is the one the actor started from; a colleague's newer one wins.

    `visibility` may be chosen anew until it is sent.
    Refuses: not-found, no-mandate, institution-barred, not-a-draft, edited-meanwhile, invalid.
    """
    comment = steps.lock(comment_id)
    rules.may_draft(actor, comment, at=at).require()
    kept_draft(comment, edition)
    choose_visibility(comment, visibility)
    checked = wording.checked(words, translations(comment.version), complete=False)
    steps.save_draft(actor, comment, checked, at=at)
    return comment


@verb
def revise_comment(
    actor: User,
    *,
    comment_id: UUID,
    changes: Mapping[str, Any],
    edition: int | None = None,
    send: bool = True,
    at: datetime,
) -> Comment:
    """Some of the words are others now: sent at once where the public reads the comment, else kept, unsent.

    `changes` are fields of `Wording`; `edition` as in `save_draft`; without `send` they are kept in any case.
    The same words again change nothing.
    Refuses: not-found, no-mandate, institution-barred, not-a-draft, edited-meanwhile, round-closed,
    round-not-open, invalid.
    """
    comment = steps.lock(comment_id)
    at_once = send and comment.state == CommentState.PUBLISHED
    (rules.may_submit if at_once else rules.may_draft)(actor, comment, at=at).require()
    before = wording.of(kept_draft(comment, edition) or comment.latest or CommentDraft())
    # Who names the language knows it.
    detected = before.language_detected and "language" not in changes
    after = replace(before, language_detected=detected, **changes)
    checked = wording.checked(after, translations(comment.version), complete=at_once)
    if checked != before:
        keep(actor, comment, checked, send=at_once, at=at)
    return comment


@verb
def delete_draft(actor: User, *, comment_id: UUID, at: datetime) -> None:
    """The draft is gone.

    Refuses: not-found, no-mandate, institution-barred, not-a-draft.
    """
    comment = steps.lock(comment_id)
    rules.may_delete(actor, comment, at=at).require()
    comment.delete()
