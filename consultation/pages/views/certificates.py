"""The certificate of an institution's positions: its page, where it is checked too, and the PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts import queries as accounts
from accounts.models import Institution
from consultation.pages import certificate_print
from consultation.pages.answers import in_consultation, kept_while_unchanged
from consultation.pages.reading import certificate as reading
from consultation.pages.reading.discussion import asked
from consultation.texts.models import Consultation
from consultation.web.acts import person_of


@require_safe
@in_consultation
@kept_while_unchanged
def certificate(request: HttpRequest, found: Consultation, institution: str) -> HttpResponse:
    """What the institution's positions are now; with `?code=` also what the record says of a certificate."""
    one = accounts.public().filter(slug=institution).first()
    if one is None:
        return _moved(request, found, institution)
    language = get_language() or found.authoritative
    facts = reading.page(found, one, asked(request.GET, "code"), language)
    return render(request, "pages/certificate.html", {"consultation": found, "institution": one, **facts})


def _moved(request: HttpRequest, found: Consultation, slug: str) -> HttpResponse:
    at = request.received_at  # type: ignore[attr-defined]
    kept: Institution | None = accounts.moved_to(slug, person_of(request), at=at)
    if kept is None:
        raise Http404
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return HttpResponsePermanentRedirect(reverse("pages:certificate", args=[found.slug, kept.slug]) + query)


@require_safe
@in_consultation
@kept_while_unchanged
def certificate_pdf(request: HttpRequest, found: Consultation, institution: str) -> HttpResponse:
    """The certificate in print, in the page's language; 404 where there is no position in effect."""
    one = accounts.public().filter(slug=institution).first()
    told = reading.printing(found, one, get_language() or found.authoritative) if one else None
    if told is None:
        raise Http404
    response = HttpResponse(certificate_print.make(told), content_type="application/pdf")
    name = f"{institution}-{found.slug}.pdf"
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return response
