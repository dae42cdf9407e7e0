from __future__ import annotations

from typing import Any

from accounts.models import Institution, User
from consultation.comments import actions
from consultation.comments.models import Comment
from consultation.comments.wording import Wording
from consultation.kit import clock
from consultation.moderation import actions as moderation
from consultation.texts.models import Consultation
from tests.factories import texts
from tests.factories.institutions import manager, verified_institution


def words(body: str = "We ask for a public register.", **fields: Any) -> Wording:
    """What somebody wrote, in English unless told."""
    return Wording(body=body, **{"language": "en", **fields})


def sent_comment(
    consultation: Consultation | None = None,
    institution: Institution | None = None,
    *,
    by: User | None = None,
    principle: int | None = 1,
    parent: Comment | None = None,
    visibility: str = "named",
    send: bool = True,
    **fields: Any,
) -> Comment:
    """A comment as its institution sends it: pending, or published where the policy says so.

    `fields` are those of `words`.
    """
    institution = institution or verified_institution()
    written = actions.write_comment(
        by or manager(institution),
        consultation_id=(consultation or texts.consultation()).pk,
        institution_id=institution.pk,
        principle_number=principle,
        words=words(**fields),
        parent_reference=parent.reference if parent else None,
        visibility=visibility,
        send=send,
        at=clock.now(),
    )
    return _anew(written)


def draft(
    consultation: Consultation | None = None, institution: Institution | None = None, **fields: Any
) -> Comment:
    """A comment that is not sent yet."""
    return sent_comment(consultation, institution, send=False, **fields)


def pending_comment(
    consultation: Consultation | None = None, institution: Institution | None = None, **fields: Any
) -> Comment:
    """A comment that waits for a moderator, under the policy `pre`."""
    return sent_comment(consultation, institution, **fields)


def comment(
    consultation: Consultation | None = None, institution: Institution | None = None, **fields: Any
) -> Comment:
    """A comment that was sent and approved: public, where its institution is verified."""
    return decide(sent_comment(consultation, institution, **fields), "approve")


def decide(
    comment: Comment, action: str, *, clause: str | None = None, message: str = "", by: User | None = None
) -> Comment:
    """A moderator takes the comment's open case and decides it, against it by clause 1 unless told."""
    case = comment.item.cases.get(closed_at=None)
    decider = by or texts.usual_moderator(comment.consultation)
    moderation.claim_case(decider, case_id=case.pk, at=clock.now())
    moderation.decide_case(
        decider,
        case_id=case.pk,
        action=action,
        clause=clause or (None if action == "approve" else "1"),
        message=message,
        at=clock.now(),
    )
    return _anew(comment)


def cosign(comment: Comment, institution: Institution | None = None, stance: str | None = "agree") -> Comment:
    """Another institution says what it thinks of a public comment."""
    institution = institution or verified_institution()
    actions.cosign_comment(
        manager(institution),
        comment_id=comment.pk,
        institution_id=institution.pk,
        stance=stance,
        at=clock.now(),
    )
    return _anew(comment)


def _anew(comment: Comment) -> Comment:
    return Comment.objects.select_related(
        "consultation", "institution__current", "item", "latest", "shown"
    ).get(pk=comment.pk)
