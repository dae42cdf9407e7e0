"""The signals of a consultation: what speaks up at a contribution, switched by its secretariat."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultation.kit.refusal import Refusal
from consultation.moderation import queries as moderation
from consultation.moderation.actions import switch_signals
from consultation.office.signal_forms import SignalsForm
from consultation.office.views.preparing import for_its_secretariat
from consultation.texts.models import Consultation
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim


@require_http_methods(["GET", "HEAD", "POST"])
@for_its_secretariat
def signals(request: HttpRequest, found: Consultation) -> HttpResponse:
    """Which signals look at what comes; sent, they are switched."""
    if request.method != "POST":
        return _page(request, found, SignalsForm.of(moderation.signals_off(found)))
    form = SignalsForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        act(request, switch_signals, consultation_id=found.pk, on=form.switched())
    except Refusal as refusal:
        form.show(refusal)
        return _page(request, found, form, status=refusal.status)
    messages.success(request, _("The signals are kept."))
    return SeeOther(request.path)


def _page(request: HttpRequest, found: Consultation, form: SignalsForm, *, status: int = 200) -> HttpResponse:
    facts = {
        "signalled": found,
        "title": found.title(get_language() or found.authoritative),
        "form": form,
        "claim": request.POST.get("claim") or new_claim(),
    }
    return render(request, "office/signals.html", facts, status=status)
