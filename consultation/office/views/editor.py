"""The secretariat's editor: principles, their order, drafts in each language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from consultation.kit.refusal import Refusal
from consultation.office.editor_forms import HeadingForm, NewForm, TextForm
from consultation.office.reading import editor as reading
from consultation.office.reading import presence
from consultation.office.reading.editor import Sheet
from consultation.texts import actions
from consultation.texts.drafts import Writing
from consultation.texts.models import Consultation
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person


def consultation_of(request: HttpRequest, slug: str) -> Consultation:
    """The consultation, for its secretariat; there is nothing here for anybody else."""
    found = reading.consultation(the_person(request), slug)
    if found is None:
        raise Http404
    return found


def writing_of(request: HttpRequest, slug: str, number: int) -> Writing:
    """One principle, for the secretariat of its consultation; there is nothing here for anybody else."""
    found = reading.principle(the_person(request), slug, number)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def principles(request: HttpRequest, slug: str) -> HttpResponse:
    """All principles; each may change places with its neighbour."""
    found = consultation_of(request, slug)
    if request.method == "POST":
        return _reorder(request, found)
    return _principles(request, found)


def _principles(request: HttpRequest, found: Consultation, *, status: int = 200) -> HttpResponse:
    facts = {"contents": reading.contents(found), "claim": new_claim()}
    return render(request, "office/principles.html", facts, status=status)


def _reorder(request: HttpRequest, found: Consultation) -> HttpResponse:
    orders = [request.POST.get(name, "").split() for name in ("to", "order")]
    if not orders[0] or not all(each.isdecimal() and len(each) < 10 for order in orders for each in order):
        raise Http404
    numbers, base = ([int(each) for each in order] for order in orders)
    try:
        act(request, actions.reorder_principles, consultation_id=found.pk, numbers=numbers, base=base)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return _principles(request, found, status=refusal.status)
    return SeeOther(request.path)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def new_principle(request: HttpRequest, slug: str) -> HttpResponse:
    """One more principle, as a draft in the authoritative language."""
    found = consultation_of(request, slug)
    if request.method != "POST":
        return _new(request, found, NewForm(found.authoritative))
    form = NewForm(found.authoritative, request.POST)
    if not form.is_valid() or request.POST.get("do") == "preview":
        return _new(request, found, form, status=400 if form.errors else 200)
    words = {name: form.cleaned_data[name] for name in ("title", "body")}
    headings = {found.authoritative: form.cleaned_data["heading"]}
    try:
        outcome = act(request, actions.add_principle, consultation_id=found.pk, headings=headings, **words)
    except Refusal as refusal:
        form.show(refusal)
        return _new(request, found, form, status=refusal.status)
    messages.success(request, _("The principle was added as a draft. Only the secretariat sees it."))
    number = reading.number_of(found, outcome.subjects)
    return SeeOther(reverse("office:principle", args=[slug, number]))


def _new(request: HttpRequest, found: Consultation, form: NewForm, *, status: int = 200) -> HttpResponse:
    facts = {
        "consultation": found,
        "language": found.authoritative,
        "form": form,
        "preview": reading.preview(
            reading.next_number(found), found.authoritative, form["body"].value() or ""
        ),
        "title": form["title"].value() or "",
        "number": reading.next_number(found),
        "claim": new_claim(),
    }
    return render(request, "office/principle_new.html", facts, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def principle(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One principle in one language: what is drafted, beside the authoritative text."""
    sheet = reading.sheet(writing_of(request, slug, number), request.GET.get("language", ""))
    if request.method != "POST":
        return _sheet(request, sheet)
    step = STEPS.get(request.POST.get("do", ""))
    if step is None:
        raise Http404
    return step(request, sheet)


def _sheet(
    request: HttpRequest, sheet: Sheet, form: TextForm | None = None, *, status: int = 200, **facts: Any
) -> HttpResponse:
    title, body = sheet.start
    text = form or TextForm(sheet.language, initial={"title": title, "body": body, "base": sheet.base})
    at = request.received_at  # type: ignore[attr-defined]
    context = {
        "sheet": sheet,
        "form": text,
        "heading": HeadingForm(sheet.language, initial={"heading": sheet.heading}),
        "others": presence.come(sheet.principle, sheet.language, the_person(request), at=at),
        "preview": reading.preview(sheet.principle.number, sheet.language, text["body"].value() or ""),
        "title": text["title"].value() or "",
        "number": sheet.principle.number,
        "discarding": sheet.drafted and "discard" in request.GET,
        "claim": new_claim(),
        **facts,
    }
    return render(request, "office/principle.html", context, status=status)


def _where(sheet: Sheet) -> dict[str, Any]:
    return {"consultation_id": sheet.consultation.pk, "number": sheet.principle.number}


def _save(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    form = TextForm(sheet.language, request.POST)
    if not form.is_valid():
        return _sheet(request, sheet, form, status=400)
    try:
        act(request, actions.draft_text, language=sheet.language, **_where(sheet), **form.cleaned_data)
    except Refusal as refusal:
        form.show(refusal)
        return _conflict(request, sheet, form, refusal)
    presence.leave(sheet.principle, sheet.language, the_person(request))
    messages.success(request, _("The draft is saved. Only the secretariat sees it."))
    return SeeOther(sheet.url)


def _conflict(request: HttpRequest, sheet: Sheet, form: TextForm, refusal: Refusal) -> HttpResponse:
    """Both texts, and what was typed: whoever saves again has seen what they replace."""
    facts: dict[str, Any] = {}
    if refusal.code == "draft-moved-on":
        now = reading.sheet(
            writing_of(request, sheet.consultation.slug, sheet.principle.number), sheet.language
        )
        mine = (form.cleaned_data["title"], form.cleaned_data["body"])
        facts = {"theirs": now.words, "differs": reading.redlines(now.words, mine)}
        form.now_from(now.base)
        sheet = now
    return _sheet(request, sheet, form, status=refusal.status, **facts)


def _preview(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    form = TextForm(sheet.language, request.POST)
    return _sheet(request, sheet, form, previewed=True, status=200 if form.is_valid() else 400)


def _discard(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    return _done(request, sheet, actions.discard_draft, _("The draft was discarded."))


def _confirm(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    said = _("This translation goes into the next version as it is.")
    return _done(request, sheet, actions.confirm_translation, said)


def _done(request: HttpRequest, sheet: Sheet, verb: Any, said: str) -> HttpResponse:
    try:
        act(request, verb, language=sheet.language, base=request.POST.get("base", ""), **_where(sheet))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return _sheet(request, sheet, status=refusal.status)
    messages.success(request, said)
    return SeeOther(sheet.url)


def _heading(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    form = HeadingForm(sheet.language, request.POST)
    if not form.is_valid():
        return _sheet(request, sheet, heading=form, status=400)
    try:
        headings = {sheet.language: form.cleaned_data["heading"]}
        act(request, actions.set_headings, headings=headings, **_where(sheet))
    except Refusal as refusal:
        form.show(refusal)
        return _sheet(request, sheet, heading=form, status=refusal.status)
    messages.success(request, _("The heading is changed."))
    return SeeOther(sheet.url)


def _remove(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    try:
        act(request, actions.remove_principle, **_where(sheet))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return _sheet(request, sheet, status=refusal.status)
    messages.success(request, _("The principle was removed. Nothing of it was public."))
    return SeeOther(reverse("office:principles", args=[sheet.consultation.slug]))


STEPS: dict[str, Callable[[HttpRequest, Sheet], HttpResponse]] = {
    "save": _save,
    "preview": _preview,
    "discard": _discard,
    "confirm": _confirm,
    "heading": _heading,
    "remove": _remove,
}


@require_POST
@never_cache
@signed_in
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The part of the page that shows what was typed as readers will see it; nothing is kept."""
    found = consultation_of(request, slug)
    asked, language = request.POST.get("number", ""), request.POST.get("language", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
    form = TextForm(language if language in found.languages else found.authoritative, request.POST)
    form.is_valid()
    others = _others(request, found, number, language)
    facts = {
        "preview": reading.preview(number, language, form["body"].value() or ""),
        "title": form["title"].value() or "",
        "number": number,
        "errors": [*form["title"].errors, *form["body"].errors],
        "others": others,
        # A principle that is not there yet has no place that says who else is at it.
        "live": others is not None,
    }
    return render(request, "office/_preview.html", facts)


def _others(
    request: HttpRequest, found: Consultation, number: int, language: str
) -> list[presence.Other] | None:
    writing = reading.principle(the_person(request), found.slug, number)
    if writing is None or language not in found.languages:
        return None
    at = request.received_at  # type: ignore[attr-defined]
    return presence.come(writing.principle, language, the_person(request), at=at)
