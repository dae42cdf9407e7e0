"""What another moderation policy does to what waits: in figures before, and carried out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts import steps as accounts
from accounts.models import User
from consultation.comments import steps as comments
from consultation.comments.models import Comment, CommentState
from consultation.endorsements import steps as endorsements
from consultation.endorsements.models import EndorsementState
from consultation.moderation import queries as moderation
from consultation.moderation import signals
from consultation.moderation.models import Action, Case, CaseReason, Reason
from consultation.post import steps as post
from consultation.record.steps import record
from consultation.texts.models import Consultation, Policy

# What the public does not read yet: comments and their edits, statements, reasons of withdrawals.
_UNREAD = (
    Q(item__comment__state=CommentState.PENDING)
    | Q(item__comment__state=CommentState.PUBLISHED) & ~Q(item__comment__latest=F("item__comment__shown"))
    | Q(item__endorsement__state=EndorsementState.SIGNED, item__endorsement__released=False)
    | Q(item__withdrawal__isnull=False, item__withdrawal__public_since=None)
)


@dataclass(frozen=True)
class Effects:
    """How many that wait are `published` at once, and how many go on `waiting`.

    `reviewed` are published ones that stay in the queue, as a signal spoke up. Waiting go on what
    was returned and came again, what was escalated, and what a moderator is reading.
    """

    published: int = 0
    reviewed: int = 0
    waiting: int = 0


def effects(consultation: Consultation, policy: str, *, trusted_after: int, at: datetime) -> Effects:
    """What switching to this policy would do now: three queries."""
    unread = Case.objects.filter(_UNREAD, consultation=consultation, closed_at=None).count()
    chosen = _released(consultation, policy, trusted_after=trusted_after, at=at)
    reviewed = sum(each.signalled for each in chosen)  # type: ignore[attr-defined]
    return Effects(len(chosen), reviewed, unread - len(chosen))


def _released(consultation: Consultation, policy: str, *, trusted_after: int, at: datetime) -> list[Case]:
    """The open cases on what the policy would not have made wait, each told whether a signal spoke up."""
    if policy == Policy.PRE:
        return []
    again = CaseReason.objects.filter(case=OuterRef("pk"), code=Reason.SENT_AGAIN)
    spoke_up = CaseReason.objects.filter(case=OuterRef("pk"), code__in=[*signals.codes(), Reason.FLAGGED])
    cases = (
        Case.objects.filter(_UNREAD, consultation=consultation, closed_at=None)
        .filter(Q(holder=None) | Q(lease_until__lte=at), is_appeal=False, escalated=False)
        .exclude(Exists(again))
        .annotate(signalled=Exists(spoke_up))
        .select_related(
            "item__principle", "item__comment", "item__endorsement", "item__withdrawal__endorsement"
        )
        .order_by("pk")
    )
    if policy == Policy.TRUSTED:
        cases = cases.filter(item__institution__in=_trusted(consultation, trusted_after))
    return list(cases)


def _trusted(consultation: Consultation, after: int) -> QuerySet[Any]:
    approved = moderation.in_force().filter(item__consultation=consultation, action=Action.APPROVE)
    counted = approved.order_by().values("item__institution").annotate(total=Count("item", distinct=True))
    return counted.filter(total__gte=after).values("item__institution")


def release(actor: User | None, consultation: Consultation, *, at: datetime) -> None:
    """What the policy no longer makes wait is public; where no signal spoke up nothing is left to decide.

    The consultation is locked. Institutions, subjects and cases are locked in this order.
    """
    chosen = _released(consultation, consultation.policy, trusted_after=consultation.trusted_after, at=at)
    for key in sorted({each.item.institution_id for each in chosen}):
        accounts.lock_institution(key)
    locked = comments.lock_many(_keys(chosen, "comment"))
    signed = {*_keys(chosen, "endorsement"), *_withdrawn(chosen)}
    others = {key: endorsements.lock(key) for key in sorted(signed)}
    rows = Case.objects.filter(pk__in=[each.pk for each in chosen])
    list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))
    # Read anew: somebody may have decided one, taken one or withdrawn one while we waited.
    still = _released(consultation, consultation.policy, trusted_after=consultation.trusted_after, at=at)
    known = {each.pk for each in chosen}
    for case in still:
        if case.pk in known:
            _release(actor, case, locked, others, at=at)


def _keys(cases: Iterable[Case], owner: str) -> list[Any]:
    return [getattr(each.item, owner).pk for each in cases if hasattr(each.item, owner)]


def _withdrawn(cases: Iterable[Case]) -> list[Any]:
    return [each.item.withdrawal.endorsement_id for each in cases if hasattr(each.item, "withdrawal")]


def _release(
    actor: User | None, case: Case, locked: dict[Any, Comment], others: dict[Any, Any], *, at: datetime
) -> None:
    if hasattr(case.item, "comment"):
        comment = locked[case.item.comment.pk]
        comments.publish(actor, comment, at=at)
        _tell(comment, at=at)
    elif hasattr(case.item, "endorsement"):
        endorsements.release(actor, others[case.item.endorsement.pk], at=at)
    else:
        endorsements.release_reason(actor, case.item.withdrawal, at=at)
    if case.signalled:  # type: ignore[attr-defined]
        case.reasons.filter(code__in=[Reason.POLICY, Reason.EDITED]).delete()
        return
    case.closed_at = at
    case.holder = case.lease_until = None
    case.save(update_fields=["closed_at", "holder", "lease_until"])
    record(actor, "case.overtaken", case)


def _tell(comment: Comment, *, at: datetime) -> None:
    if comment.author is None:
        return
    context = {
        "reference": comment.reference,
        "url": f"/consultations/{comment.consultation.slug}/comments/{comment.reference}/",
        "title": comment.consultation.title(comment.author.language),
        "visibility": comment.visibility,
        "waits": "" if comment.institution.verified else "verification",
    }
    post.write("comment-published", person=comment.author, context=context, not_before=at)
