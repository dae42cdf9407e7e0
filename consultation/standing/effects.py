"""What a new version, or withdrawing a principle, does to what others said of it: in figures, and by mail."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts import queries as accounts
from accounts.models import User
from consultation.comments import queries as comments
from consultation.endorsements import queries as endorsements
from consultation.endorsements.models import Position
from consultation.post import steps as post
from consultation.texts.models import Principle


@dataclass(frozen=True)
class Effects:
    """How much of what others said stands on the present text.

    `endorsements` and `declined` are positions in effect on it, `earlier` those that are to be re-affirmed
    already, `people` those who are told.
    """

    endorsements: int = 0
    declined: int = 0
    earlier: int = 0
    comments: int = 0
    people: int = 0


def of(principle: Principle, *, at: datetime) -> Effects:
    """The figures of one principle as they stand: four queries."""
    held: QuerySet[Any] = endorsements.public().filter(principle=principle).order_by()
    rows = held.values_list("position", "to_reaffirm")
    found = Counter("earlier" if stale else position for position, stale in rows)
    return Effects(
        endorsements=found[Position.ENDORSE] + found[Position.RESERVATION],
        declined=found[Position.DECLINE],
        earlier=found["earlier"],
        comments=comments.public().filter(principle=principle).count(),
        people=told(principle, at=at).count(),
    )


def told(principle: Principle, *, at: datetime) -> QuerySet[User]:
    """Who signs for or manages an institution with a position in effect on the principle."""
    holding = endorsements.public().filter(principle=principle).order_by()
    keys = set(holding.values_list("institution", flat=True))
    return accounts.managers_and_signatories_of(keys, at=at)


def tell(
    kind: str, principle: Principle, people: list[User], words: Mapping[str, str], *, at: datetime
) -> int:
    """A mail of this kind to each of these people, in their own language; how many."""
    consultation = principle.consultation
    readers: dict[str, list[User]] = defaultdict(list)
    for person in people:
        readers[person.language].append(person)
    for language, some in sorted(readers.items()):
        context = {
            "title": consultation.title(language),
            "number": principle.number,
            "message": consultation.in_language(dict(words), language),
            "url": f"/consultations/{consultation.slug}/principles/{principle.number}/",
        }
        post.write_many(kind, people=some, context=context, not_before=at)
    return len(people)
