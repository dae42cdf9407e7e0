"""How many calls a minute: by person, and by address for visitors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from consultation.web import limits

if TYPE_CHECKING:
    from rest_framework.views import APIView

MINUTE = 60


class CallsAMinute(BaseThrottle):
    """At most `API_CALLS_A_MINUTE` calls, for each person and for each address without one."""

    seconds_left: int | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        kind, who = "visitor", None
        if request.user.is_authenticated:
            kind, who = "person", str(request.user.pk)
        self.seconds_left = limits.wait(
            f"calls:{kind}",
            who or limits.visitor(request._request),
            most=settings.API_CALLS_A_MINUTE[kind],
            seconds=MINUTE,
            at=request.received_at,  # type: ignore[attr-defined]
        )
        return self.seconds_left is None

    def wait(self) -> float | None:
        return self.seconds_left
