"""The registrar's list of institutions that wait, and one of them with the evidence for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import queries as accounts
from accounts.models import SiteRole
from consultation.kit.refusal import Refusal
from consultation.office.forms import RejectForm, VerifyForm
from consultation.office.reading import registry as reading
from consultation.office.reading.registry import Evidence
from consultation.standing import actions
from consultation.web.acts import act
from consultation.web.answers import SeeOther, View, new_claim, signed_in, the_person


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
    """What waits, the longest waiting first."""
    return render(request, "office/registry.html", {"waiting": reading.waiting(at=request.received_at)})  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def institution(request: HttpRequest, slug: str) -> HttpResponse:
    """One institution: what it says of itself, what speaks for it, and the decision."""
    evidence = reading.evidence(the_person(request), slug, at=request.received_at)  # type: ignore[attr-defined]
    if evidence is None:
        raise Http404
    if request.method != "POST":
        return _page(request, evidence)
    if request.POST.get("do") == "verify":
        return _verify(request, evidence)
    return _reject(request, evidence)


def _page(
    request: HttpRequest,
    evidence: Evidence,
    *,
    verify: VerifyForm | None = None,
    reject: RejectForm | None = None,
    confirm: bool = False,
    status: int = 200,
) -> HttpResponse:
    facts = {
        "evidence": evidence,
        "verify": verify or VerifyForm(),
        "reject": reject or RejectForm(),
        "bad": next((form for form in (verify, reject) if form is not None and form.errors), None),
        "confirm": confirm,
        "verify_claim": new_claim(),
        "reject_claim": new_claim(),
    }
    return render(request, "office/registry_institution.html", facts, status=status)


def _verify(request: HttpRequest, evidence: Evidence) -> HttpResponse:
    form = VerifyForm(request.POST)
    if not form.is_valid():
        return _page(request, evidence, verify=form, status=400)
    try:
        act(request, actions.verify_institution, institution_id=evidence.institution.pk, **form.cleaned_data)
    except Refusal as refusal:
        form.show(refusal)
        return _page(request, evidence, verify=form, status=refusal.status)
    messages.success(
        request, _("%(name)s is verified. What it published can be read now.") % {"name": evidence.name}
    )
    return SeeOther(reverse("office:registry"))


def _reject(request: HttpRequest, evidence: Evidence) -> HttpResponse:
    """Asked for once more before it is done: an institution that was not accepted can't be taken back."""
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _page(request, evidence, reject=form, status=400)
    if request.POST.get("do") != "reject":
        return _page(request, evidence, reject=form, confirm=True)
    try:
        act(request, actions.reject_institution, institution_id=evidence.institution.pk, **form.cleaned_data)
    except Refusal as refusal:
        form.show(refusal)
        return _page(request, evidence, reject=form, status=refusal.status)
    messages.success(request, _("%(name)s was not accepted, and is told why.") % {"name": evidence.name})
    return SeeOther(reverse("office:registry"))
