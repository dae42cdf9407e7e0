"""The administrator's check of the installation."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import queries as accounts
from accounts.models import SiteRole
from consultation.office.reading import setup
from consultation.web.answers import signed_in, the_person


@require_safe
@never_cache
@signed_in
def check(request: HttpRequest) -> HttpResponse:
    """What works and what does not; only administrators learn of this page."""
    if not accounts.has_site_role(the_person(request), SiteRole.Role.ADMINISTRATOR):
        raise Http404
    return render(request, "office/site.html", {"checks": setup.checks()})
