"""Who endorses what: the matrix, the positions on one principle, figures as pictures, the table as files."""

from __future__ import annotations

import hashlib
import tempfile
from typing import BinaryIO, cast

from django.core.files.base import File
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultation.endorsements import queries
from consultation.kit.refusal import Refusal
from consultation.pages import position_files
from consultation.pages.answers import in_consultation, kept_while_unchanged, release
from consultation.pages.position_files import Extract
from consultation.pages.reading import breakdown, matrix, positions
from consultation.pages.reading import principle as principles
from consultation.record import queries as record
from consultation.texts.models import Consultation
from consultation.web import limits
from consultation.web.acts import person_of
from consultation.web.downloads import send

# What visitors may take in an hour, from one address: each is made anew and may be long.
FILES_AN_HOUR = 60


@require_safe
@in_consultation
@kept_while_unchanged
def endorsements(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The matrix by region; with `?principle=N` the positions on one principle with their statements."""
    language = get_language() or found.authoritative
    asked = request.GET.get("principle", "")
    if not asked:
        facts = matrix.matrix(request, found, language)
        return render(request, "pages/endorsements.html", {"consultation": found, **facts})
    place = principles.place(found, _number(asked), "", language)
    if place is None:
        raise Http404
    facts = {"place": place, **positions.of_principle(request, found, place.principle, language)}
    name = "pages/_positions.html" if request.headers.get("HX-Request") else "pages/positions.html"
    return render(request, name, {"consultation": found, **facts})


def _number(asked: str) -> int:
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0


@require_safe
@in_consultation
@kept_while_unchanged
def figures(request: HttpRequest, found: Consultation) -> HttpResponse:
    """Day by day, by principle, region and type: each as a picture and as a table."""
    at = request.received_at  # type: ignore[attr-defined]
    facts = breakdown.page(found, get_language() or found.authoritative, at=at)
    return render(request, "pages/endorsement_figures.html", {"consultation": found, **facts})


@require_safe
@in_consultation
@kept_while_unchanged
def picture(request: HttpRequest, found: Consultation, kind: str) -> HttpResponse:
    """One of the pictures as a file that says everything itself (SVG)."""
    at = request.received_at  # type: ignore[attr-defined]
    drawn = breakdown.picture(kind, found, get_language() or found.authoritative, at=at)
    if drawn is None:
        raise Http404
    response = HttpResponse(drawn.file(), content_type="image/svg+xml; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{found.slug}-{kind}.svg"'
    return response


@require_safe
@in_consultation
def table(request: HttpRequest, found: Consultation, form: str) -> HttpResponse:
    """The positions that the filters ask for, as a file."""
    made = position_files.FORMATS.get(form)
    if made is None:
        raise Http404
    tag = _tag(request, found)
    unchanged = get_conditional_response(request, etag=f'"{tag}"')
    if unchanged is not None:
        return unchanged
    _count(request)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it once all is sent
    made.write(_extract(request, found), cast(BinaryIO, file))
    size = file.tell()
    file.seek(0)
    name = f"{found.slug}-endorsements.{form}"
    sent = send(request, File(file), name=name, media_type=made.media_type, size=size, sha256=tag)
    return cast(HttpResponse, sent)


def _extract(request: HttpRequest, found: Consultation) -> Extract:
    asked = request.GET.get("principle", "")
    wanted = matrix.asked_for(request, principle=_number(asked) if asked else None)
    held = queries.public().filter(consultation=found)
    if asked and not wanted.principle:
        held = held.none()
    newest = record.public(found.pk).first()
    at = newest.at if newest is not None else found.made_at
    given = {name: value for name, value in vars(wanted).items() if value}
    return Extract(found, wanted.apply(held), given, newest.number if newest else 0, at)


def _tag(request: HttpRequest, found: Consultation) -> str:
    """Changes with the record, the code, the language and what is asked for."""
    parts = [release(), record.stamp(found.pk), get_language() or "", request.get_full_path()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _count(request: HttpRequest) -> None:
    if person_of(request) is not None:
        return
    at = request.received_at  # type: ignore[attr-defined]
    visitor = limits.visitor(request)
    seconds = limits.wait("position-files", visitor, most=FILES_AN_HOUR, seconds=limits.HOUR, at=at)
    if seconds is not None:
        sentence = _("Too many files were asked for from your address. Come back later, or sign in.")
        raise Refusal("too-many", sentence, retry_after=seconds)
