"""What an author's side does about a decision: appeal against it, or answer a suggested correction."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consultation.comments import actions as comments
from consultation.kit.refusal import NotFound, Refusal
from consultation.moderation import actions
from consultation.pages.answers import in_consultation
from consultation.pages.appeal_forms import AppealForm
from consultation.pages.reading import cards, reasons
from consultation.pages.reading import comment as reading
from consultation.pages.reading.reasons import Statement
from consultation.texts.models import Consultation
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def appeal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The statement of reasons, and the appeal: possible, made, or decided."""
    at = request.received_at  # type: ignore[attr-defined]
    found = reasons.statement(the_person(request), pk, at=at)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, found, AppealForm())
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        act(request, actions.appeal_decision, case_id=pk, grounds=form.cleaned_data["grounds"])
    except Refusal as refusal:
        form.show(refusal)
        return _page(request, found, form, status=refusal.status)
    messages.success(request, _("Your appeal has arrived. Another moderator decides, and you are told."))
    return SeeOther(request.path)


def _page(request: HttpRequest, found: Statement, form: AppealForm, *, status: int = 200) -> HttpResponse:
    facts = {
        "consultation": found.case.consultation,
        "statement": found,
        "form": form,
        "claim": request.POST.get("claim") or new_claim(),
    }
    return render(request, "pages/appeal.html", facts, status=status)


@require_POST
@in_consultation
@signed_in
def answer_correction(request: HttpRequest, found: Consultation, reference: str) -> HttpResponse:
    """The author's yes or no to a moderator's small correction."""
    seen = reading.visible(request, found, reference)
    if seen is None:
        raise NotFound
    accept = request.POST.get("answer") == "accept"
    try:
        act(request, comments.answer_correction, comment_id=seen.pk, accept=accept)
    except Refusal as refusal:
        if refusal.code == "not-found":
            raise
        messages.error(request, str(refusal))
        return SeeOther(cards.url(seen))
    words = _("%(reference)s is public with the correction.") if accept else _("The correction was declined.")
    messages.success(request, words % {"reference": seen.reference} if accept else words)
    return SeeOther(cards.url(seen))
