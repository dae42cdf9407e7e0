"""Search over everything public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consultation.pages.answers import in_a_list
from consultation.pages.reading import discussion
from consultation.pages.reading import search as reading


@require_safe
@in_a_list
def search(request: HttpRequest) -> HttpResponse:
    """Comments, principles and institutions; a reference leads straight to its comment."""
    if url := reading.found_by_reference(discussion.asked(request.GET, "q")):
        return HttpResponseRedirect(url)
    found = reading.page(request)
    name = (
        "pages/_comments.html"
        if request.headers.get("HX-Request") and "listing" in found
        else "pages/search.html"
    )
    return render(request, name, found)
