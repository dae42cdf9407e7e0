"""The queue and its cases."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultation.kit.keyset import CursorRefused
from consultation.kit.refusal import Refusal
from consultation.moderation import actions, rules
from consultation.moderation import queries as cases
from consultation.moderation.handlers import Details
from consultation.moderation.models import Action
from consultation.office import wording
from consultation.office.forms import DecisionForm
from consultation.office.reading import around, undoing
from consultation.office.reading import case as reading
from consultation.office.reading import queue as queues
from consultation.office.reading.asking import asked
from consultation.office.reading.case import Paper
from consultation.web import looking
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def queue(request: HttpRequest) -> HttpResponse:
    """What waits; sent, the next case is taken."""
    consultations = queues.consultations_of(the_person(request))
    if not consultations:
        raise Http404
    if request.method == "POST":
        return _take_next(request)
    return _bench(request)


def _take_next(request: HttpRequest) -> HttpResponse:
    try:
        outcome = act(
            request,
            actions.claim_next,
            filters=asked(request).filters,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _bench(request, status=refusal.status)
    query = request.META.get("QUERY_STRING", "")
    if not outcome.subjects:
        messages.info(request, _("Nothing is left to take: what waits is with other moderators."))
        return SeeOther(request.get_full_path())
    address = reverse("office:case", args=[outcome.subjects[0][1]])
    return SeeOther(f"{address}?{query}" if query else address)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case: read, taken, given back, decided."""
    paper = _paper(request, pk)
    if request.method != "POST":
        return _bench(request, paper, DecisionForm(paper, initial=_start(paper)))
    try:
        rules.may_take_cases(the_person(request)).require()
        return STEPS.get(request.POST.get("do", ""), _decide)(request, paper)
    except Refusal as refusal:
        return _again(request, pk, refusal)


def _paper(request: HttpRequest, pk: UUID) -> Paper:
    person = the_person(request)
    found = cases.with_rows(cases.visible_to(person)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return reading.read(found, person, at=request.received_at)  # type: ignore[attr-defined]


def _start(paper: Paper) -> dict[str, Any]:
    return {"revision": paper.subject.revision}


def _bench(
    request: HttpRequest,
    paper: Paper | None = None,
    form: DecisionForm | None = None,
    *,
    claim: str = "",
    status: int = 200,
) -> HttpResponse:
    person = the_person(request)
    consultations = queues.consultations_of(person)
    try:
        waiting = queues.read(request, person, consultations, current=paper.case.pk if paper else None)
    except CursorRefused as error:
        refused = {"sentence": str(error), "queue_url": reverse("office:moderation")}
        return render(request, "office/refused.html", refused, status=400)
    facts = {
        "queue": waiting,
        "paper": paper,
        "around": around.read(paper) if paper else None,
        "form": form,
        "claim": claim or new_claim(),
        "take_claim": new_claim(),
        "undo": undoing.last(person, at=request.received_at),  # type: ignore[attr-defined]
    }
    if paper is not None:
        looking.at_subjects(request, [(paper.case.item_id, paper.subject)])
    return render(request, "office/bench.html", facts, status=status)


def _take(request: HttpRequest, paper: Paper) -> HttpResponse:
    """The case is the moderator's; words typed already stay in the form."""
    act(request, actions.claim_case, case_id=paper.case.pk)
    if not request.POST.get("message"):
        return SeeOther(request.get_full_path())
    taken = _paper(request, paper.case.pk)
    return _bench(request, taken, DecisionForm(taken, initial=_typed(request)))


def _give_back(request: HttpRequest, paper: Paper) -> HttpResponse:
    act(request, actions.release_case, case_id=paper.case.pk)
    messages.info(request, _("%(what)s waits for somebody else.") % {"what": paper.title})
    query = request.META.get("QUERY_STRING", "")
    return SeeOther(reverse("office:moderation") + (f"?{query}" if query else ""))


def _suggest(request: HttpRequest, paper: Paper) -> HttpResponse:
    """The form again, with words for the author that fit the decision and the clause chosen in it."""
    typed = _typed(request)
    words = paper.suggestion(typed["action"], typed["clause"])
    form = DecisionForm(paper, initial=typed | {"message": words or typed["message"]})
    return _bench(request, paper, form, claim=request.POST.get("claim", ""))


TYPED = ("action", "clause", "message", "revision", "quotes", "corrected_body", "corrected_proposal")


def _typed(request: HttpRequest) -> dict[str, Any]:
    return {name: request.POST.get(name, "") for name in TYPED}


def _decide(request: HttpRequest, paper: Paper) -> HttpResponse:
    form = DecisionForm(paper, request.POST)
    if not paper.closed and not form.is_valid():
        return _bench(request, paper, form, claim=request.POST.get("claim", ""), status=400)
    given = form.cleaned_data if not paper.closed else _typed(request) | {"revision": None}
    act(
        request,
        actions.decide_case,
        case_id=paper.case.pk,
        action=given["action"],
        # What is simply approved stands on no clause, whichever the form still names.
        clause=None if given["action"] in rules.WITHOUT_CLAUSE else given["clause"] or None,
        message=given["message"],
        revision=given["revision"],
        details=form.details() if form.is_valid() else Details(),
    )
    messages.success(request, wording.done(Action(given["action"]), paper.title, heard=paper.heard))
    return SeeOther(request.get_full_path())


def _undo(request: HttpRequest, paper: Paper) -> HttpResponse:
    act(request, actions.undo_decision, case_id=paper.case.pk)
    words = _("The decision on %(what)s was undone. Nobody was told of it.")
    messages.success(request, words % {"what": paper.title})
    return SeeOther(request.get_full_path())


def _again(request: HttpRequest, pk: UUID, refusal: Refusal) -> HttpResponse:
    """The page as the case now stands, with everything that was typed, and why it was refused."""
    paper = _paper(request, pk)
    form = DecisionForm(paper, data=request.POST.copy())
    form.data["revision"] = str(paper.subject.revision)  # type: ignore[index]
    form.full_clean()
    form.show(refusal)
    claim = new_claim() if refusal.code == "key-reused" else request.POST.get("claim", "")
    return _bench(request, paper, form, claim=claim, status=refusal.status)


STEPS = {"take": _take, "release": _give_back, "suggest": _suggest, "decide": _decide, "undo": _undo}
