"""One principle: its text, its notes, its discussion."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consultation.pages.answers import in_consultation, kept_while_unchanged
from consultation.pages.reading import principle as reading
from consultation.texts.models import Consultation


@require_safe
@in_consultation
@kept_while_unchanged
def principle(request: HttpRequest, found: Consultation, number: int) -> HttpResponse:
    """One principle; `?version=` an earlier text, `?words=` a chosen passage, filters over the discussion."""
    place = reading.place(found, number, request.GET.get("version", ""), _asked(request, found))
    if place is None:
        raise Http404
    if request.headers.get("HX-Request"):
        return render(request, "pages/_comments.html", {"listing": reading.listing(request, place)})
    return render(request, "pages/principle.html", reading.page(request, place))


def _asked(request: HttpRequest, consultation: Consultation) -> str:
    return request.GET.get("text") or get_language() or consultation.authoritative
