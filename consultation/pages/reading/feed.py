"""The newest of the public record as a feed (RFC 4287)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from consultation.kit import languages
from consultation.pages.reading import events
from consultation.pages.reading.events import Event
from consultation.texts.models import Consultation

ENTRIES = 50


def of(consultation: Consultation, language: str, address: str) -> str:
    """The feed at `address`: the newest fifty public entries, each linking to its page."""
    feed = Atom1Feed(
        title=consultation.title(language),
        link=_absolute(reverse("pages:consultation", args=[consultation.slug])),
        feed_url=_absolute(address),
        description=consultation.in_language(consultation.leads, language),
        language=languages.html_lang(language),
        author_name=settings.SITE_NAME,
        feed_guid=_absolute(f"/consultations/{consultation.slug}/feed.atom"),
        feed_copyright=consultation.licence,
    )
    for event in events.newest(consultation, ENTRIES):
        feed.add_item(**_item(event, consultation))
    text: str = feed.writeString("utf-8")
    return text


def _item(event: Event, consultation: Consultation) -> dict[str, Any]:
    # The same entry has the same name in whatever language it is told.
    name = f"/consultations/{consultation.slug}/history/#e{event.number}"
    return {
        "title": event.title,
        "link": _absolute(event.url),
        "description": "",
        "unique_id": _absolute(name),
        "pubdate": event.at,
        "updateddate": event.at,
    }


def _absolute(path: str) -> str:
    return settings.SITE_URL + path
