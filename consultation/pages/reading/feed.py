"""The newest of the public record as a feed (RFC 4287)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from consultation.kit import languages
from consultation.pages.reading import history
from consultation.pages.reading.events import Event
from consultation.pages.reading.history import Choice
from consultation.texts.models import Consultation

ENTRIES = 50


def of(consultation: Consultation, language: str, chosen: Choice) -> str:
    """The newest fifty public entries that are chosen, each linking to its page.

    A choice makes a feed of its own: its name holds what was asked for.
    """
    path = reverse("pages:feed", args=[consultation.slug])
    feed = Atom1Feed(
        title=consultation.title(language),
        link=_absolute(reverse("pages:history", args=[consultation.slug]) + chosen.query),
        feed_url=_absolute(path + chosen.query),
        description=consultation.in_language(consultation.leads, language),
        language=languages.html_lang(language),
        author_name=settings.SITE_NAME,
        feed_guid=_absolute(f"/consultations/{consultation.slug}/feed.atom{chosen.query}"),
        feed_copyright=consultation.licence,
    )
    for event in history.newest(consultation, chosen, ENTRIES):
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
