"""The directory, one institution, and registering a new one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import queries as accounts
from accounts.actions import give_evidence, register_institution
from accounts.forms import EvidenceForm, RegistrationForm
from accounts.models import Institution, InstitutionState
from accounts.public_data import checked
from accounts.rules import may_give_evidence
from consultation.kit.refusal import Refusal
from consultation.pages.answers import done_before, in_a_list
from consultation.pages.reading import cards
from consultation.pages.reading import institutions as reading
from consultation.web.acts import act, person_of
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person
from consultation.web.downloads import send_private_letter


@require_safe
@in_a_list
def institutions(request: HttpRequest) -> HttpResponse:
    """The verified institutions."""
    return render(request, "pages/institutions.html", reading.directory(request))


@require_safe
@in_a_list
def institution(request: HttpRequest, slug: str) -> HttpResponse:
    """One institution and what it said; until it is verified its own people alone see it."""
    at = request.received_at  # type: ignore[attr-defined]
    reader = person_of(request)
    found = accounts.visible_to(reader, at=at) if reader else accounts.public()
    one = found.filter(slug=slug).first()
    if one is None or one.state == InstitutionState.MERGED:
        return _moved(request, slug)
    if one.current is None:
        raise Http404
    if request.headers.get("HX-Request"):
        return render(request, "pages/_comments.html", reading.page(request, one))
    return render(request, "pages/institution.html", reading.page(request, one))


def _moved(request: HttpRequest, slug: str) -> HttpResponse:
    at = request.received_at  # type: ignore[attr-defined]
    kept = accounts.moved_to(slug, person_of(request), at=at)
    if kept is None:
        raise Http404
    return HttpResponsePermanentRedirect(reverse("pages:institution", args=[kept.slug]))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def evidence(request: HttpRequest, slug: str) -> HttpResponse:
    """A note or a letter for the registrar, from those who manage an institution that waits."""
    at, person = request.received_at, the_person(request)  # type: ignore[attr-defined]
    one = accounts.visible_to(person, at=at).filter(slug=slug).first()
    if one is None or not may_give_evidence(person, one, at=at):
        raise Http404
    if request.method != "POST":
        return _evidence(request, one, EvidenceForm(), claim=new_claim())
    form = EvidenceForm(request.POST, request.FILES)
    claim = request.POST.get("claim", "")
    if not form.is_valid():
        return _evidence(request, one, form, claim=claim, status=400)
    try:
        act(request, give_evidence, institution_id=one.pk, **form.given())
    except Refusal as refusal:
        form.show(refusal)
        return _evidence(request, one, form, claim=claim, status=refusal.status)
    messages.success(request, _("The registrar reads it when deciding."))
    return SeeOther(reverse("pages:institution", args=[slug]))


def _evidence(
    request: HttpRequest, one: Institution, form: EvidenceForm, *, claim: str, status: int = 200
) -> HttpResponse:
    facts = {"voice": cards.voice(one), "form": form, "claim": claim, "slug": one.slug}
    facts |= reading.evidence(one)
    return render(request, "pages/evidence.html", facts, status=status)


@require_safe
def letter(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """A letter that an institution sent: for its own people and for registrars, always as a download."""
    at = request.received_at  # type: ignore[attr-defined]
    found = accounts.letter(person_of(request), slug, pk, at=at)
    if found is None:
        raise Http404
    return send_private_letter(request, sha256=found.sha256, name=found.filename, size=found.bytes)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def register(request: HttpRequest) -> HttpResponse:
    """Register an institution; those that sound alike are shown once before."""
    if request.method != "POST":
        return _form(request, RegistrationForm(), claim=new_claim())
    form = RegistrationForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, claim=request.POST.get("claim", ""), status=400)
    try:
        alike = [] if request.POST.get("anyway") or done_before(request) else _alike(request, form)
        if alike:
            return _form(request, form, claim=request.POST.get("claim", ""), alike=reading.alike(alike))
        outcome = act(request, register_institution, **form.given(), **form.evidence())
    except Refusal as refusal:
        form.show(refusal)
        claim = new_claim() if refusal.code == "key-reused" else request.POST.get("claim", "")
        return _form(request, form, claim=claim, status=refusal.status)
    return _registered(request, outcome.subjects[0][1])


def _form(
    request: HttpRequest, form: RegistrationForm, *, claim: str, status: int = 200, alike: object = ()
) -> HttpResponse:
    return render(
        request, "pages/register.html", {"form": form, "claim": claim, "alike": alike}, status=status
    )


def _alike(request: HttpRequest, form: RegistrationForm) -> list[accounts.Duplicate]:
    data = checked(**form.given())
    return accounts.likely_duplicates(
        the_person(request),
        name=data.name,
        country=data.country,
        ror=data.ror,
        domains=data.domains,
        names=data.names,
    )


def _registered(request: HttpRequest, key: str) -> HttpResponse:
    at = request.received_at  # type: ignore[attr-defined]
    one = accounts.visible_to(the_person(request), at=at).get(pk=key)
    name = one.current.name if one.current else one.slug
    messages.success(
        request,
        _("%(name)s is registered, and you may act for it. What you send appears once it is verified.")
        % {"name": name},
    )
    return SeeOther(reverse("pages:institution", args=[one.slug]))
