"""Every look at words that the public does not see, by somebody's role, is kept before they are answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from accounts.models import User
from consultation.comments import rules as comments
from consultation.comments.models import Comment
from consultation.moderation.actions import note_looks
from consultation.moderation.handlers import Subject
from consultation.moderation.models import Look
from consultation.web.acts import person_of
from consultation.web.middleware import Answer

Seen = tuple[User, UUID, int]


def _seen(request: Any) -> list[Seen]:
    # A call of the API wraps the request that the middleware knows.
    plain = getattr(request, "_request", request)
    return plain.__dict__.setdefault("words_seen", [])


def at_subjects(request: Any, subjects: Iterable[tuple[UUID, Subject]]) -> None:
    """The answer shows what moderators see of these items (their keys)."""
    person = person_of(request)
    if person is not None:
        hidden = ((person, key, each.revision) for key, each in subjects if not each.public)
        _seen(request).extend(hidden)


def at_comment(request: Any, comment: Comment, *, revisions: bool = False) -> None:
    """The answer shows a comment, or all that was ever sent of it, to whoever may see it."""
    person = person_of(request)
    if person is None or comment.item_id is None or comment.latest is None:
        return
    if comment.public_since is not None and not (revisions and _holds_unseen(request, person, comment)):
        return
    if not comments.is_own(person, comment, at=request.received_at):
        _seen(request).append((person, comment.item_id, comment.latest.number))


def _holds_unseen(request: Any, person: User, comment: Comment) -> bool:
    more_than_one = comment.latest is not None and comment.latest.number > 1
    return more_than_one and comments.reads_unseen(person, comment, at=request.received_at)


class Looks:
    """What was seen is written down before the answer leaves: without the row there is no answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> Any:
        response = self.answer(request)
        seen = _seen(request)
        if seen:
            api = getattr(request.resolver_match, "app_name", "") == "api"
            note_looks(
                seen[0][0],
                seen=[(key, revision) for _person, key, revision in seen],
                door=Look.Door.API if api else Look.Door.PAGE,
                at=request.received_at,  # type: ignore[attr-defined]
            )
        return response
