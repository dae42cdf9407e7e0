"""Comments that say the same: merged after a look, and separated again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultation.comments.actions import merge_comments, separate_comment
from consultation.kit.refusal import NotFound, Refusal, invalid
from consultation.office.merging_forms import MergingForm
from consultation.office.reading import merging as reading
from consultation.texts.models import Consultation
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def merging(request: HttpRequest, slug: str) -> HttpResponse:
    """Which comment stands for which others, and a form for more."""
    consultation = reading.consultation(the_person(request), slug)
    if consultation is None:
        raise Http404
    kept = (request.POST if request.method == "POST" else request.GET).get("kept", "")
    alike = reading.alike(consultation, kept)
    if request.method != "POST":
        return _page(request, consultation, MergingForm(alike, initial={"kept": kept}))
    try:
        if request.POST.get("do") == "separate":
            return _separate(request, consultation)
        return _merge(request, consultation, MergingForm(alike, request.POST))
    except NotFound as refusal:
        raise Http404 from refusal


def _merge(request: HttpRequest, consultation: Consultation, form: MergingForm) -> HttpResponse:
    try:
        return _merged(request, consultation, form)
    except Refusal as refusal:
        if form.is_valid():
            form.show(refusal)
        return _page(request, consultation, form, status=refusal.status)


def _merged(request: HttpRequest, consultation: Consultation, form: MergingForm) -> HttpResponse:
    if not form.is_valid():
        raise invalid()
    [kept] = reading.public(consultation, [form.cleaned_data["kept"]], "kept")
    others = reading.public(consultation, form.named(), "references")
    if request.POST.get("do") != "merge" and others:
        return _page(request, consultation, form, look=reading.looked_over(kept, others))
    act(request, merge_comments, comment_id=kept.pk, merged_ids=[each.pk for each in others])
    messages.success(request, _("%(reference)s stands for the others now.") % {"reference": kept.reference})
    return SeeOther(request.path)


def _separate(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    comment = reading.called(consultation, reference := request.POST.get("reference", ""))
    if comment is None:
        raise NotFound
    try:
        act(request, separate_comment, comment_id=comment.pk)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return _page(request, consultation, MergingForm([]), status=refusal.status)
    messages.success(request, _("%(reference)s stands for itself again.") % {"reference": reference})
    return SeeOther(request.path)


def _page(
    request: HttpRequest,
    consultation: Consultation,
    form: MergingForm,
    *,
    look: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    facts = {"desk": reading.desk(consultation), "form": form, "look": look, "claim": new_claim()}
    return render(request, "office/merging.html", facts, status=status)
