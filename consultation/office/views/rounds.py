"""The rounds of one consultation: added, changed, removed, extended; what can't be undone is asked twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultation.kit.refusal import NotFound, Refusal
from consultation.office.reading import rounds as reading
from consultation.office.reading.rounds import RoundsDesk, Row
from consultation.office.rounds_forms import ExtensionForm, RoundForm, initial_of
from consultation.standing.actions import extend_round
from consultation.texts.actions import add_round, change_round, remove_round
from consultation.texts.rules import may_extend
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person


def _desk(request: HttpRequest, slug: str) -> RoundsDesk:
    found = reading.desk(the_person(request), slug, at=request.received_at)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rounds(request: HttpRequest, slug: str) -> HttpResponse:
    """All rounds, and a form for one more."""
    desk = _desk(request, slug)
    if request.method != "POST":
        return _rounds(request, desk, RoundForm(desk.consultation.zone, desk.codes))
    form = RoundForm(desk.consultation.zone, desk.codes, request.POST)
    if not form.is_valid():
        return _rounds(request, desk, form, status=400)
    try:
        act(request, add_round, consultation_id=desk.consultation.pk, plan=form.plan())
    except Refusal as refusal:
        form.show(refusal)
        return _rounds(request, desk, form, status=refusal.status)
    messages.success(request, _("The round was added."))
    return SeeOther(desk.url)


def _rounds(request: HttpRequest, desk: RoundsDesk, form: RoundForm, *, status: int = 200) -> HttpResponse:
    facts = {"desk": desk, "form": form, "claim": new_claim()}
    return render(request, "office/rounds.html", facts, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def round_(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One round: changed or removed until it opens, extended from then on."""
    desk = _desk(request, slug)
    row = desk.row(number)
    if request.method != "POST":
        if row is None:
            raise Http404
        return _round(request, desk, row, removing="remove" in request.GET)
    step = STEPS.get(request.POST.get("do", ""))
    if row is None and step is not _remove:
        raise Http404
    try:
        return (step or _nothing)(request, desk, row)
    except NotFound as refusal:
        raise Http404 from refusal


def _round(
    request: HttpRequest, desk: RoundsDesk, row: Row, form: Any = None, *, status: int = 200, **facts: Any
) -> HttpResponse:
    context = {"desk": desk, "row": row, "form": form or _form(desk, row), "claim": new_claim(), **facts}
    return render(request, "office/round.html", context, status=status)


def _form(desk: RoundsDesk, row: Row, data: Any = None) -> RoundForm | ExtensionForm:
    """The form that fits: a round that has opened is extended, any other one changed."""
    found = desk.consultation
    if row.opened:
        return ExtensionForm(found.zone, found.languages, found.authoritative, data)
    return RoundForm(found.zone, desk.codes, data, initial=initial_of(row.round))


def _nothing(request: HttpRequest, desk: RoundsDesk, row: Row | None) -> HttpResponse:
    raise NotFound


def _change(request: HttpRequest, desk: RoundsDesk, row: Row) -> HttpResponse:
    found = desk.consultation
    form = RoundForm(found.zone, desk.codes, request.POST)
    if not form.is_valid():
        return _round(request, desk, row, form, status=400)
    try:
        act(request, change_round, round_id=row.round.pk, plan=form.plan())
    except Refusal as refusal:
        return _refused(request, desk, row, form, refusal)
    messages.success(request, _("The round was changed."))
    return SeeOther(desk.url)


def _remove(request: HttpRequest, desk: RoundsDesk, row: Row | None) -> HttpResponse:
    key = request.POST.get("round", "")
    try:
        act(request, remove_round, round_id=int(key) if key.isdecimal() and len(key) < 19 else 0)
    except NotFound:
        raise
    except Refusal as refusal:
        if row is None:
            raise NotFound from refusal
        messages.warning(request, str(refusal))
        return _round(request, desk, row, status=refusal.status)
    messages.success(request, _("The round was removed."))
    return SeeOther(desk.url)


def _extension(request: HttpRequest, desk: RoundsDesk) -> ExtensionForm:
    found = desk.consultation
    return ExtensionForm(found.zone, found.languages, found.authoritative, request.POST)


def _look(request: HttpRequest, desk: RoundsDesk, row: Row) -> HttpResponse:
    """What the extension will do, before it is done."""
    form, at = _extension(request, desk), request.received_at  # type: ignore[attr-defined]
    if not form.is_valid():
        return _round(request, desk, row, form, status=400)
    until = form.cleaned_data["closes_at"]
    try:
        may_extend(row.round, until, at=at).require()
    except Refusal as refusal:
        return _refused(request, desk, row, form, refusal)
    look = {
        "until": until,
        "reasons": form.words(),
        "carried": list(form.carried()),
        "people": reading.told_of_extension(desk.consultation, at=at),
    }
    return _round(request, desk, row, form, look=look)


def _extend(request: HttpRequest, desk: RoundsDesk, row: Row) -> HttpResponse:
    form = _extension(request, desk)
    if not form.is_valid():
        return _round(request, desk, row, form, status=400)
    until = form.cleaned_data["closes_at"]
    try:
        act(request, extend_round, round_id=row.round.pk, closes_at=until, reasons=form.words())
    except Refusal as refusal:
        return _refused(request, desk, row, form, refusal)
    messages.success(request, _("The round was extended. Everybody who takes part is told."))
    return SeeOther(row.url)


def _again(request: HttpRequest, desk: RoundsDesk, row: Row) -> HttpResponse:
    """Back from the look to the form, with everything typed."""
    return _round(request, desk, row, _extension(request, desk))


def _refused(request: HttpRequest, desk: RoundsDesk, row: Row, form: Any, refusal: Refusal) -> HttpResponse:
    if isinstance(refusal, NotFound):
        raise refusal
    form.show(refusal)
    return _round(request, desk, row, form, status=refusal.status)


STEPS: dict[str, Callable[[HttpRequest, RoundsDesk, Any], HttpResponse]] = {
    "change": _change,
    "remove": _remove,
    "look": _look,
    "extend": _extend,
    "edit": _again,
}
