"""The secretariat's consultations: where each stands, and what waits."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consultation.office.reading import secretariat as reading
from consultation.web.answers import signed_in, the_person


@require_safe
@signed_in
def consultations(request: HttpRequest) -> HttpResponse:
    """All consultations in which the person is secretariat; nobody else learns of this page."""
    rows = reading.mine(the_person(request), at=request.received_at)  # type: ignore[attr-defined]
    if not rows:
        raise Http404
    return render(request, "office/secretariat.html", {"rows": rows})


@require_safe
@signed_in
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """One consultation's desk: what waits, rounds, texts, roles."""
    desk = reading.desk(the_person(request), slug, at=request.received_at)  # type: ignore[attr-defined]
    if desk is None:
        raise Http404
    return render(request, "office/secretariat_consultation.html", {"desk": desk})
