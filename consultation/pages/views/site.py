"""The site's own pages, its health, and the mail of an installation that sends none."""

from __future__ import annotations

from email.utils import parseaddr
from ipaddress import ip_address

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consultation.pages.reading import mailbox

# Seconds that a probe waits for the broker and for an answer of a worker.
PATIENCE = 1.0


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this site is, and how it counts."""
    return render(request, "pages/site/about.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of whom, and for how long."""
    return render(request, "pages/site/privacy.html")


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """What those who contribute agree to."""
    return render(request, "pages/site/terms.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How the site can be used by everybody."""
    return render(request, "pages/site/accessibility.html")


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Where to write to."""
    return render(request, "pages/site/contact.html", {"address": parseaddr(settings.DEFAULT_FROM_EMAIL)[1]})


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
