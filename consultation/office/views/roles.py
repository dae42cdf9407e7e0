"""Giving and taking roles, over the site or in one consultation; taking is asked for once more."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import queries as accounts
from consultation.kit.refusal import NotFound, Refusal
from consultation.office.forms import RoleForm
from consultation.office.reading.roles import RoleDesk, Row
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, the_person


def answer(request: HttpRequest, desk: RoleDesk) -> HttpResponse:
    """The roles with a form to give one; `?take=` asks before one is taken."""
    if request.method == "POST":
        return _take(request, desk) if request.POST.get("do") == "take" else _give(request, desk)
    asked = request.GET.get("take")
    if not asked:
        return _page(request, desk)
    row = desk.row(asked)
    if row is None or not desk.takes:
        raise Http404
    return _page(request, desk, confirm=row)


def _page(
    request: HttpRequest,
    desk: RoleDesk,
    form: RoleForm | None = None,
    *,
    confirm: Row | None = None,
    status: int = 200,
) -> HttpResponse:
    facts = {
        "desk": desk,
        "form": form or RoleForm(desk.choices),
        "confirm": confirm,
        "claim": new_claim(),
        "own": confirm is not None and confirm.person == request.user,
    }
    return render(request, "office/roles.html", facts, status=status)


def _give(request: HttpRequest, desk: RoleDesk) -> HttpResponse:
    form = RoleForm(desk.choices, request.POST)
    if not form.is_valid():
        return _page(request, desk, form, status=400)
    person = accounts.person_with_address(form.cleaned_data["email"])
    if person is None:
        form.add_error("email", _("There is no account with this confirmed address."))
        return _page(request, desk, form, status=400)
    try:
        act(request, desk.give, person_id=person.pk, role=form.cleaned_data["role"], **desk.where)
    except Refusal as refusal:
        form.show(refusal)
        return _page(request, desk, form, status=refusal.status)
    role = dict(desk.choices)[form.cleaned_data["role"]]
    messages.success(
        request, _("%(person)s has this role now, and is told: %(role)s.") % {"person": person, "role": role}
    )
    return SeeOther(request.path if desk.takes else desk.back)


def _take(request: HttpRequest, desk: RoleDesk) -> HttpResponse:
    key = request.POST.get("role", "")
    row = desk.row(key)
    try:
        act(request, desk.take, role_id=int(key) if key.isdecimal() and len(key) < 19 else 0, **desk.where)
    except NotFound as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return _page(request, desk, status=refusal.status)
    messages.success(request, _("The role was taken, and its holder is told."))
    own = row is not None and row.person == the_person(request)
    return SeeOther(reverse("pages:desk") if own else request.path)
