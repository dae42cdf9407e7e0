"""The site's own pages, its health, and the mail of an installation that sends none."""

from __future__ import annotations

from ipaddress import ip_address

from celery import current_app
from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import accept_terms
from consultation.kit.refusal import Refusal
from consultation.pages.reading import mailbox
from consultation.pages.reading import site as reading
from consultation.site.models import Key
from consultation.web.acts import act, person_of
from consultation.web.answers import SeeOther, new_claim, signed_in

# Seconds that a probe waits for the broker and for an answer of a worker.
PATIENCE = 1.0


@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    """One of the site's own pages, in the reader's language where it is there."""
    found = reading.page(key, get_language() or settings.LANGUAGE_CODE)
    if found is None:
        raise Http404
    return render(request, "pages/site/page.html", {"page": found})


@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    """What those who contribute agree to; somebody who has not is asked here."""
    if request.method == "POST":
        return _accept(request)
    return _terms(request)


def _terms(request: HttpRequest, status: int = 200) -> HttpResponse:
    found = reading.page(Key.TERMS, get_language() or settings.LANGUAGE_CODE)
    if found is None:
        raise Http404
    asks = reading.has_terms_to_accept(person_of(request))
    facts = {"page": found, "asks": asks, "claim": new_claim()}
    return render(request, "pages/site/page.html", facts, status=status)


@signed_in
def _accept(request: HttpRequest) -> HttpResponse:
    version = request.POST.get("version", "")
    try:
        act(request, accept_terms, version_id=int(version[:18]) if version.isdecimal() else 0)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return _terms(request, status=refusal.status)
    messages.success(request, _("You have accepted the terms."))
    return SeeOther(reverse("pages:desk"))


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while pages can be served, which needs the database; what else is away is said by name."""
    checks = {"database": _database(), "broker": _broker()}
    checks["worker"] = "ok" if checks["broker"] == "ok" and _workers() else "not seen"
    status = 200 if checks["database"] == "ok" else 503
    return JsonResponse(checks, status=status)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return "away"
    return "ok"


def _broker() -> str:
    try:
        with current_app.connection_for_write(connect_timeout=PATIENCE) as link:
            link.ensure_connection(max_retries=0, timeout=PATIENCE)
    except Exception:
        # Each transport has errors of its own; a probe only tells whether it answers.
        return "away"
    return "ok"


def _workers() -> bool:
    try:
        return bool(current_app.control.ping(timeout=PATIENCE, limit=1))
    except Exception:
        # The broker went away between the two questions.
        return False


@require_safe
@never_cache
def mail(request: HttpRequest, name: str = "") -> HttpResponse:
    """Messages written to files: in the embedded mode, on this machine only."""
    if not settings.EMBEDDED or settings.EMAIL_URL or not _on_this_machine(request):
        raise Http404
    if not name:
        return render(request, "pages/mail.html", {"letters": mailbox.newest()})
    letter = mailbox.one(name)
    if letter is None:
        raise Http404
    return render(request, "pages/letter.html", {"letter": letter})


def _on_this_machine(request: HttpRequest) -> bool:
    """The address that the connection came from; what proxies say of it does not count."""
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback and not request.headers.get(
            "X-Forwarded-For"
        )
    except ValueError:
        return False
