"""Endorsing: the form, a look before signing, signing; the whole text in one act; one position."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Institution
from consultation.endorsements import actions, rules
from consultation.endorsements.actions import Choice
from consultation.endorsements.models import EndorsementState
from consultation.kit.refusal import NotFound, Refusal
from consultation.pages.answers import in_consultation
from consultation.pages.forms import PositionForm
from consultation.pages.reading import deed, positions
from consultation.pages.reading.deed import Deed
from consultation.texts import queries as texts
from consultation.texts.models import Consultation
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person


@require_http_methods(["GET", "HEAD", "POST"])
@in_consultation
@signed_in
def endorse(request: HttpRequest, found: Consultation, number: int) -> HttpResponse:
    """A position on one principle: chosen, looked over, signed or proposed."""
    paper = deed.of(request, found, number)
    if not paper.institutions:
        return render(request, "pages/no_hat.html", {"consultation": found}, status=403)
    if request.method != "POST":
        return _form(request, paper, paper.form(initial=paper.start(request)), claim=new_claim())
    form = paper.form(request.POST)
    try:
        if request.POST.get("do") == "sign":
            return _sign(request, paper, form)
        if request.POST.get("do") == "change":
            return _form(
                request, paper, paper.form(initial=request.POST.dict()), claim=request.POST.get("claim", "")
            )
        return _look(request, paper, form)
    except Refusal as refusal:
        return _again(request, paper, form, refusal)


def _form(
    request: HttpRequest, paper: Deed, form: PositionForm, *, claim: str, status: int = 200, **facts: Any
) -> HttpResponse:
    context = {"consultation": paper.consultation, "deed": paper, "form": form, "claim": claim, **facts}
    return render(request, "pages/endorse.html", context, status=status)


def _again(request: HttpRequest, paper: Deed, form: PositionForm, refusal: Refusal) -> HttpResponse:
    if form.is_valid():
        form.show(refusal)
    if refusal.code == "version-not-current":
        data = request.POST.copy()
        data["version"] = str(paper.version.number)
        form.data = data
    claim = new_claim() if refusal.code == "key-reused" else request.POST.get("claim", "")
    return _form(request, paper, form, claim=claim, status=refusal.status)


def _checked(form: PositionForm) -> Institution:
    if not form.is_valid():
        raise Refusal("invalid", _("Please correct what is marked."))
    institution = form.institution()
    if institution is None:
        raise NotFound
    return institution


def _look(request: HttpRequest, paper: Deed, form: PositionForm) -> HttpResponse:
    """What is about to be signed, in words, with the full text."""
    institution = _checked(form)
    person, at = the_person(request), request.received_at  # type: ignore[attr-defined]
    rules.may_take_position(person, paper.consultation, institution, at=at).require()
    paper.check(form)
    facts = {
        "consultation": paper.consultation,
        "deed": paper,
        "institution": institution,
        "signs": rules.can_sign(person, institution, at=at),
        "position": form.cleaned_data["position"],
        "position_label": dict(form.fields["position"].choices)[form.cleaned_data["position"]],  # type: ignore[attr-defined]
        "statement": form.cleaned_data["statement"],
        "statement_language": form.cleaned_data["language"],
        "licence_is_new": bool(form.cleaned_data["statement"])
        and not texts.has_accepted_licence(the_person(request), paper.consultation),
        "carried": [
            (name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "do")
        ],
    }
    return render(request, "pages/sign.html", facts)


def _sign(request: HttpRequest, paper: Deed, form: PositionForm) -> HttpResponse:
    institution = _checked(form)
    given = form.cleaned_data
    choice = Choice(paper.principle.number, given["version"], given["position"], given["statement"])
    outcome = act(
        request,
        actions.take_positions,
        consultation_id=paper.consultation.pk,
        institution_id=institution.pk,
        choices=[choice],
        language=given["language"],
    )
    return _done(request, paper.consultation, UUID(outcome.subjects[0][1]))


def _done(request: HttpRequest, consultation: Consultation, key: UUID) -> HttpResponse:
    held = positions.paper(request, consultation, key)
    if held is None:
        raise NotFound
    messages.success(request, _told(held))
    return SeeOther(reverse("pages:position", args=[consultation.slug, key]))


def _told(held: positions.Paper) -> str:
    facts = {"institution": held.institution, "number": held.number}
    row = held.endorsement
    if row.state != EndorsementState.SIGNED:
        return _("Your proposal on Principle %(number)d waits for a signature.") % facts
    if not row.released:
        return _("Signed for %(institution)s. It counts once a moderator has read the statement.") % facts
    if row.effective_at is None:
        return _("Signed for %(institution)s. It counts once the institution is verified.") % facts
    return _("Signed for %(institution)s, and counted.") % facts


@require_http_methods(["GET", "HEAD", "POST"])
@in_consultation
@signed_in
def position(request: HttpRequest, found: Consultation, pk: UUID) -> HttpResponse:
    """One position of one's own institution: read it, sign it, re-affirm it, withdraw it."""
    held = positions.paper(request, found, pk)
    if held is None:
        raise Http404
    if request.method == "POST":
        return _act_on(request, found, pk)
    return render(request, "pages/position.html", {"consultation": found, "held": held, "claim": new_claim()})


def _act_on(request: HttpRequest, found: Consultation, pk: UUID) -> HttpResponse:
    verbs = {
        "sign": actions.sign_endorsement,
        "withdraw": actions.withdraw_endorsement,
        "reaffirm": actions.reaffirm_endorsement,
    }
    verb = verbs.get(request.POST.get("do", ""))
    if verb is None:
        raise NotFound
    outcome = act(request, verb, endorsement_id=pk)
    if verb is actions.withdraw_endorsement:
        messages.success(
            request, _("The position was withdrawn. The institution is silent on this principle.")
        )
        return SeeOther(reverse("pages:position", args=[found.slug, pk]))
    return _done(request, found, UUID(outcome.subjects[0][1]))


@require_http_methods(["GET", "HEAD", "POST"])
@in_consultation
@signed_in
def endorse_all(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The whole text on one sheet: every principle without reservation, or those that are chosen."""
    page = deed.whole(request, found)
    if not page["institutions"]:
        return render(request, "pages/no_hat.html", {"consultation": found}, status=403)
    if request.method != "POST":
        return render(request, "pages/endorse_all.html", page)
    try:
        return _sign_all(request, found, page)
    except Refusal as refusal:
        facts = page | {"refusal": refusal, "chosen": request.POST.getlist("principle")}
        return render(request, "pages/endorse_all.html", facts, status=refusal.status)


def _sign_all(request: HttpRequest, found: Consultation, page: dict[str, Any]) -> HttpResponse:
    institution = next(
        (each for each in page["institutions"] if each.slug == request.POST.get("institution")), None
    )
    if institution is None:
        raise NotFound
    act(
        request,
        actions.take_positions,
        consultation_id=found.pk,
        institution_id=institution.pk,
        choices=deed.choices(request),
        language=get_language() or found.authoritative,
    )
    signs = rules.can_sign(the_person(request), institution, at=request.received_at)  # type: ignore[attr-defined]
    told = _("Signed for %(name)s.") if signs else _("Proposed for %(name)s: a signatory has to sign.")
    messages.success(
        request, told % {"name": institution.current.name if institution.current else institution.slug}
    )
    return SeeOther(reverse("pages:endorsements", args=[found.slug]))
