"""What programs of readers follow: a feed of the public record, and the dates as a calendar."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consultation.pages.answers import in_consultation, kept_while_unchanged
from consultation.pages.reading import calendar, feed, history
from consultation.texts.models import Consultation


@require_safe
@in_consultation
@kept_while_unchanged
def atom(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The newest fifty public entries of the record, chosen as on the page of its history."""
    text = feed.of(found, get_language() or found.authoritative, history.asked(request.GET, found))
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@require_safe
@in_consultation
@kept_while_unchanged
def ics(request: HttpRequest, found: Consultation) -> HttpResponse:
    """Opening and closing times (RFC 5545)."""
    text = calendar.of(found, get_language() or found.authoritative)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{found.slug}.ics"'
    return response
