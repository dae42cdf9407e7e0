"""Who endorses what."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consultation.pages.answers import in_consultation, kept_while_unchanged
from consultation.pages.reading import positions
from consultation.pages.reading import principle as principles
from consultation.texts.models import Consultation


@require_safe
@in_consultation
@kept_while_unchanged
def endorsements(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The matrix by region; with `?principle=N` the positions on one principle with their statements."""
    language = get_language() or found.authoritative
    asked = request.GET.get("principle", "")
    if not asked:
        facts = positions.matrix(request, found, language)
        return render(request, "pages/endorsements.html", {"consultation": found, **facts})
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    place = principles.place(found, number, "", language)
    if place is None:
        raise Http404
    facts = {"place": place, **positions.of_principle(request, found, place.principle)}
    name = "pages/_positions.html" if request.headers.get("HX-Request") else "pages/positions.html"
    return render(request, name, {"consultation": found, **facts})
