"""The whole text as a file, and how all files of texts are sent."""

from __future__ import annotations

import hashlib
import io

from django.core.files.base import File
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultation.kit import languages
from consultation.kit.refusal import Refusal
from consultation.pages.answers import in_consultation
from consultation.texts import states
from consultation.texts.formats import composing, keeping
from consultation.texts.formats.document import Document
from consultation.texts.models import Consultation
from consultation.web import downloads, limits
from consultation.web.acts import person_of

# Files that are made anew for one visitor's address in an hour; those made before are always served.
MADE_AN_HOUR = 60


@require_safe
@in_consultation
def text_file(request: HttpRequest, found: Consultation, language: str, form: str) -> HttpResponse:
    """The whole text in one of its languages, as it stands now, to download."""
    code = next(
        (each for each in found.languages if languages.html_lang(each) == languages.html_lang(language)), None
    )
    history = states.history(found)
    if code is None or not history.moments():
        raise Http404
    at = request.received_at  # type: ignore[attr-defined]
    document = composing.text(history, history.at(at), code)
    if not keeping.is_kept(keeping.place(document, form)):
        _count(request)
    return _send(request, keeping.kept(document, form), f"{found.slug}-{languages.html_lang(code)}.{form}")


def send_changes(request: HttpRequest, document: Document, name: str) -> HttpResponse:
    """What changed, as a Word file made for this request. Raises Refusal."""
    _count(request)
    return _send(request, keeping.made(document, "docx"), f"{name}.docx")


def _send(request: HttpRequest, data: bytes, name: str) -> HttpResponse:
    return downloads.send(  # type: ignore[return-value]
        request,
        File(io.BytesIO(data), name),
        name=name,
        media_type=keeping.MEDIA_TYPES[name.rpartition(".")[2]],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _count(request: HttpRequest) -> None:
    """Visitors may have so many files made in an hour. Raises Refusal `too-many`."""
    if person_of(request) is not None:
        return
    at = request.received_at  # type: ignore[attr-defined]
    seconds = limits.wait(
        "text-files", limits.visitor(request), most=MADE_AN_HOUR, seconds=limits.HOUR, at=at
    )
    if seconds is not None:
        sentence = _("Without an account, %(number)d files an hour can be made. Sign in, or come back later.")
        raise Refusal("too-many", sentence % {"number": MADE_AN_HOUR}, retry_after=seconds)
