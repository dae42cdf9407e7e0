"""What moderators do beside deciding: keeping a case, stating languages, notes, asking for opinions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import queries as accounts
from consultation.kit.languages import INTERFACE
from consultation.kit.refusal import Refusal
from consultation.moderation import actions, readers, rules
from consultation.moderation import queries as cases
from consultation.moderation.models import Case
from consultation.office import wording
from consultation.office.bench_forms import AskOpinionForm, LanguagesForm, NoteForm, OpinionForm
from consultation.office.reading import case as reading
from consultation.office.reading.case import Paper
from consultation.web import looking
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person
from consultation.web.forms import VerbForm

LEASES = {"renew": actions.renew_lease, "leave": actions.leave_case}


@require_POST
@signed_in
def lease(request: HttpRequest, pk: UUID) -> JsonResponse:
    """For the script of the bench: the case is kept, or left; answered in a few words."""
    _case(request, pk)
    verb = LEASES.get(request.POST.get("do", ""))
    if verb is None:
        raise Http404
    try:
        act(request, verb, status=200, case_id=pk)
    except Refusal as refusal:
        return JsonResponse({"sentence": str(refusal)}, status=refusal.status)
    until, at = _case(request, pk).lease_until, request.received_at  # type: ignore[attr-defined]
    assert until is not None
    minutes = wording.minutes_left(until, at=at)
    return JsonResponse({"minutes": minutes, "sentence": wording.yours(minutes)})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def languages(request: HttpRequest) -> HttpResponse:
    """The languages that the moderator reads."""
    person = the_person(request)
    if not rules.may_take_cases(person):
        raise Http404
    stated = readers.stated_by(person)
    at_hand = readers.known([*INTERFACE, *stated, *cases.spread(person, at=request.received_at).languages])  # type: ignore[attr-defined]
    if request.method != "POST":
        form = LanguagesForm(at_hand, initial={"languages": stated or readers.read_by(person)})
        return _form(request, "office/languages.html", form)
    form = LanguagesForm(at_hand, request.POST)
    if not form.is_valid():
        return _form(request, "office/languages.html", form, status=400)
    try:
        act(request, actions.state_languages, languages=form.given())
    except Refusal as refusal:
        form.show(refusal)
        return _form(request, "office/languages.html", form, status=refusal.status)
    messages.success(request, _("Your languages are kept."))
    return SeeOther(reverse("office:moderation"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def notes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What moderators told each other about a case, with room for a word more."""
    paper = _paper(request, pk)
    if not rules.may_see_notes(paper.person, paper.case, at=paper.at):
        raise Http404
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _notes(request, paper, form, status=400 if form.is_bound else 200)
    try:
        act(request, actions.write_note, case_id=pk, words=form.cleaned_data["words"])
    except Refusal as refusal:
        form.show(refusal)
        return _notes(request, paper, form, status=refusal.status)
    messages.success(request, _("Your note stands on the case."))
    return SeeOther(reverse("office:case", args=[pk]) + "#notes")


def _notes(request: HttpRequest, paper: Paper, form: NoteForm, *, status: int) -> HttpResponse:
    written = cases.notes_on(paper.case)
    return _form(request, "office/notes.html", form, status=status, paper=paper, notes=written)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The secretariat asks somebody by name what they think of one case."""
    paper = _paper(request, pk)
    if not rules.may_ask_opinion(paper.person, paper.case):
        raise Http404
    form = AskOpinionForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, paper, form, status=400 if form.is_bound else 200)
    person = accounts.person_with_address(form.cleaned_data["email"])
    if person is None:
        form.add_error("email", _("There is no account with this confirmed address."))
        return _ask(request, paper, form, status=400)
    try:
        question = form.cleaned_data["question"]
        act(request, actions.ask_opinion, case_id=pk, person_id=person.pk, question=question)
    except Refusal as refusal:
        for sentence in refusal.errors.get("person", []):
            form.add_error("email", str(sentence))
        if "person" not in refusal.errors:
            form.show(refusal)
        return _ask(request, paper, form, status=refusal.status)
    messages.success(request, _("%(person)s is asked by mail, and gets no role.") % {"person": person})
    return SeeOther(reverse("office:case", args=[pk]) + "#opinions")


def _ask(request: HttpRequest, paper: Paper, form: AskOpinionForm, *, status: int) -> HttpResponse:
    return _form(request, "office/ask_opinion.html", form, status=status, paper=paper)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def opinion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case for one person who was asked about it: they read it, and say once what they think."""
    person = the_person(request)
    asked = readers.opinion_for(person, pk)
    if asked is None:
        raise Http404
    at = request.received_at  # type: ignore[attr-defined]
    may_answer = rules.may_give_opinion(asked, at=at)
    # Once it is answered, or decided by others, there is nothing left to read.
    paper = reading.read(asked.case, person, at=at) if may_answer else None
    if paper is not None:
        looking.at_subjects(request, [(paper.case.item_id, paper.subject)])
    facts = {"asked": asked, "paper": paper, "why_not": may_answer.refusal}
    form = OpinionForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or (may_answer and not form.is_valid()):
        return _form(request, "office/opinion.html", form, status=400 if form.is_bound else 200, **facts)
    try:
        act(request, actions.give_opinion, opinion_id=pk, words=request.POST.get("words", ""))
    except Refusal as refusal:
        form.show(refusal) if may_answer else None
        return _form(request, "office/opinion.html", form, status=refusal.status, **facts)
    messages.success(request, _("Thank you. Your opinion stands on the case."))
    return SeeOther(request.path)


def _case(request: HttpRequest, pk: UUID) -> Case:
    found = cases.with_rows(cases.visible_to(the_person(request))).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _paper(request: HttpRequest, pk: UUID) -> Paper:
    return reading.read(_case(request, pk), the_person(request), at=request.received_at)  # type: ignore[attr-defined]


def _form(
    request: HttpRequest, template: str, form: VerbForm, *, status: int = 200, **facts: object
) -> HttpResponse:
    return render(request, template, {"form": form, "claim": new_claim(), **facts}, status=status)
