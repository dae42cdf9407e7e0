from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import steps as accounts
from accounts.models import Institution, User
from consultation.comments import queries, rules, steps, wording
from consultation.comments.models import (
    Comment,
    CommentDraft,
    CommentState,
    Cosignature,
    Stance,
    Visibility,
)
from consultation.comments.wording import Wording
from consultation.kit.refusal import NotFound, Refusal, invalid
from consultation.kit.verb import verb
from consultation.moderation import steps as moderation
from consultation.post import steps as post
from consultation.record.steps import record
from consultation.texts import queries as texts
from consultation.texts.models import Act, Consultation, Principle, PrincipleVersion, Translation


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
    if visibility not in Visibility.values:
        raise invalid(visibility=_("Choose who may read it."))
    if parent is not None and visibility != parent.visibility:
        raise invalid(visibility=_("A reply is read by everybody who reads the comment it answers."))
    checked = wording.checked(words, _translations(version), complete=send)
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
    _keep(actor, comment, checked, send=send, at=at)
    return comment


def _keep(actor: User, comment: Comment, words: Wording, *, send: bool, at: datetime) -> None:
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
    if parent is None:
        raise invalid(parent=_("There is no public comment with that reference."))
    if parent.principle_id != (principle.pk if principle else None):
        raise invalid(parent=_("A reply stands under the same principle as the comment it answers."))
    return parent


def _translations(version: PrincipleVersion | None) -> list[Translation]:
    return list(version.translations.order_by("-authoritative", "id")) if version else []


@verb
def save_draft(
    actor: User, *, comment_id: UUID, words: Wording, edition: int | None = None, at: datetime
) -> Comment:
    """The words are kept, unsent. `edition` is the one the actor started from; a colleague's newer one wins.

    Refuses: not-found, no-mandate, institution-barred, not-a-draft, edited-meanwhile, invalid.
    """
    comment = steps.lock(comment_id)
    rules.may_draft(actor, comment, at=at).require()
    _draft(comment, edition)
    checked = wording.checked(words, _translations(comment.version), complete=False)
    steps.save_draft(actor, comment, checked, at=at)
    return comment


def _draft(comment: Comment, edition: int | None) -> CommentDraft | None:
    """The words that are not sent yet, if any; `edition` is the one that the actor knows."""
    present: CommentDraft | None = getattr(comment, "draft", None)
    if edition is not None and present is not None and present.edition != edition:
        raise Refusal(
            "edited-meanwhile", _("A colleague changed this draft meanwhile. Both versions are kept below.")
        )
    return present


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
    before = wording.of(_draft(comment, edition) or comment.latest or CommentDraft())
    checked = wording.checked(replace(before, **changes), _translations(comment.version), complete=at_once)
    if checked != before:
        _keep(actor, comment, checked, send=at_once, at=at)
    return comment


@verb
def submit_comment(
    actor: User,
    *,
    comment_id: UUID,
    words: Wording | None = None,
    edition: int | None = None,
    at: datetime,
) -> Comment:
    """The comment has its reference for ever, and waits for moderation or is public where it is trusted.

    `words` replace those of the draft; `edition` as in `save_draft`. A published comment keeps what readers
    see until its edit is released.
    Refuses: not-found, no-mandate, institution-barred, not-a-draft, edited-meanwhile, round-closed,
    round-not-open, invalid.
    """
    comment = steps.lock(comment_id)
    _send(actor, comment, words, edition=edition, at=at)
    return comment


def _send(
    actor: User, comment: Comment, words: Wording | None, *, edition: int | None = None, at: datetime
) -> None:
    rules.may_submit(actor, comment, at=at).require()
    draft = _draft(comment, edition)
    if words is None:
        if draft is None:
            raise Refusal("not-a-draft", _("There are no changes to send."))
        words = wording.of(draft)
    checked = wording.checked(words, _translations(comment.version), complete=True)
    _keep(actor, comment, checked, send=True, at=at)


@dataclass(frozen=True)
class Unsent:
    """A draft that was not sent with the others, and why."""

    comment_id: UUID
    refusal: Refusal


@verb
def submit_comments(actor: User, *, comment_ids: Sequence[UUID], at: datetime) -> list[Comment | Unsent]:
    """Each draft is sent as by `submit_comment`, or stays with the refusal that it met; in that order."""
    locked = steps.lock_many(comment_ids)
    outcomes: dict[UUID, Comment | Unsent] = {}
    # Counters are locked by principle: in one order, whatever the order asked for.
    for comment in sorted(
        locked.values(), key=lambda each: (each.visibility, each.principle_id or 0, each.pk)
    ):
        try:
            _send(actor, comment, None, at=at)
            outcomes[comment.pk] = comment
        except Refusal as refusal:
            outcomes[comment.pk] = Unsent(comment.pk, refusal)
    return [outcomes.get(key) or Unsent(key, NotFound()) for key in dict.fromkeys(comment_ids)]


@verb
def withdraw_comment(actor: User, *, comment_id: UUID, at: datetime) -> Comment:
    """The comment is no longer public; its reference stays and says that it was withdrawn.

    Refuses: not-found, no-mandate, institution-barred, not-sent, withdrawn.
    """
    comment = steps.lock(comment_id)
    rules.may_withdraw(actor, comment, at=at).require()
    if comment.item is not None:
        moderation.close_case(comment.item, at=at)
    steps.take_away(actor, comment, CommentState.WITHDRAWN, at=at)
    record(actor, "comment.withdrawn", comment)
    return comment


@verb
def delete_draft(actor: User, *, comment_id: UUID, at: datetime) -> None:
    """The draft is gone.

    Refuses: not-found, no-mandate, institution-barred, not-a-draft.
    """
    comment = steps.lock(comment_id)
    rules.may_delete(actor, comment, at=at).require()
    comment.delete()


@verb
def cosign_comment(
    actor: User, *, comment_id: UUID, institution_id: int, stance: str | None, at: datetime
) -> Comment:
    """The institution agrees, disagrees, or takes back what it said of another's public comment.

    Refuses: not-found, no-mandate, institution-barred, own-comment, not-verified, round-closed, invalid.
    """
    _lock_both(comment_id, institution_id)
    comment = steps.lock(comment_id)
    if comment.public_since is None:
        raise NotFound
    institution = Institution.objects.get(pk=institution_id)
    rules.may_cosign(actor, comment, institution, takes_back=stance is None, at=at).require()
    if stance is not None and stance not in Stance.values:
        raise invalid(position=_("Choose whether you agree or disagree."))
    present = queries.cosignature_in_force(comment, institution_id)
    if (present.stance if present else None) == stance:
        return comment
    if present is not None:
        present.ended_at = at
        present.save(update_fields=["ended_at"])
        record(actor, "cosignature.ended", present, public=True)
    if stance is not None:
        given = Cosignature.objects.create(
            comment=comment, institution=institution, stance=stance, person=actor, at=at
        )
        if comment.item is not None:
            moderation.add_party(comment.item, institution)
        record(actor, "cosignature.given", given, public=True)
    return comment


def _lock_both(comment_id: UUID, institution_id: int) -> None:
    author = Comment.objects.filter(pk=comment_id).values_list("institution", flat=True).first()
    if author is None:
        raise NotFound
    for key in sorted({author, institution_id}):
        accounts.lock_institution(key)
