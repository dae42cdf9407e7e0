"""What the site keeps about the person who asks: to take along, and to erase."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultation.kit.refusal import Refusal
from consultation.pages.account_forms import EraseForm
from consultation.pages.reading import my_data as reading
from consultation.standing.actions import erase_person
from consultation.web.answers import SeeOther, signed_in, the_person


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
@reauthentication_required(allow_get=True)
def my_data(request: HttpRequest) -> HttpResponse:
    """What is kept, what stays and what goes; the form that erases."""
    if request.method != "POST":
        return render(request, "pages/my_data.html", {"form": EraseForm()})
    form = EraseForm(request.POST)
    if form.is_valid():
        try:
            return _erase(request, form.cleaned_data["address"])
        except Refusal as refusal:
            form.show(refusal)
            return render(request, "pages/my_data.html", {"form": form}, status=refusal.status)
    return render(request, "pages/my_data.html", {"form": form}, status=400)


def _erase(request: HttpRequest, address: str) -> HttpResponse:
    """The way on, as a visitor. No claim: whoever sends it twice is a visitor the second time."""
    person = the_person(request)
    at = request.received_at  # type: ignore[attr-defined]
    erase_person(person, person_id=person.pk, address=address, at=at)
    logout(request)
    messages.success(request, _("Your account is erased. The last message is on its way to you."))
    return SeeOther(reverse("pages:home"))


@require_safe
@never_cache
@signed_in
@reauthentication_required
def everything(request: HttpRequest) -> HttpResponse:
    """All that is kept about the person, to read."""
    return render(request, "pages/my_data_everything.html", reading.to_read(the_person(request)))


@require_safe
@never_cache
@signed_in
@reauthentication_required
def everything_as_json(request: HttpRequest) -> HttpResponse:
    """All that is kept about the person, for programs, as a download."""
    at = request.received_at  # type: ignore[attr-defined]
    content = reading.as_json(the_person(request), at=at)
    headers = {"Content-Disposition": f'attachment; filename="my-data-{at:%Y-%m-%d}.json"'}
    return HttpResponse(content, content_type="application/json", headers=headers)
