"""What an institution has signed: all of it on one text, and one position with what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consultation.endorsements import actions
from consultation.endorsements import queries as endorsements
from consultation.endorsements.models import Endorsement
from consultation.kit.refusal import NotFound, Refusal
from consultation.kit.verb import Verb
from consultation.pages.answers import done_before, in_consultation
from consultation.pages.forms import ContestForm, SignatureForm, WithdrawalForm
from consultation.pages.reading import own_positions as own
from consultation.pages.reading import paper
from consultation.pages.reading.paper import Paper
from consultation.pages.views.endorsing import done
from consultation.texts.models import Consultation
from consultation.web import factor
from consultation.web.acts import act, person_of
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person
from consultation.web.downloads import send_private_letter
from consultation.web.forms import VerbForm

FORMS: dict[str, type[VerbForm]] = {
    "sign": SignatureForm,
    "withdraw": WithdrawalForm,
    "contest": ContestForm,
    "confirm": VerbForm,
}
VERBS: dict[str, Verb[Any, Endorsement]] = {
    "sign": actions.sign_endorsement,
    "withdraw": actions.withdraw_endorsement,
    "contest": actions.contest_endorsement,
    "confirm": actions.confirm_endorsement,
}
SIGNING = ("sign", "confirm")


@require_safe
@in_consultation
@signed_in
def own_positions(request: HttpRequest, found: Consultation, institution: str) -> HttpResponse:
    """Where an institution stands on each principle, for its own people: what to sign, read, contest."""
    page = own.page(request, found, institution)
    if page is None:
        raise Http404
    return render(request, "pages/own_positions.html", {"consultation": found, **page})


@require_http_methods(["GET", "HEAD", "POST"])
@in_consultation
@signed_in
def position(request: HttpRequest, found: Consultation, pk: UUID) -> HttpResponse:
    """One position: read it, sign it, confirm it, withdraw it, contest it."""
    held = paper.paper(request, found, pk)
    if held is None:
        raise Http404
    if request.method != "POST":
        return _page(request, held)
    name = request.POST.get("do", "")
    if name not in VERBS or not held.own:
        raise NotFound
    form = FORMS[name](request.POST)
    try:
        return _act(request, held, name, form)
    except Refusal as refusal:
        if refusal.code == "not-found":
            raise
        if form.is_valid():
            form.show(refusal)
        return _page(request, held, {name: form}, status=refusal.status)


def _page(
    request: HttpRequest, held: Paper, given: Mapping[str, VerbForm] | None = None, *, status: int = 200
) -> HttpResponse:
    given = given or {}
    withdrawal = WithdrawalForm(initial={"language": get_language()})
    facts = {
        "consultation": held.endorsement.consultation,
        "held": held,
        "claim": new_claim(),
        "bad": next((form for form in given.values() if form.errors), None),
        "asked": next(iter(given), ""),
        "signature": given.get("sign") or SignatureForm(),
        "withdrawal": given.get("withdraw") or withdrawal,
        "contest": given.get("contest") or ContestForm(),
    }
    return render(request, "pages/position.html", facts, status=status)


def _act(request: HttpRequest, held: Paper, name: str, form: VerbForm) -> HttpResponse:
    person, row = the_person(request), held.endorsement
    if not form.is_valid():
        raise Refusal("invalid", _("Please correct what is marked."))
    if name in SIGNING and not done_before(request) and not factor.shown(request, person):
        return factor.ask(request, person)
    outcome = act(request, VERBS[name], endorsement_id=row.pk, **form.cleaned_data)
    key = UUID(outcome.subjects[0][1])
    if name == "sign":
        return done(request, row.consultation, key)
    messages.success(request, _told(name))
    return SeeOther(reverse("pages:position", args=[row.consultation.slug, key]))


def _told(name: str) -> str:
    return {
        "withdraw": _("The position was withdrawn. The institution is silent on this principle."),
        "contest": _("It counts no longer. The secretariat and the registrars are told."),
        "confirm": _("Confirmed: this position is the institution’s own."),
    }[name]


@require_safe
def letter(request: HttpRequest, slug: str, pk: UUID) -> HttpResponseBase:
    """The scan of the letter from which a position was recorded, for its institution and the secretariat."""
    at = request.received_at  # type: ignore[attr-defined]
    readable = endorsements.papers(person_of(request), at=at)
    row = readable.filter(consultation__slug=slug, pk=pk, recorded=True).first()
    if row is None:
        raise Http404
    return send_private_letter(
        request, sha256=row.letter_sha256, name=row.letter_filename, size=row.letter_bytes
    )
