"""Endorsing one principle: the form, a look before signing, signing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Institution
from consultation.endorsements import actions, rules
from consultation.endorsements.actions import Choice
from consultation.endorsements.models import EndorsementState
from consultation.kit.refusal import NotFound, Refusal
from consultation.pages.answers import in_consultation
from consultation.pages.forms import PositionForm
from consultation.pages.reading import deed
from consultation.pages.reading import paper as papers
from consultation.pages.reading.deed import Deed
from consultation.pages.reading.paper import Paper
from consultation.texts import queries as texts
from consultation.texts.models import Consultation
from consultation.web import factor
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
    context = {
        "consultation": paper.consultation,
        "deed": paper,
        "form": form,
        "claim": claim,
        "decision": paper.decision(request),
        **facts,
    }
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
        "office": form.cleaned_data.get("office", ""),
        "name_shown": form.cleaned_data.get("name_shown", False),
        "licence_is_new": bool(form.cleaned_data["statement"])
        and not texts.has_accepted_licence(the_person(request), paper.consultation),
        "carried": [
            (name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "do")
        ],
    }
    return render(request, "pages/sign.html", facts)


def _sign(request: HttpRequest, paper: Deed, form: PositionForm) -> HttpResponse:
    institution = _checked(form)
    person, at = the_person(request), request.received_at  # type: ignore[attr-defined]
    if rules.can_sign(person, institution, at=at) and not factor.shown(request, person):
        return factor.ask(request, person)
    given = form.cleaned_data
    choice = Choice(paper.principle.number, given["version"], given["position"], given["statement"])
    outcome = act(
        request,
        actions.take_positions,
        consultation_id=paper.consultation.pk,
        institution_id=institution.pk,
        choices=[choice],
        language=given["language"],
        office=given.get("office", ""),
        name_shown=given.get("name_shown", False),
    )
    return done(request, paper.consultation, UUID(outcome.subjects[0][1]))


def done(request: HttpRequest, consultation: Consultation, key: UUID) -> HttpResponse:
    """The way to what was signed, with a sentence on what came of it."""
    held = papers.paper(request, consultation, key)
    if held is None:
        raise NotFound
    messages.success(request, _told(held))
    return SeeOther(reverse("pages:position", args=[consultation.slug, key]))


def _told(held: Paper) -> str:
    facts = {"institution": held.institution, "number": held.number}
    row = held.endorsement
    if row.state == EndorsementState.HALF_SIGNED:
        return _("Signed by you for %(institution)s. Somebody else has to sign too.") % facts
    if row.state != EndorsementState.SIGNED:
        return _("Your proposal on Principle %(number)d waits for a signature.") % facts
    if not row.released:
        return _("Signed for %(institution)s. It counts once a moderator has read the statement.") % facts
    if row.effective_at is None:
        return _("Signed for %(institution)s. It counts once the institution is verified.") % facts
    return _("Signed for %(institution)s, and counted.") % facts
