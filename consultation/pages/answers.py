"""What the pages answer with besides pages: the way on, the door, and "nothing changed"."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language

from consultation.kit import claims
from consultation.kit.keyset import CursorRefused
from consultation.kit.refusal import Refusal
from consultation.kit.snapshot import snapshot
from consultation.pages.reading import opening
from consultation.record import queries as record
from consultation.texts import queries as texts
from consultation.texts.models import Consultation
from consultation.web.acts import claim_of_form, person_of
from consultation.web.answers import View


def at_one_instant(view: View) -> View:
    """What a page says is read at one instant: whatever is published meanwhile, it is no mixture."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with snapshot() if request.method in ("GET", "HEAD") else nullcontext():
            return view(request, *args, **kwargs)

    return wrapped


def in_consultation(view: View) -> View:
    """The view gets the consultation of the address; 404 where there is none that the reader may see."""

    @wraps(view)
    @at_one_instant
    def wrapped(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        found = texts.visible_to(person_of(request)).filter(slug=slug).prefetch_related("rounds").first()
        if found is None:
            raise Http404
        request.consultation = found  # type: ignore[attr-defined]
        return answered(request, lambda: view(request, found, **kwargs))

    return wrapped


def in_a_list(view: View) -> View:
    """For pages outside of a consultation: an address of a list that we did not make gets a plain answer."""

    @wraps(view)
    @at_one_instant
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return answered(request, lambda: view(request, **kwargs))

    return wrapped


def answered(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """What `work` answers; a page that says why not where it was refused."""
    try:
        return _told_apart(request, work())
    except Refusal as refusal:
        if refusal.code == "not-found":
            raise Http404 from refusal
        return refused(request, refusal)
    except CursorRefused as error:
        return refused(request, Refusal("invalid", str(error)))


def _told_apart(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A part for htmx is not the page, and what a person saw is nobody else's on the same machine."""
    patch_vary_headers(response, ("HX-Request",))
    if person_of(request) is not None:
        patch_cache_control(response, private=True, no_cache=True)
    return response


def done_before(request: HttpRequest) -> bool:
    """Whether this very form was sent before and did its work."""
    claim = claim_of_form(request)
    return claim is not None and claims.lookup(claim) is not None


def kept_while_unchanged(view: View) -> View:
    """A visitor's browser keeps the page until the record moves (RFC 9110, 13.1.2)."""

    @wraps(view)
    def wrapped(request: HttpRequest, consultation: Consultation, **kwargs: Any) -> HttpResponse:
        if person_of(request) is not None or request.method not in ("GET", "HEAD"):
            return view(request, consultation, **kwargs)
        etag = _etag(request, consultation)
        response = get_conditional_response(request, etag=etag)
        if response is None:
            response = view(request, consultation, **kwargs)
            if response.status_code == 200:
                response.headers["ETag"] = etag
        patch_vary_headers(response, ("Cookie",))
        patch_cache_control(response, private=True, no_cache=True)
        return response

    return wrapped


def _etag(request: HttpRequest, consultation: Consultation) -> str:
    at = request.received_at  # type: ignore[attr-defined]
    standing = texts.standing(list(consultation.rounds.all()), at=at)
    parts = [
        release(),
        record.stamp(consultation.pk),
        # What the clock alone changes: which acts are open, and how many days are left.
        standing.state,
        str(standing.round.number if standing.round else 0),
        _left(standing, at=at),
        f"{at:%Y-%m-%d}",
        get_language() or "",
        request.headers.get("HX-Request", ""),
        request.get_full_path(),
    ]
    return f'W/"{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:32]}"'


def _left(standing: texts.Standing, *, at: datetime) -> str:
    closes_at = standing.round.closes_at if standing.round else None
    return opening.left(closes_at, at=at) if closes_at is not None and closes_at > at else ""


@cache
def release() -> str:
    """Changes with the code and the templates, and is the same in every process."""
    folders = (Path(settings.BASE_DIR) / "consultation", Path(settings.BASE_DIR) / "templates")
    return str(max(path.stat().st_mtime_ns for folder in folders for path in folder.rglob("*.*")))


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A page that says why not; for acts that have no form to show again."""
    response = render(request, "pages/refused.html", {"refusal": refusal}, status=refusal.status)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response
