"""One principle: its text, its notes, its discussion; and what changed between two of its versions."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consultation.kit import redline
from consultation.pages.answers import in_consultation, kept_while_unchanged
from consultation.pages.reading import principle as reading
from consultation.pages.reading.whole_text import tongues_of
from consultation.texts.models import Consultation


@require_safe
@in_consultation
@kept_while_unchanged
def principle(request: HttpRequest, found: Consultation, number: int) -> HttpResponse:
    """One principle; `?version=` an earlier text, `?words=` a chosen passage, filters over the discussion."""
    place = reading.place(found, number, request.GET.get("version", ""), _asked(request, found))
    if place is None:
        raise Http404
    if request.headers.get("HX-Request"):
        return render(request, "pages/_comments.html", {"listing": reading.listing(request, place)})
    return render(request, "pages/principle.html", reading.page(request, place))


def _asked(request: HttpRequest, consultation: Consultation) -> str:
    return request.GET.get("text") or get_language() or consultation.authoritative


@require_safe
@in_consultation
@kept_while_unchanged
def changes(request: HttpRequest, found: Consultation, number: int, earlier: int, later: int) -> HttpResponse:
    """What changed between two versions, word by word, in one language."""
    asked = _asked(request, found)
    old, new = (reading.place(found, number, str(version), asked) for version in (earlier, later))
    if old is None or new is None:
        raise Http404
    note = found.in_language(new.version.change_notes, get_language() or found.authoritative)
    facts = {
        "consultation": found,
        "number": number,
        "old": old,
        "new": new,
        "note": note,
        "title": redline.as_html(redline.redline(old.words.title, new.words.title)),
        "body": redline.as_html(redline.redline(old.words.body, new.words.body)),
        "tongues": tongues_of(list(new.version.translations.all()), new.words, request.GET.urlencode()),
    }
    return render(request, "pages/changes.html", facts)
