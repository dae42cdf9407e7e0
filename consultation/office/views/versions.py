"""Publishing the draft of a principle, and withdrawing one: what it will do is shown before it is done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consultation.kit.refusal import Refusal
from consultation.office.editor_forms import VersionForm, WithdrawForm
from consultation.office.reading import editor as reading
from consultation.office.views.editor import writing_of
from consultation.standing import actions, effects
from consultation.texts import rules
from consultation.texts.actions import add_translations
from consultation.texts.actions.drafting import moved_on
from consultation.texts.drafts import Writing
from consultation.texts.models import Change
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def publish(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What the draft changes, which kind of change it is, what that will do; then it is done."""
    writing = writing_of(request, slug, number)
    if request.method != "POST":
        return _version(request, writing, _form(writing))
    if request.POST.get("do") == "translate":
        return _translate(request, writing)
    form = _form(writing, request.POST)
    if not form.is_valid():
        return _version(request, writing, form, status=400)
    if request.POST.get("do") == "edit":
        return _version(request, writing, form)
    try:
        if request.POST.get("do") == "publish":
            return _publish(request, writing, form)
        return _look(request, writing, form)
    except Refusal as refusal:
        form.show(refusal)
        # What was looked over is shown anew, as it stands now.
        now = writing_of(request, slug, number)
        form.now_from(now.token)
        return _version(request, now, form, status=refusal.status)


def _form(writing: Writing, data: Any = None) -> VersionForm:
    behind = [(each.code, each.name) for each in reading.left_behind(writing)]
    return VersionForm(
        reading.notes(writing.principle.consultation).names,
        behind,
        first=writing.principle.current is None,
        data=data,
        initial={"base": writing.token},
    )


def _version(
    request: HttpRequest, writing: Writing, form: VersionForm, *, status: int = 200, **facts: Any
) -> HttpResponse:
    principle = writing.principle
    at = request.received_at  # type: ignore[attr-defined]
    published = rules.has_been_published(principle.consultation)
    context = {
        "writing": writing,
        "principle": principle,
        "consultation": principle.consultation,
        "changes": reading.changes(writing, {**writing.current, **writing.drafted}),
        "effects": effects.of(principle, at=at),
        "hindered": (published and rules.may_edit(None, principle)).refusal,
        "next": (principle.current.number if principle.current else 0) + 1,
        "form": form,
        "claim": new_claim(),
        **facts,
    }
    return render(request, "office/principle_publish.html", context, status=status)


def _fields(form: VersionForm) -> dict[str, Any]:
    given = form.cleaned_data
    return {
        "change": given.get("change") or Change.SUBSTANTIVE.value,
        "notes": form.words(),
        "carried": given.get("carried") or [],
        "base": given["base"],
    }


def _look(request: HttpRequest, writing: Writing, form: VersionForm) -> HttpResponse:
    given = _fields(form)
    if given["base"] != writing.token:
        raise moved_on()
    after = writing.outcome(given["carried"])
    rules.may_become(writing, after).require()
    look = {**given, "handed_on": list(form.hand_on()), "languages": len(after)}
    return _version(request, writing, form, look=look)


def _publish(request: HttpRequest, writing: Writing, form: VersionForm) -> HttpResponse:
    place = {"consultation_id": writing.principle.consultation_id, "number": writing.principle.number}
    act(request, actions.publish_draft, **place, **_fields(form))
    messages.success(request, _("The new version is published. Those whose positions stand on it are told."))
    return SeeOther(_address(writing))


def _translate(request: HttpRequest, writing: Writing) -> HttpResponse:
    place = {"consultation_id": writing.principle.consultation_id, "number": writing.principle.number}
    try:
        act(request, add_translations, base=request.POST.get("base", ""), **place)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        now = writing_of(request, writing.principle.consultation.slug, writing.principle.number)
        return _version(request, now, _form(now), status=refusal.status)
    messages.success(request, _("The translations are published with the current text."))
    return SeeOther(_address(writing))


def _address(writing: Writing) -> str:
    return reverse("office:principle", args=[writing.principle.consultation.slug, writing.principle.number])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Why a principle is withdrawn, what that will do; then it is done."""
    writing = writing_of(request, slug, number)
    names = reading.notes(writing.principle.consultation).names
    if request.method != "POST":
        return _withdrawal(request, writing, WithdrawForm(names))
    form = WithdrawForm(names, request.POST)
    if not form.is_valid():
        return _withdrawal(request, writing, form, status=400)
    if request.POST.get("do") == "edit":
        return _withdrawal(request, writing, form)
    if request.POST.get("do") != "withdraw":
        look = {"reasons": form.words(), "handed_on": list(form.hand_on())}
        return _withdrawal(request, writing, form, look=look)
    place = {"consultation_id": writing.principle.consultation_id, "number": number}
    try:
        act(request, actions.withdraw_principle, reasons=form.words(), **place)
    except Refusal as refusal:
        form.show(refusal)
        return _withdrawal(request, writing, form, status=refusal.status)
    messages.success(request, _("The principle is withdrawn. Those whose positions stood on it are told."))
    return SeeOther(reverse("office:principles", args=[slug]))


def _withdrawal(
    request: HttpRequest, writing: Writing, form: WithdrawForm, *, status: int = 200, **facts: Any
) -> HttpResponse:
    principle = writing.principle
    context = {
        "writing": writing,
        "principle": principle,
        "consultation": principle.consultation,
        "effects": effects.of(principle, at=request.received_at),  # type: ignore[attr-defined]
        "hindered": rules.may_withdraw_principle(None, principle).refusal,
        "form": form,
        "claim": new_claim(),
        **facts,
    }
    return render(request, "office/principle_withdraw.html", context, status=status)
