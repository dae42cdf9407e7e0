"""Deciding several cases alike: ticks, a look at all of them, and what became of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultation.kit.keyset import CursorRefused
from consultation.kit.refusal import Refusal
from consultation.moderation import actions, rules
from consultation.moderation.actions import Undecided
from consultation.office.many_forms import ManyForm
from consultation.office.reading import many as reading
from consultation.office.reading import queue as queues
from consultation.office.reading.asking import asked
from consultation.web import looking
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person

FORBIDDEN = 403


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def many(request: HttpRequest) -> HttpResponse:
    """What can be ticked; sent, the ticked ones to read once more; confirmed, decided."""
    if not queues.consultations_of(the_person(request)):
        raise Http404
    if refusal := rules.may_take_cases(the_person(request)).refusal:
        return _refused(request, str(refusal), status=refusal.status)
    if request.method != "POST":
        return _ticks(request)
    cases = reading.chosen(the_person(request), reading.ticked(request.POST.getlist("case")))
    if not cases:
        messages.error(request, _("Tick the cases that you would decide alike."))
        return _ticks(request, status=400)
    if len({case.consultation_id for case in cases}) > 1:
        messages.error(request, _("Tick cases of one consultation: each has a policy of its own."))
        return _ticks(request, status=400)
    form = ManyForm(reading.clauses(cases), request.POST if request.POST.get("do") == "decide" else None)
    if not form.is_valid():
        return _confirm(request, cases, form, status=400 if form.is_bound else 200)
    return _decide(request, cases, form)


def _ticks(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    wanted = asked(request)
    try:
        ticks = reading.page(request, the_person(request), wanted)
    except CursorRefused as error:
        return _refused(request, str(error), status=400)
    looking.at_subjects(request, [line.seen for line in ticks.lines])
    facts = {"ticks": ticks, "query": wanted.query}
    return render(request, "office/many.html", facts, status=status)


def _refused(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    facts = {
        "sentence": sentence,
        "queue_url": reverse("office:moderation"),
        "forbidden": status == FORBIDDEN,
    }
    return render(request, "office/refused.html", facts, status=status)


def _confirm(request: HttpRequest, cases: Any, form: ManyForm, *, status: int = 200) -> HttpResponse:
    lines = reading.lines(cases)
    looking.at_subjects(request, [line.seen for line in lines])
    facts = {"lines": lines, "form": form, "claim": request.POST.get("claim") or new_claim()}
    return render(request, "office/many_confirm.html", facts, status=status)


def _decide(request: HttpRequest, cases: Any, form: ManyForm) -> HttpResponse:
    revisions = reading.ticked(request.POST.getlist("case"))
    mine = {case.pk: revisions[case.pk] for case in cases}
    try:
        outcome = act(request, actions.decide_cases, revisions=mine, ruling=form.ruling())
    except Refusal as refusal:
        form.show(refusal)
        return _confirm(request, cases, form, status=refusal.status)
    titles = dict(zip(mine, (line.title for line in reading.lines(cases)), strict=True))
    refused = [
        (titles[each.case_id], _sentence(each.refusal))
        for each in outcome.value or []
        if isinstance(each, Undecided)
    ]
    for sentence in reading.summary(len(outcome.subjects), refused):
        messages.info(request, sentence)
    return SeeOther(request.get_full_path())


def _sentence(refusal: Refusal) -> str:
    """Why one was refused: what is wrong with a field, where it is about one."""
    said = [str(each) for sentences in refusal.errors.values() for each in sentences]
    return " ".join(said) or str(refusal)
