"""What changed between two texts: of a principle, of the whole; on a page, and as a Word file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consultation.kit import languages
from consultation.pages.answers import in_consultation, kept_while_unchanged
from consultation.pages.reading import changes as reading
from consultation.pages.reading import principle as principles
from consultation.pages.reading.changes import Question
from consultation.pages.reading.principle import Place
from consultation.pages.views import files
from consultation.texts.formats import composing
from consultation.texts.models import Consultation


def _asked(request: HttpRequest, consultation: Consultation) -> str:
    asked = request.GET.get("text", "")
    return asked if asked in consultation.languages else get_language() or consultation.authoritative


def _places(
    request: HttpRequest, found: Consultation, number: int, earlier: int, later: int
) -> tuple[Place, Place]:
    asked = _asked(request, found)
    old, new = (principles.place(found, number, str(version), asked) for version in (earlier, later))
    if old is None or new is None:
        raise Http404
    return old, new


@require_safe
@in_consultation
@kept_while_unchanged
def changes(request: HttpRequest, found: Consultation, number: int, earlier: int, later: int) -> HttpResponse:
    """What changed between two versions of a principle, in one language."""
    old, new = _places(request, found, number, earlier, later)
    if earlier == later:
        return HttpResponseRedirect(f"{new.url}?version={later}")
    if earlier > later:
        return HttpResponseRedirect(reverse("pages:changes", args=[found.slug, number, later, earlier]))
    facts = reading.between_versions(request, old, new, _asked(request, found))
    return render(request, "pages/changes.html", facts)


@require_safe
@in_consultation
def changes_file(
    request: HttpRequest, found: Consultation, number: int, earlier: int, later: int
) -> HttpResponse:
    """The same as tracked changes of a Word file."""
    old, new = _places(request, found, number, min(earlier, later), max(earlier, later))
    asked = _asked(request, found)
    name = f"{found.slug}-{number}-{old.version.number}-{new.version.number}"
    return files.send_changes(
        request, composing.of_versions(found, number, old.version, new.version, asked), name
    )


@require_safe
@in_consultation
@kept_while_unchanged
def text_changes(request: HttpRequest, found: Consultation) -> HttpResponse:
    """What changed in the whole text between two moments."""
    question = Question(request, found)
    if question.swapped:
        return HttpResponseRedirect(f"{request.path}?{question.swapped}")
    facts = reading.between_moments(request, question, _language(request, found))
    return render(request, "pages/text_changes.html", facts)


def _language(request: HttpRequest, found: Consultation) -> str:
    asked = _asked(request, found)
    return languages.choose(found.languages, asked, found.authoritative) or found.authoritative


@require_safe
@in_consultation
def text_changes_file(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The same as tracked changes of a Word file."""
    question = Question(request, found)
    earlier, later = sorted((question.earlier_text, question.later_text))
    document = composing.of_moments(question.history, earlier, later, _language(request, found))
    return files.send_changes(request, document, f"{found.slug}-{earlier:%Y%m%d}-{later:%Y%m%d}")
