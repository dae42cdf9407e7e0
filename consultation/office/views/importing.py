"""A text from files: what it would change is shown, and becomes drafts once that was confirmed."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consultation.kit.refusal import Refusal
from consultation.office.importing_forms import ImportForm
from consultation.office.reading import importing as reading
from consultation.office.views.editor import consultation_of
from consultation.texts import actions, importing
from consultation.texts.models import Consultation
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def import_text(request: HttpRequest, slug: str) -> HttpResponse:
    """A ZIP or one language's Markdown file is chosen, looked over, and written as drafts."""
    found = consultation_of(request, slug)
    if request.method != "POST":
        return _page(request, found, ImportForm())
    if request.POST.get("do") == "import":
        return _import(request, found)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    upload = form.cleaned_data["file"]
    return _looked_over(request, found, upload.name or "", upload.read())


def _page(request: HttpRequest, found: Consultation, form: ImportForm, *, status: int = 200) -> HttpResponse:
    return render(request, "office/import.html", {"consultation": found, "form": form}, status=status)


def _looked_over(
    request: HttpRequest, found: Consultation, name: str, content: bytes, *, status: int = 200, **facts: Any
) -> HttpResponse:
    """What the files would change; they travel along in the form, so that nothing is kept before."""
    context = {
        "consultation": found,
        "preview": reading.preview(found, name, content),
        "name": name,
        "kept": base64.b64encode(content).decode(),
        "claim": new_claim(),
        **facts,
    }
    return render(request, "office/import_preview.html", context, status=status)


def _import(request: HttpRequest, found: Consultation) -> HttpResponse:
    name = request.POST.get("name", "")
    try:
        content = base64.b64decode(request.POST.get("kept", ""), validate=True)
    except binascii.Error:
        return _page(request, found, ImportForm({}), status=400)
    editions, _problems = importing.editions(name, content)
    try:
        outcome = act(
            request,
            actions.import_drafts,
            consultation_id=found.pk,
            editions=editions,
            base=request.POST.get("base", ""),
        )
    except Refusal as refusal:
        return _looked_over(request, found, name, content, status=refusal.status, refusal=refusal)
    number = len(outcome.subjects)
    said = ngettext(
        "The draft of %(number)d principle was written. Only the secretariat sees it.",
        "The drafts of %(number)d principles were written. Only the secretariat sees them.",
        number,
    )
    messages.success(request, said % {"number": number})
    return SeeOther(reverse("office:principles", args=[found.slug]))
