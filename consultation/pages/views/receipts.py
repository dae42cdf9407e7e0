"""The receipt of a comment, for its institution: by page, and as the bytes that were hashed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consultation.comments.models import Comment
from consultation.pages.answers import in_consultation
from consultation.pages.reading import receipts as reading
from consultation.texts.models import Consultation
from consultation.web.answers import signed_in


@require_safe
@in_consultation
@signed_in
def receipt(request: HttpRequest, found: Consultation, reference: str) -> HttpResponse:
    """Reference, exact times and hashes of what was received."""
    return render(request, "pages/receipt.html", reading.page(_own(request, found, reference)))


@require_safe
@in_consultation
@signed_in
def words(request: HttpRequest, found: Consultation, reference: str, number: int) -> HttpResponse:
    """The words of one revision in the form that was hashed (RFC 8785)."""
    comment = _own(request, found, reference)
    content = reading.received(comment, number)
    if content is None:
        raise Http404
    name = f"{comment.reference}-{number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/json", headers=headers)


def _own(request: HttpRequest, found: Consultation, reference: str) -> Comment:
    comment = reading.own(request, found, reference)
    if comment is None:
        raise Http404
    return comment
