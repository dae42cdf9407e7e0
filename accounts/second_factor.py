"""The second factor that a role asks for, and what the role is worth without one.

Whoever is given a role has a while to set up an authenticator app or a passkey. After that the role gives
no power until there is one. Demonstration accounts are exempt: their password is printed on the screen.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User

# Recovery codes are no factor of their own: they exist beside one of these.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def grace() -> timedelta:
    """How long a role gives power before there is a factor."""
    return timedelta(days=settings.SECOND_FACTOR_GRACE_DAYS)


def gives_power(*, at: datetime) -> Q:
    """Of rows with `person` and `since`, those whose holder needs no factor at `at`, or has one."""
    return Q(since__gt=at - grace()) | Q(person__demonstration=True) | Q(_has_one())


def due(person: User, *roles: QuerySet[Any]) -> datetime | None:
    """When the first of these roles of `person` gives no power any more; None if a factor is there.

    `roles` are rows in force with `person` and `since`, of one table each: one query in all.
    """
    if person.demonstration or not roles:
        return None
    begun = [rows.order_by().filter(~Q(_has_one()), person=person.pk).values_list("since") for rows in roles]
    first = min((since for (since,) in begun[0].union(*begun[1:])), default=None)
    return first + grace() if first else None


def types_of(person: User) -> set[str]:
    """The kinds of second factor that the person has set up."""
    found = Authenticator.objects.filter(user=person, type__in=FACTORS)
    return set(found.values_list("type", flat=True))


def _has_one() -> Exists:
    return Exists(Authenticator.objects.filter(user=OuterRef("person"), type__in=FACTORS))
