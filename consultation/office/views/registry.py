"""The registrar's list of institutions that wait, and one of them with the evidence for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import queries as accounts
from accounts.models import Institution, SiteRole
from consultation.kit.refusal import Refusal
from consultation.kit.verb import Verb
from consultation.office.forms import AskForm, ChangeForm, MergeForm, RejectForm, SuspendForm, VerifyForm
from consultation.office.reading import registry as reading
from consultation.office.reading.registry import Evidence
from consultation.standing import actions
from consultation.web.acts import act
from consultation.web.answers import SeeOther, View, new_claim, signed_in, the_person
from consultation.web.forms import VerbForm


def for_registrars(view: View) -> View:
    """Nobody else learns that there is anything here."""

    @signed_in
    def wrapped(request: HttpRequest, **kwargs: str) -> HttpResponse:
        if not accounts.has_site_role(the_person(request), SiteRole.Role.REGISTRAR):
            raise Http404
        return view(request, **kwargs)

    return wrapped


@require_safe
@for_registrars
def registry(request: HttpRequest) -> HttpResponse:
    """What waits, the longest waiting first; and any institution by its name."""
    asked = request.GET.get("q", "").strip()
    facts = {
        "waiting": reading.waiting(at=request.received_at),  # type: ignore[attr-defined]
        "asked": asked,
        "found": reading.called(the_person(request), asked),
    }
    return render(request, "office/registry.html", facts)


@dataclass(frozen=True)
class Settling:
    """One way to settle an institution: its form, its verb, and what is said once it is done."""

    form: type[VerbForm]
    verb: Verb[Any, Institution]
    done: Any
    # Asked for once more before it is done.
    confirm: bool = False
    stays: bool = False


SETTLING = {
    "verify": Settling(
        VerifyForm,
        actions.verify_institution,
        gettext_lazy("%(name)s is verified. What it published can be read now."),
    ),
    "ask": Settling(
        AskForm,
        actions.ask_institution,
        gettext_lazy("%(name)s is told what is missing, and goes on waiting."),
        stays=True,
    ),
    "reject": Settling(
        RejectForm,
        actions.reject_institution,
        gettext_lazy("%(name)s was not accepted, and is told why."),
        confirm=True,
    ),
    "suspend": Settling(
        SuspendForm,
        actions.suspend_institution,
        gettext_lazy("%(name)s is suspended, and is told why. Nothing it said is public now."),
        confirm=True,
        stays=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def institution(request: HttpRequest, slug: str) -> HttpResponse:
    """One institution: what it says of itself, what speaks for it, and the decision."""
    evidence = _evidence(request, slug)
    if request.method != "POST":
        return _page(request, evidence)
    # "confirm-reject" looks it over, "reject" does it.
    asked, _dash, looked_at = request.POST.get("do", "").partition("-")
    name = looked_at if asked == "confirm" else asked
    if name not in SETTLING:
        raise Http404
    return _settle(request, evidence, name, confirmed=asked != "confirm")


def _evidence(request: HttpRequest, slug: str) -> Evidence:
    evidence = reading.evidence(the_person(request), slug, at=request.received_at)  # type: ignore[attr-defined]
    if evidence is None:
        raise Http404
    return evidence


def _settle(request: HttpRequest, evidence: Evidence, name: str, *, confirmed: bool) -> HttpResponse:
    way = SETTLING[name]
    form = way.form(request.POST)
    if not form.is_valid():
        return _page(request, evidence, {name: form}, status=400)
    if way.confirm and not confirmed:
        return _page(request, evidence, {name: form}, confirm=name)
    try:
        act(request, way.verb, institution_id=evidence.institution.pk, **form.cleaned_data)
    except Refusal as refusal:
        form.show(refusal)
        return _page(request, evidence, {name: form}, status=refusal.status)
    messages.success(request, str(way.done) % {"name": evidence.name})
    return SeeOther(request.path if way.stays else reverse("office:registry"))


def _page(
    request: HttpRequest,
    evidence: Evidence,
    given: Mapping[str, VerbForm] | None = None,
    *,
    confirm: str = "",
    status: int = 200,
) -> HttpResponse:
    given = given or {}
    facts = {
        "evidence": evidence,
        "bad": next((form for form in given.values() if form.errors), None),
        "confirm": confirm,
        "claim": new_claim(),
        **{name: given.get(name) or way.form() for name, way in SETTLING.items()},
    }
    return render(request, "office/registry_institution.html", facts, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def merge(request: HttpRequest, slug: str) -> HttpResponse:
    """Two records of one institution: which one is kept and what moves, looked over before it is done."""
    evidence = _evidence(request, slug)
    if request.method != "POST":
        return _merging(request, evidence, MergeForm(initial={"kept": request.GET.get("kept", "")}))
    form = MergeForm(request.POST)
    if not form.is_valid():
        return _merging(request, evidence, form, status=400)
    found = reading.to_be_merged(the_person(request), slug, form.cleaned_data["kept"])
    if found is None:
        form.add_error("kept", _("There is no other institution with this address."))
        return _merging(request, evidence, form, status=400)
    kept, numbers = found
    if request.POST.get("do") != "merge":
        return _merging(request, evidence, form, kept=kept, numbers=numbers)
    fields = {name: form.cleaned_data[name] for name in ("reason", "with_powers")}
    try:
        act(request, actions.merge_institutions, kept_id=kept.pk, merged_id=evidence.institution.pk, **fields)
    except Refusal as refusal:
        form.show(refusal)
        return _merging(request, evidence, form, status=refusal.status)
    messages.success(
        request, _("%(name)s was merged. The people of both are told.") % {"name": evidence.name}
    )
    return SeeOther(reverse("office:registry_institution", args=[kept.slug]))


def _merging(
    request: HttpRequest,
    evidence: Evidence,
    form: MergeForm,
    *,
    kept: Institution | None = None,
    numbers: Mapping[str, int] | None = None,
    status: int = 200,
) -> HttpResponse:
    facts = {"evidence": evidence, "form": form, "kept": kept, "numbers": numbers, "claim": new_claim()}
    return render(request, "office/registry_merge.html", facts, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def data(request: HttpRequest, slug: str) -> HttpResponse:
    """The public data of an institution, changed by a registrar: what it signed keeps the name it had."""
    evidence = _evidence(request, slug)
    if request.method != "POST":
        return _data(request, evidence, ChangeForm.of(evidence.institution))
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _data(request, evidence, form, status=400)
    try:
        fields = form.changed(evidence.institution)
        act(request, actions.change_institution, institution_id=evidence.institution.pk, **fields)
    except Refusal as refusal:
        form.show(refusal)
        return _data(request, evidence, form, status=refusal.status)
    messages.success(request, _("The public data are changed, and the institution is told."))
    return SeeOther(reverse("office:registry_institution", args=[slug]))


def _data(request: HttpRequest, evidence: Evidence, form: ChangeForm, *, status: int = 200) -> HttpResponse:
    facts = {"evidence": evidence, "form": form, "claim": new_claim()}
    return render(request, "office/registry_data.html", facts, status=status)
