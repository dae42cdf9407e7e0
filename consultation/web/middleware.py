from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import set_script_prefix
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from consultation.kit import clock
from consultation.kit.languages import html_lang

Answer = Callable[[HttpRequest], HttpResponse]


class ReceivedAt:
    """First of all: the moment that counts for every deadline is that of the request's arrival."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.received_at = clock.now()  # type: ignore[attr-defined]
        return self.answer(request)


class Language:
    """The language of a page: the prefix `/fr/…` rules, else what the browser asks for (RFC 9110, 12.5.4).

    Under a prefix every address that `reverse` gives carries it on.
    """

    codes = {code for code, _name in settings.LANGUAGES}

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        prefix = self._take_prefix(request)
        language = prefix or translation.get_language_from_request(request)
        set_script_prefix(f"/{prefix}/" if prefix else "/")
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.answer(request)
        set_script_prefix("/")
        if not prefix:
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", html_lang(language))
        return response

    def _take_prefix(self, request: HttpRequest) -> str | None:
        first, slash, rest = request.path_info.removeprefix("/").partition("/")
        if first not in self.codes or not slash:
            return None
        request.path_info = f"/{rest}"
        return first


class Zone:
    """Times stand in the zone of the person who is signed in; for visitors in UTC (DESIGN 3.6)."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(_zone(getattr(request.user, "timezone", ""))):
            return self.answer(request)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ValueError, ZoneInfoNotFoundError):
        return ZoneInfo("UTC")
