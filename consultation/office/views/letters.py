"""What came by letter: the secretariat records it, with the scan."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultation.endorsements.actions import record_letter
from consultation.kit import uploads
from consultation.kit.refusal import Refusal, invalid
from consultation.office import naming
from consultation.office.letter_forms import LetterForm
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, ConsultationRole
from consultation.web import position_rows
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person
from consultation.web.position_rows import Row


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def letter(request: HttpRequest, slug: str) -> HttpResponse:
    """Positions that an institution took on paper, each on the current version of its principle."""
    found = texts.consultations_with_role(the_person(request), ConsultationRole.Role.SECRETARIAT)
    consultation = found.filter(slug=slug, published_at__isnull=False).prefetch_related("rounds").first()
    if consultation is None:
        raise Http404
    rows = position_rows.fresh(consultation, get_language() or consultation.authoritative, {})
    for row in rows:
        row.ticked = False
    if request.method != "POST":
        start = {"institution": request.GET.get("institution", ""), "language": get_language()}
        return _page(request, consultation, LetterForm(initial=start), rows)
    position_rows.sent(rows, request.POST)
    form = LetterForm(request.POST, request.FILES)
    try:
        return _record(request, consultation, form, rows)
    except Refusal as refusal:
        position_rows.put(refusal, rows)
        if form.is_valid():
            form.show(refusal)
        return _page(request, consultation, form, rows, status=refusal.status)


def _record(
    request: HttpRequest, consultation: Consultation, form: LetterForm, rows: Sequence[Row]
) -> HttpResponse:
    if not form.is_valid() or position_rows.numbers_beyond(rows, request.POST):
        raise invalid()
    if any(row.changed for row in rows):
        raise Refusal(
            "version-not-current", _("The text changed meanwhile. Read the current version and decide anew.")
        )
    given = dict(form.cleaned_data)
    institution = naming.institution_called(given.pop("institution"))
    act(
        request,
        record_letter,
        consultation_id=consultation.pk,
        institution_id=institution.pk,
        choices=[row.choice() for row in rows if row.ticked],
        letter=uploads.keep_pdf(given.pop("letter")),
        **given,
    )
    name = institution.current.name if institution.current else institution.slug
    messages.success(request, _("Recorded for %(name)s. It is told, and can contest it.") % {"name": name})
    return SeeOther(request.path)


def _page(
    request: HttpRequest,
    consultation: Consultation,
    form: LetterForm,
    rows: Sequence[Row],
    *,
    status: int = 200,
) -> HttpResponse:
    facts = {
        "consultation": consultation,
        "title": consultation.title(get_language() or consultation.authoritative),
        "form": form,
        "institutions": naming.offered(get_language() or "en"),
        "sheet": {"rows": rows},
        "claim": request.POST.get("claim") or new_claim(),
    }
    return render(request, "office/letter.html", facts, status=status)
