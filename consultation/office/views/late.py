"""Whom the secretariat admits after closing: given with a reason, ended, all on record."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultation.comments.actions import admit_late, end_late_admission
from consultation.kit.refusal import NotFound, Refusal, invalid
from consultation.office import naming
from consultation.office.late_forms import LateAdmissionForm
from consultation.office.reading import late as reading
from consultation.texts.models import Consultation
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def late(request: HttpRequest, slug: str) -> HttpResponse:
    """All admissions, and a form for one more once commenting is over."""
    consultation = reading.consultation(the_person(request), slug)
    if consultation is None:
        raise Http404
    if request.method != "POST":
        return _page(request, consultation, LateAdmissionForm(consultation.zone))
    if request.POST.get("do") == "end":
        return _end(request, consultation)
    form = LateAdmissionForm(consultation.zone, request.POST)
    try:
        return _admit(request, consultation, form)
    except Refusal as refusal:
        if form.is_valid():
            form.show(refusal)
        return _page(request, consultation, form, status=refusal.status)


def _admit(request: HttpRequest, consultation: Consultation, form: LateAdmissionForm) -> HttpResponse:
    if not form.is_valid():
        raise invalid()
    given = form.cleaned_data
    institution = naming.institution_called(given["institution"])
    act(
        request,
        admit_late,
        consultation_id=consultation.pk,
        institution_id=institution.pk,
        until=given["until"],
        reason=given["reason"],
    )
    name = institution.current.name if institution.current else institution.slug
    messages.success(request, _("%(name)s may comment late, and is told.") % {"name": name})
    return SeeOther(request.path)


def _end(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    admission = reading.admission(consultation, request.POST.get("admission", ""))
    if admission is None:
        raise Http404
    try:
        act(request, end_late_admission, admission_id=admission)
    except NotFound as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return _page(request, consultation, LateAdmissionForm(consultation.zone), status=refusal.status)
    messages.success(request, _("The admission is over. What was sent stays."))
    return SeeOther(request.path)


def _page(
    request: HttpRequest, consultation: Consultation, form: LateAdmissionForm, *, status: int = 200
) -> HttpResponse:
    desk = reading.desk(consultation, at=request.received_at)  # type: ignore[attr-defined]
    offered = naming.offered(get_language() or "en") if desk.closed else []
    facts = {"desk": desk, "form": form, "institutions": offered, "claim": new_claim()}
    return render(request, "office/late.html", facts, status=status)
