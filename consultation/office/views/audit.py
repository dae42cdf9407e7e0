"""What was done and what was read in a consultation, for its secretariat."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consultation.kit.keyset import CursorRefused
from consultation.kit.sheets import as_csv
from consultation.office.reading import audit as reading
from consultation.office.views.preparing import for_its_secretariat
from consultation.texts.models import Consultation

LOOKS = "looks"


@require_safe
@for_its_secretariat
def audit(request: HttpRequest, found: Consultation) -> HttpResponse:
    """Every act on record; with `?show=looks` every look at words that are not public."""
    looks = request.GET.get("show") == LOOKS
    try:
        listing = reading.listing(request, found, looks=looks)
    except CursorRefused as error:
        queue = reverse("office:secretariat_audit", args=[found.slug])
        return render(
            request, "office/refused.html", {"sentence": str(error), "queue_url": queue}, status=400
        )
    facts = {
        "audited": found,
        "title": found.title(get_language() or found.authoritative),
        "listing": listing,
        "looks": looks,
    }
    return render(request, "office/audit.html", facts)


@require_safe
@for_its_secretariat
def audit_csv(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The same as a table, all of it."""
    looks = request.GET.get("show") == LOOKS
    columns = reading.LOOK_COLUMNS if looks else reading.ACT_COLUMNS
    rows = reading.look_rows(found) if looks else reading.act_rows(found)
    name = f"audit-{LOOKS if looks else 'acts'}-{found.slug}.csv"
    return HttpResponse(
        b"".join(as_csv(columns, rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
