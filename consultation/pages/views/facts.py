"""What was changed about a public consultation besides its text."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consultation.pages.answers import in_consultation, kept_while_unchanged
from consultation.pages.reading import facts as reading
from consultation.texts.models import Consultation


@require_safe
@in_consultation
@kept_while_unchanged
def change(request: HttpRequest, found: Consultation, number: int) -> HttpResponse:
    """One change, each fact before and after."""
    changed = reading.change(found, number)
    if changed is None:
        raise Http404
    return render(request, "pages/facts_change.html", {"consultation": found, "changes": [changed]})
