"""Digests as readers see them: rows of a list, one with its progress, its files and how to cite it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consultation.digests import queries
from consultation.digests.models import Digest, DigestState, Format
from consultation.kit import keyset, languages
from consultation.kit.keyset import Key, Ordering
from consultation.pages.forms import DigestForm
from consultation.pages.reading.discussion import address
from consultation.texts import queries as texts
from consultation.texts.models import Consultation
from consultation.web.acts import person_of

SIZE = 10
UNDER_WAY_SHOWN = 5
NEWEST = Ordering("digests", (Key("-ready_at", datetime), Key("-id", UUID)))


def file_url(digest: Digest, form: str) -> str:
    """Where a file is downloaded: pages and programs take it from the same address."""
    return f"/api/v1/digests/{digest.pk}/files/{form}/"


def title(digest: Digest) -> str:
    """What the digest is about."""
    if digest.principle is None:
        return _("The whole text")
    return _("Principle %(number)d") % {"number": digest.principle.number}


def row(digest: Digest) -> dict[str, Any]:
    """A digest as `_digest_row.html` shows it. Reads what `digests.queries.with_files` fetched."""
    language = languages.name(digest.language, get_language() or "en")
    return {
        "url": reverse("pages:digest", args=[digest.consultation.slug, digest.pk]),
        "title": f"{title(digest)}, {language}",
        "day": digest.ready_at or digest.requested_at,
        "when": _("up to entry %(number)d") % {"number": digest.cutoff},
        "corrected": _("Edition %(number)d: something was withheld since the one before.")
        % {"number": digest.edition}
        if digest.edition > 1
        else "",
        "files": files(digest),
    }


def files(digest: Digest) -> list[dict[str, Any]]:
    """The files that may be downloaded, in one order."""
    order = list(Format.values)
    kept = [file for file in digest.files.all() if file.withheld_at is None]
    return [
        {
            "label": Format(file.format).label,
            "url": file_url(digest, file.format),
            "size": filesizeformat(file.bytes),
            "sha256": file.sha256,
        }
        for file in sorted(kept, key=lambda file: order.index(file.format))
    ]


def progress(digest: Digest, request: HttpRequest) -> dict[str, Any]:
    """What `_digest_progress.html` shows of a digest that is being built, or failed."""
    percent, step = queries.progress(digest)
    person = person_of(request)
    return {
        "digest": {
            "title": row(digest)["title"],
            "progress": percent,
            "step": step,
            "state": digest.state,
            "reason": step,
        },
        "asked": _("asked by you") if person is not None and digest.requested_by_id == person.pk else "",
        "status_url": reverse("pages:digest", args=[digest.consultation.slug, digest.pk]),
    }


def under_way(digest: Digest) -> bool:
    """Whether it is still to be built."""
    return digest.state in (DigestState.QUEUED, DigestState.BUILDING)


def listing(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    """The digests to download, the newest first, and those being built. Raises CursorRefused."""
    found = queries.of_consultation(consultation).order_by()
    page = keyset.page(found, NEWEST, size=SIZE, cursor=request.GET.get("cursor") or None)
    building = queries.visible_to(person_of(request)).filter(
        consultation=consultation, state__in=(DigestState.QUEUED, DigestState.BUILDING)
    )
    return {
        "rows": [row(each) for each in page.results],
        "building": [
            progress(each, request) for each in building.order_by("-requested_at")[:UNDER_WAY_SHOWN]
        ],
        "next_url": address(request, cursor=page.next_cursor) if page.next_cursor else "",
        "previous_url": address(request, cursor=page.previous_cursor) if page.previous_cursor else "",
        "first_page": not request.GET.get("cursor"),
    }


def one(request: HttpRequest, key: UUID, consultation: Consultation) -> Digest | None:
    """One digest in any state, if the reader may see it."""
    return queries.visible_to(person_of(request)).filter(consultation=consultation, pk=key).first()


def page(request: HttpRequest, digest: Digest) -> dict[str, Any]:
    """Everything on the page of one digest."""
    newer = queries.visible_to(person_of(request)).filter(previous=digest).first()
    return {
        "digest": digest,
        "row": row(digest),
        "ready": digest.state == DigestState.READY,
        "under_way": under_way(digest),
        "progress": progress(digest, request),
        "files": files(digest),
        "withheld": [
            Format(each.format).label for each in digest.files.all() if each.withheld_at is not None
        ],
        "newer": row(newer) if newer else None,
        "citation": citation(digest),
    }


def citation(digest: Digest) -> str:
    """How to cite a digest: it names what it contains, not when it was fetched."""
    consultation = digest.consultation
    language = get_language() or consultation.authoritative
    day = date_format(localtime(digest.ready_at), "DATE_FORMAT") if digest.ready_at else ""
    return _(
        "%(title)s. Digest of contributions: %(about)s, up to entry %(cutoff)d of the record, "
        "edition %(edition)d, %(day)s. %(address)s"
    ) % {
        "title": consultation.title(language),
        "about": row(digest)["title"],
        "cutoff": digest.cutoff,
        "edition": digest.edition,
        "day": day,
        "address": settings.SITE_URL + reverse("pages:digest", args=[consultation.slug, digest.pk]),
    }


def form(consultation: Consultation, data: Any = None) -> DigestForm:
    """The form by which a digest is asked for."""
    reader = get_language() or consultation.authoritative
    principles = [
        (str(each.number), f"{each.number}. {texts.translation(each.current, reader).title}")
        for each in texts.principles(consultation)
        if each.current is not None
    ]
    codes = dict.fromkeys([*languages.INTERFACE, *(code.lower() for code in consultation.languages)])
    names: list[tuple[str, Any]] = [(code, languages.name(code, reader)) for code in codes]
    initial = {"language": reader if reader in codes else consultation.authoritative}
    return DigestForm([*principles], names, data, initial=initial)
