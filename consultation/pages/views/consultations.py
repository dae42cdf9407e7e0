"""The consultations, one of them, its whole text, its policy, its history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consultation.pages.answers import in_consultation, kept_while_unchanged
from consultation.pages.reading import figures as figures_of
from consultation.pages.reading import glance, opening, overview, taking_part, tongues, whole_text
from consultation.pages.reading import history as record
from consultation.texts.models import Consultation


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Open and past consultations."""
    at = request.received_at  # type: ignore[attr-defined]
    found = overview.all_of_them(get_language() or "en", at=at)
    return render(request, "pages/home.html", {"consultations": found})


@require_safe
@in_consultation
@kept_while_unchanged
def consultation(request: HttpRequest, found: Consultation) -> HttpResponse:
    """Where things stand, the principles at a glance, what you can do now."""
    language = get_language() or found.authoritative
    at = request.received_at  # type: ignore[attr-defined]
    figures = figures_of.of(found)
    grouped = glance.themes(found, figures, language)
    facts = {
        "consultation": found,
        "title": found.title(language),
        "lead": found.in_language(found.leads, language),
        "note": found.in_language(found.notes, language),
        "tongue_note": tongues.of_all(found, language),
        "standing": opening.state(found, language, at=at),
        "line": opening.dates(found, at=at),
        "extensions": opening.extensions(found, language),
        "part": taking_part.summary(found, figures, language),
        "themes": grouped,
        "principles_total": sum(len(theme.rows) for theme in grouped),
        "heard": figures.heard,
    }
    return render(request, "pages/consultation.html", facts)


@require_safe
@in_consultation
@kept_while_unchanged
def text(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The whole text on one page, with counts in the margin."""
    asked = request.GET.get("text") or get_language() or found.authoritative
    if request.headers.get("HX-Request"):
        return render(request, "pages/_comments.html", {"listing": whole_text.listing(request, found)})
    return render(request, "pages/text.html", whole_text.of(request, found, asked))


@require_safe
@in_consultation
@kept_while_unchanged
def policy(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The numbered clauses by which contributions are moderated."""
    clauses = overview.clauses(found, get_language() or found.authoritative)
    return render(request, "pages/policy.html", {"consultation": found, "clauses": clauses})


@require_safe
@in_consultation
@kept_while_unchanged
def participation(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The figures, raw and with an equal voice for each country."""
    language = get_language() or found.authoritative
    facts = taking_part.tables(found, figures_of.of(found), language)
    return render(request, "pages/participation.html", {"consultation": found, **facts})


@require_safe
@in_consultation
@kept_while_unchanged
def history(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The public part of the record: all of it, or what the address asks for."""
    chosen = record.asked(request.GET, found)
    listing = record.listing(request, found, chosen)
    if request.headers.get("HX-Request"):
        return render(request, "pages/_events.html", {"consultation": found, "listing": listing})
    facts = {
        "consultation": found,
        "listing": listing,
        "chosen": chosen,
        "filters": record.filters(found, chosen),
    }
    return render(request, "pages/history.html", facts)
