"""The signed-in person's desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consultation.pages.reading import desk as reading
from consultation.web.answers import signed_in, the_person


@require_safe
@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """What needs the person, and what happened."""
    return render(request, "pages/desk.html", reading.page(request, the_person(request)))
