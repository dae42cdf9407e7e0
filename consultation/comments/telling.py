"""Those who answered or co-signed a comment hear when it says something else, or nothing any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts import queries as accounts
from accounts import steps as account_steps
from accounts.models import User
from consultation.comments.models import Comment, Cosignature
from consultation.moderation.models import UNDO_WITHIN, Decision
from consultation.post import steps as post


def tell_those_who_answered(
    kind: str, comment: Comment, *, decision: Decision | None = None, at: datetime
) -> None:
    """Write to whoever replied to the public comment or says what it thinks of it; nobody hears twice.

    Where a moderator's `decision` changed it, a minute later: until then it can be undone.
    Where the person was erased, those who manage the institution hear of it.
    """
    replies = Comment.objects.filter(parent=comment, public_since__isnull=False)
    stances = Cosignature.objects.filter(comment=comment, ended_at=None)
    spoke = [
        *replies.order_by("pk").values_list("institution", "author"),
        *stances.order_by("pk").values_list("institution", "person"),
    ]
    others = [each for each in dict.fromkeys(spoke) if each[0] != comment.institution_id]
    for person in _people(others, at=at):
        context = {
            "reference": comment.reference,
            "url": f"/consultations/{comment.consultation.slug}/comments/{comment.reference}/",
            "title": comment.consultation.title(person.language),
            "institution": account_steps.name_of(comment.institution),
            "at": at.isoformat(),
        }
        if decision is None:
            post.write(kind, person=person, context=context, not_before=at)
        else:
            context["decision"] = str(decision.pk)
            post.write(kind, person=person, context=context, not_before=at + UNDO_WITHIN)


def _people(spoke: Iterable[tuple[int, int | None]], *, at: datetime) -> list[User]:
    found: dict[int, User] = {}
    known = User.objects.filter(is_active=True).in_bulk([person for _key, person in spoke if person])
    for institution, key in spoke:
        person = known.get(key or 0)
        heirs = [person] if person else accounts.managers(institution, at=at)
        found |= {each.pk: each for each in heirs}
    return [found[key] for key in sorted(found)]
