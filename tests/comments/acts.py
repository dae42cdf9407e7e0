"""What representatives do to comments, said in one line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import Institution, User
from consultation.comments import actions, queries
from consultation.comments.models import Comment
from consultation.kit import clock
from consultation.kit.verb import verb
from consultation.moderation import steps as moderation
from consultation.texts.models import Consultation
from tests import factories as make


def write(
    actor: User,
    consultation: Consultation,
    institution: Institution,
    *,
    principle: int | None = 1,
    parent: str | None = None,
    visibility: str = "named",
    send: bool = True,
    at: datetime | None = None,
    **words: Any,
) -> Comment:
    """`actor` writes for the institution, on principle 1 unless told; `words` as for `make.words`."""
    written = actions.write_comment(
        actor,
        consultation_id=consultation.pk,
        institution_id=institution.pk,
        principle_number=principle,
        words=make.words(**words),
        parent_reference=parent,
        visibility=visibility,
        send=send,
        at=at or clock.now(),
    )
    return anew(written)


def edit(comment: Comment, body: str, *, by: User | None = None, at: datetime | None = None) -> Comment:
    """Somebody of the comment's institution sends other words."""
    actor = by or make.manager(comment.institution)
    actions.submit_comment(actor, comment_id=comment.pk, words=make.words(body), at=at or clock.now())
    return anew(comment)


def submit(comment: Comment, *, by: User | None = None, at: datetime | None = None) -> Comment:
    """Somebody of the comment's institution sends its draft."""
    actor = by or make.manager(comment.institution)
    actions.submit_comment(actor, comment_id=comment.pk, at=at or clock.now())
    return anew(comment)


def withdraw(comment: Comment, *, by: User | None = None, at: datetime | None = None) -> Comment:
    """Somebody of the comment's institution withdraws it."""
    actor = by or make.manager(comment.institution)
    actions.withdraw_comment(actor, comment_id=comment.pk, at=at or clock.now())
    return anew(comment)


def hide(comment: Comment) -> Comment:
    """A moderator hides a published comment, on a case that was opened on what readers see."""
    return make.decide(with_a_case(comment), "hide")


def restore(comment: Comment) -> Comment:
    """A moderator shows a hidden comment again."""
    return make.decide(with_a_case(comment), "restore", clause="1")


def with_a_case(comment: Comment) -> Comment:
    """Somebody asks moderation to look at the comment as it stands."""
    question(None, comment_id=comment.pk)
    return anew(comment)


@verb
def question(actor: User | None, *, comment_id: object) -> None:
    """A verb for tests, as a flag will be one: a case is opened on the newest revision."""
    comment = Comment.objects.select_related("item__consultation", "item__principle").get(pk=comment_id)
    moderation.open_case(actor, comment.item, revision=comment.item.newest, reasons=[], at=clock.now())


def anew(comment: Comment) -> Comment:
    """The comment as it stands now."""
    related = Comment.objects.select_related(
        "consultation", "institution", "item", "latest", "shown", "version"
    )
    return related.get(pk=comment.pk)


def is_public(comment: Comment) -> bool:
    """Whether everybody may read it."""
    return queries.public().filter(pk=comment.pk).exists()


def sees(person: object, comment: Comment) -> bool:
    """Whether the person, or a visitor, may see it."""
    return queries.visible_to(person, at=clock.now()).filter(pk=comment.pk).exists()


def counted(consultation: Consultation) -> dict[int | None, int]:
    """How many public comments the pages say each principle has, but for those that have none."""
    return {number: total for number, total in queries.counts(consultation).items() if total}
