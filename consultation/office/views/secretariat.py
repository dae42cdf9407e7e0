"""The secretariat's consultations: where each stands, and what waits."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from consultation.office.reading import secretariat as reading
from consultation.office.reading.roles import of_consultation, without_secretariat
from consultation.office.views import roles
from consultation.web.answers import signed_in, the_person


@require_safe
@signed_in
def consultations(request: HttpRequest) -> HttpResponse:
    """The consultations of a secretariat, and for registrars those that have none; for nobody else."""
    rows = reading.mine(the_person(request), at=request.received_at)  # type: ignore[attr-defined]
    orphans = without_secretariat(the_person(request))
    if not rows and orphans is None:
        raise Http404
    facts = {"rows": rows, "orphans": orphans or [], "may_create": orphans is not None}
    return render(request, "office/secretariat.html", facts)


@require_safe
@signed_in
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """One consultation's desk: what waits, rounds, texts, roles."""
    desk = reading.desk(the_person(request), slug, at=request.received_at)  # type: ignore[attr-defined]
    if desk is None:
        raise Http404
    return render(request, "office/secretariat_consultation.html", {"desk": desk})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def consultation_roles(request: HttpRequest, slug: str) -> HttpResponse:
    """Who works on one consultation, given and taken by its secretariat; where it has none, a registrar's."""
    desk = of_consultation(the_person(request), slug)
    if desk is None:
        raise Http404
    return roles.answer(request, desk)
