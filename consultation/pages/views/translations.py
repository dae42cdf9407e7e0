"""One comment in another language, by a program, for whoever asks."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from consultation.comments import actions
from consultation.comments import queries as comments
from consultation.comments.models import Comment, CommentRevision
from consultation.kit import languages, translator
from consultation.kit.refusal import NotFound
from consultation.pages.answers import in_consultation
from consultation.pages.reading import comment as reading
from consultation.pages.reading import translation as translations
from consultation.texts.models import Consultation
from consultation.web import translating
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim


@require_http_methods(["GET", "HEAD", "POST"])
@in_consultation
def translation(request: HttpRequest, found: Consultation, reference: str, language: str) -> HttpResponse:
    """The translation, or how it stands; sent, one is asked for. To htmx it says when to load again."""
    if not translator.is_on():
        raise Http404
    seen = reading.visible(request, found, reference)
    if seen is None:
        return _gone(request, found, reference)
    read = _read(seen, language)
    if request.method == "POST":
        return _ask(request, seen, read, language)
    facts = {"consultation": found, "claim": new_claim(), **translations.page(request, seen, read, language)}
    if not request.headers.get("HX-Request"):
        return render(request, "pages/translation.html", facts)
    if facts["waits"]:
        return render(request, "pages/_translation_waits.html", facts)
    return HttpResponse(headers={"HX-Refresh": "true"})


def _gone(request: HttpRequest, found: Consultation, reference: str) -> HttpResponse:
    gone = reading.gone(found, reference)
    if gone is None:
        raise Http404
    return render(request, "pages/gone.html", {"consultation": found, "gone": gone}, status=410)


def _read(seen: Comment, language: str) -> CommentRevision:
    """The words that are before the reader. Raises NotFound where they need no translation."""
    read = comments.read_now(seen)
    if read is None or language not in languages.INTERFACE or not languages.differ(read.language, language):
        raise NotFound
    return read


def _ask(request: HttpRequest, seen: Comment, read: CommentRevision, language: str) -> HttpResponse:
    translating.count(request, comments.machine_translation(read, language))
    act(request, actions.ask_translation, comment_id=seen.pk, revision=read.number, language=language)
    return SeeOther(translations.url(seen, language))
