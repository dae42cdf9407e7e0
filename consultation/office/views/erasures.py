"""Erasing somebody who asked an administrator for it (DESIGN 5)."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consultation.kit.refusal import Refusal, invalid
from consultation.office.forms import ErasureForm
from consultation.office.views.site import for_administrators
from consultation.standing import queries as standing
from consultation.standing.actions import erase_person
from consultation.web.answers import SeeOther, the_person


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_administrators
@reauthentication_required(allow_get=True)
def erasures(request: HttpRequest) -> HttpResponse:
    """Who was erased, by number, and the form for one more."""
    if request.method != "POST":
        return _page(request, ErasureForm())
    form = ErasureForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        _erase(request, **form.cleaned_data)
    except Refusal as refusal:
        form.show(refusal)
        return _page(request, form, status=refusal.status)
    messages.success(request, _("The account is erased. Its holder gets a last message."))
    return SeeOther(reverse("office:erasures"))


def _erase(request: HttpRequest, *, account: str, address: str) -> None:
    person = standing.person_at(account)
    if person is None:
        raise invalid(account=_("There is no account with this address."))
    at = request.received_at  # type: ignore[attr-defined]
    # No claim: its row would hold a hash of the address. Sent twice, it finds nobody the second time.
    erase_person(the_person(request), person_id=person.pk, address=address, at=at)


def _page(request: HttpRequest, form: ErasureForm, *, status: int = 200) -> HttpResponse:
    facts = {"form": form, "erasures": standing.erasures()}
    return render(request, "office/erasures.html", facts, status=status)
