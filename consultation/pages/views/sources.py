"""The whole text as the files that it can be loaded from."""

from __future__ import annotations

import hashlib
import io

from django.core.files.base import File
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from consultation.pages.answers import in_consultation
from consultation.texts import export
from consultation.texts.models import Consultation
from consultation.web import downloads


@require_safe
@in_consultation
def text_source(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The current published text as a ZIP: its facts, and one Markdown file for each language."""
    data = export.archive(found)
    return downloads.send(  # type: ignore[return-value]
        request,
        File(io.BytesIO(data), "source.zip"),
        name=f"{found.slug}-text.zip",
        media_type="application/zip",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )
