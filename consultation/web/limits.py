"""How often somebody may do something. Counted in the cache: with Redis away, everything is allowed."""

from __future__ import annotations

from datetime import datetime

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 3600


def visitor(request: HttpRequest) -> str:
    """Who asks, for a limit by address. The address itself is kept nowhere, only a keyed hash of it."""
    return salted_hmac("consultation.limits", get_adapter().get_client_ip(request)).hexdigest()


def wait(what: str, who: str, *, most: int, seconds: int, at: datetime) -> int | None:
    """Count one more `what` by `who`; None while there were at most `most` in this stretch of `seconds`.

    Else how many seconds are left of it. Stretches begin at full multiples of `seconds` since 1970.
    """
    stretch, passed = divmod(int(at.timestamp()), seconds)
    key = f"limit:{what}:{who}:{stretch}"
    cache.add(key, 0, timeout=2 * seconds)
    try:
        count = cache.incr(key)
    except ValueError:  # the cache was emptied between the two
        return None
    return seconds - passed if count > most else None
