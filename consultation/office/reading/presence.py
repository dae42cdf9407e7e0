"""Who else has the same words open at this moment: a light mark in the cache, on no record.

Nothing rests on it: whoever saves over other words is refused by the verb, whether Redis is there or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from accounts.models import User
from consultation.texts import queries as texts
from consultation.texts.models import Principle

# So long after they last asked for the page, or typed in it, somebody still counts as being there.
STAYS = timedelta(minutes=15)


@dataclass(frozen=True)
class Other:
    """A colleague who has it open, and since when."""

    name: str
    since: datetime


def come(principle: Principle, language: str, person: User, *, at: datetime) -> list[Other]:
    """The person has these words open; who else has, the first one first."""
    own = _key(principle, language, person.pk)
    cache.set(own, cache.get(own) or at, STAYS.total_seconds())
    held = texts.secretariat_of(principle.consultation).select_related("person")
    people = {_key(principle, language, each.person_id): each.person for each in held}
    found = cache.get_many([key for key in people if key != own])
    return sorted(
        (Other(str(people[key]), since) for key, since in found.items()), key=lambda each: each.since
    )


def leave(principle: Principle, language: str, person: User) -> None:
    """The person saved and has it open no longer."""
    cache.delete(_key(principle, language, person.pk))


def _key(principle: Principle, language: str, person: int) -> str:
    return f"editing-1:{principle.pk}:{language}:{person}"
