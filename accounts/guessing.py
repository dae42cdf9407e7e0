"""How often somebody may guess a password or a code.

django-allauth counts in the cache. While that is away the database counts, under the same limits
(DESIGN 3.2).
"""

from __future__ import annotations

from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.http import HttpRequest

from consultation.kit import cache, tries
from consultation.kit.models import Try
from consultation.kit.tries import Limit

APP, ACTION = "allauth.account", "login_failed"


def count(request: HttpRequest, key: str) -> list[Try] | None:
    """Count one guess at what `key` stands for; None where there were too many.

    What it returns is for `tries.give_back`, when the guess was right. Empty while the cache counts.
    """
    if not cache.is_away():
        return []
    limits = [
        Limit(get_cache_key(request, app=APP, action=ACTION, rate=rate, key=key), rate.amount, rate.duration)
        for rate in get_rates(app=APP, action=ACTION)
    ]
    return tries.count(limits, at=request.received_at)  # type: ignore[attr-defined]
