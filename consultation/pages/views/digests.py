"""Digests: the list, asking for one, one with its progress and files, the newest of a language."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consultation.digests import actions, queries
from consultation.digests.models import Digest
from consultation.kit.refusal import Refusal
from consultation.kit.verb import Outcome
from consultation.pages.answers import in_consultation
from consultation.pages.forms import DigestForm
from consultation.pages.reading import digests as reading
from consultation.texts.models import Consultation
from consultation.web import limits
from consultation.web.acts import act, person_of
from consultation.web.answers import SeeOther, new_claim

# What visitors may ask for in an hour, from one address (CONTRACT, API).
REQUESTS_AN_HOUR = 6


@require_http_methods(["GET", "HEAD", "POST"])
@in_consultation
def digests(request: HttpRequest, found: Consultation) -> HttpResponse:
    """Digests to download, those being built, and the form to ask for another."""
    if request.method != "POST":
        return _page(request, found, reading.form(found))
    form = reading.form(found, request.POST)
    try:
        outcome = _ask(request, found, form)
    except Refusal as refusal:
        if form.is_valid():
            form.show(refusal)
        response = _page(request, found, form, status=refusal.status)
        if refusal.retry_after is not None:
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    return SeeOther(reverse("pages:digest", args=[found.slug, outcome.subjects[0][1]]))


def _page(request: HttpRequest, found: Consultation, form: DigestForm, status: int = 200) -> HttpResponse:
    facts = {"consultation": found, "form": form, "claim": new_claim(), **reading.listing(request, found)}
    return render(request, "pages/digests.html", facts, status=status)


def _ask(request: HttpRequest, found: Consultation, form: DigestForm) -> Outcome[Digest]:
    if not form.is_valid():
        raise Refusal("invalid", _("Please correct what is marked."))
    _count(request)
    given = form.cleaned_data
    return act(
        request,
        actions.request_digest,
        consultation=found,
        principle_number=given["principle"],
        language=given["language"],
        formats=given["formats"],
    )


def _count(request: HttpRequest) -> None:
    """Visitors have six requests an hour and address. Raises Refusal `too-many`."""
    if person_of(request) is not None:
        return
    at = request.received_at  # type: ignore[attr-defined]
    seconds = limits.wait(
        "digests", limits.visitor(request), most=REQUESTS_AN_HOUR, seconds=limits.HOUR, at=at
    )
    if seconds is not None:
        sentence = _("Without an account, six digests an hour can be asked for. Sign in, or come back later.")
        raise Refusal("too-many", sentence, retry_after=seconds)


@require_safe
@in_consultation
def digest(request: HttpRequest, found: Consultation, pk: UUID) -> HttpResponse:
    """One digest. To htmx it answers with its progress, and once it is done lets the page load again."""
    one = reading.one(request, pk, found)
    if one is None:
        raise Http404
    if not request.headers.get("HX-Request"):
        return render(request, "pages/digest.html", {"consultation": found, **reading.page(request, one)})
    if reading.under_way(one):
        return render(request, "_digest_progress.html", reading.progress(one, request))
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_safe
@in_consultation
def latest(request: HttpRequest, found: Consultation, language: str, form: str) -> HttpResponse:
    """302 to the newest published file of the whole text in a language and format."""
    file = queries.latest(found, language, form)
    if file is None:
        raise Http404
    return HttpResponseRedirect(reading.file_url(file.digest, file.format))
