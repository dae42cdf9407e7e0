"""Tries that count against a limit, in the database: for limits that hold while the cache is away.

No name and no address is kept, only a keyed hash of who tried, and that for an hour (DESIGN 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from consultation.kit.models import Try

# Longer than any limit looks back.
KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """At most so many tries of one `who` within so many seconds."""

    who: str
    most: int
    seconds: float


def count(limits: Sequence[Limit], *, at: datetime) -> list[Try] | None:
    """Count one try under each limit; None where that is one too many, which then does not count.

    Call it outside of transactions: of several who try at the same moment each has to see the others.
    """
    # Whoever would tidy by the clock may be away for as long as the cache is.
    forget_old(at=at)
    tries = Try.objects.bulk_create([Try(who=_hashed(each.who), at=at) for each in limits])
    if all(_keeps(each, at=at) for each in limits):
        return tries
    give_back(tries)
    return None


def give_back(tries: Sequence[Try]) -> None:
    """These tries do not count after all."""
    Try.objects.filter(pk__in=[each.pk for each in tries]).delete()


def forget_old(*, at: datetime) -> None:
    """Delete the tries that no limit looks back to."""
    Try.objects.filter(at__lt=at - KEPT).delete()


def _keeps(limit: Limit, *, at: datetime) -> bool:
    recent = Try.objects.filter(who=_hashed(limit.who), at__gt=at - timedelta(seconds=limit.seconds))
    return recent.count() <= limit.most


def _hashed(who: str) -> str:
    return salted_hmac("consultation.kit.tries", who, algorithm="sha256").hexdigest()
