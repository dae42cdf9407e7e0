"""Many positions under one signature: filled in, looked over, signed; and what changed re-affirmed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultation.endorsements import actions, rules
from consultation.endorsements import queries as endorsements
from consultation.endorsements.actions.choosing import checked
from consultation.endorsements.models import Endorsement, EndorsementState
from consultation.kit.refusal import Refusal, invalid
from consultation.pages.answers import done_before, in_consultation
from consultation.pages.forms import SheetForm
from consultation.pages.reading import signing_sheet as reading
from consultation.pages.reading.signing_sheet import Sheet
from consultation.texts import queries as texts
from consultation.texts.models import Consultation
from consultation.web import factor, position_rows
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person

either = require_http_methods(["GET", "HEAD", "POST"])


@either
@in_consultation
@signed_in
def endorse_all(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The whole text on one sheet: each principle by itself, or all of them, under one signature."""
    return _answer(request, reading.whole(request, found), "pages/endorse_all.html")


@either
@in_consultation
@signed_in
def reaffirm(request: HttpRequest, found: Consultation) -> HttpResponse:
    """What was signed for earlier texts, with what changed since: ticked, looked over, signed."""
    return _answer(request, reading.reaffirming(request, found), "pages/reaffirm.html")


def _answer(request: HttpRequest, sheet: Sheet, template: str) -> HttpResponse:
    if not sheet.institutions:
        return render(request, "pages/no_hat.html", {"consultation": sheet.consultation}, status=403)
    if request.method != "POST":
        form = sheet.form(initial={"language": get_language()})
        return _page(request, sheet, template, form, claim=new_claim())
    if sheet.institution is None:
        raise Refusal("no-mandate", _("You have no mandate to endorse for this institution."))
    form = sheet.form(request.POST)
    done = request.POST.get("do", "")
    try:
        if done == "sign" and done_before(request):
            return _sign(request, sheet, form)
        if done == "change":
            claim = request.POST.get("claim", "")
            return _page(request, sheet, template, sheet.form(initial=request.POST.dict()), claim=claim)
        _check(request, sheet, form)
        return _sign(request, sheet, form) if done == "sign" else _look(request, sheet, form)
    except Refusal as refusal:
        if refusal.code == "not-found":
            raise
        return _again(request, sheet, template, form, refusal)


def _page(
    request: HttpRequest, sheet: Sheet, template: str, form: SheetForm, *, claim: str, status: int = 200
) -> HttpResponse:
    facts = {"consultation": sheet.consultation, "sheet": sheet, "form": form, "claim": claim}
    return render(request, template, facts, status=status)


def _again(
    request: HttpRequest, sheet: Sheet, template: str, form: SheetForm, refusal: Refusal
) -> HttpResponse:
    position_rows.put(refusal, sheet.rows)
    if form.is_valid():
        form.show(refusal)
    claim = new_claim() if refusal.code == "key-reused" else request.POST.get("claim", "")
    return _page(request, sheet, template, form, claim=claim, status=refusal.status)


def _check(request: HttpRequest, sheet: Sheet, form: SheetForm) -> None:
    """Raise what signing would refuse: everything is said before the sheet is looked over."""
    person, at = the_person(request), request.received_at  # type: ignore[attr-defined]
    assert sheet.institution is not None
    if not form.is_valid():
        raise invalid()
    rules.may_take_position(person, sheet.consultation, sheet.institution, at=at).require()
    if position_rows.numbers_beyond(sheet.rows, request.POST):
        if sheet.reaffirming:
            raise Refusal("not-live", _("This position was replaced or withdrawn already."))
        raise invalid(principle=_("This text has no principle with that number."))
    if any(row.changed for row in sheet.rows):
        raise Refusal(
            "version-not-current", _("The text changed meanwhile. Read the current version and decide anew.")
        )
    checked([row.choice() for row in sheet.ticked], form.cleaned_data["language"])


def _look(request: HttpRequest, sheet: Sheet, form: SheetForm) -> HttpResponse:
    """What is about to be signed, in words, with the full texts."""
    given = form.cleaned_data
    licence_is_new = sheet.has_statements and not texts.has_accepted_licence(
        the_person(request), sheet.consultation
    )
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", "do")
    ]
    facts = {
        "consultation": sheet.consultation,
        "sheet": sheet,
        "office": given.get("office", ""),
        "name_shown": given.get("name_shown", False),
        "statement_language": given["language"],
        "licence_is_new": licence_is_new,
        "carried": carried,
    }
    return render(request, "pages/sign_all.html", facts)


def _sign(request: HttpRequest, sheet: Sheet, form: SheetForm) -> HttpResponse:
    assert sheet.institution is not None
    person = the_person(request)
    if sheet.signs and not factor.shown(request, person):
        return factor.ask(request, person)
    if not form.is_valid():
        raise invalid()
    given = form.cleaned_data
    outcome = act(
        request,
        actions.take_positions,
        consultation_id=sheet.consultation.pk,
        institution_id=sheet.institution.pk,
        choices=[row.choice() for row in sheet.ticked],
        language=given["language"],
        office=given.get("office", ""),
        name_shown=given.get("name_shown", False),
    )
    keys = [UUID(key) for _label, key in outcome.subjects]
    rows = list(
        endorsements.with_rows(endorsements.of_institutions([sheet.institution.pk])).filter(pk__in=keys)
    )
    messages.success(request, told(rows, sheet.institution))
    return SeeOther(reverse("pages:own_positions", args=[sheet.consultation.slug, sheet.institution.slug]))


def told(rows: list[Endorsement], institution: Any) -> str:
    """What came of signing these, in one sentence."""
    name = institution.current.name if institution.current else institution.slug
    states = {each.state for each in rows}
    if EndorsementState.PROPOSED in states:
        sentence = _("Proposed for %(name)s: a signatory has to sign.")
    elif EndorsementState.HALF_SIGNED in states:
        sentence = _("Signed by you for %(name)s. Somebody else has to sign too.")
    elif any(not each.released for each in rows):
        sentence = _("Signed for %(name)s. Statements count once a moderator has read them.")
    elif any(each.effective_at is None for each in rows):
        sentence = _("Signed for %(name)s. It counts once the institution is verified.")
    else:
        sentence = _("Signed for %(name)s, and counted.")
    return sentence % {"name": name}
