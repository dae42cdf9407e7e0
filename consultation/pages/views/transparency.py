"""Moderation in figures, for everybody: as a page and as a table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consultation.kit.sheets import as_csv
from consultation.pages.answers import in_consultation
from consultation.pages.reading import transparency as reading
from consultation.texts.models import Consultation


@require_safe
@in_consultation
def transparency(request: HttpRequest, found: Consultation) -> HttpResponse:
    """What came and what was decided, by month, clause, country and language."""
    facts = reading.page(found, get_language() or found.authoritative)
    return render(request, "pages/transparency.html", {"consultation": found, **facts})


@require_safe
@in_consultation
def transparency_csv(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The same figures, one a line."""
    content = b"".join(as_csv(reading.COLUMNS, reading.rows(found)))
    name = f"transparency-{found.slug}.csv"
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
