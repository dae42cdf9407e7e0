"""What programs of readers follow: a feed of the public record, and the dates as a calendar."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consultation.kit import languages
from consultation.pages.answers import in_consultation, kept_while_unchanged
from consultation.pages.reading import calendar, events
from consultation.texts.models import Consultation

ENTRIES = 50


@require_safe
@in_consultation
@kept_while_unchanged
def atom(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The newest fifty public entries of the record, each linking to its page (RFC 4287)."""
    language = get_language() or found.authoritative
    feed = Atom1Feed(
        title=found.title(language),
        link=_absolute(reverse("pages:consultation", args=[found.slug])),
        feed_url=_absolute(request.get_full_path()),
        description=found.in_language(found.leads, language),
        language=languages.html_lang(language),
        author_name=settings.SITE_NAME,
        feed_guid=_absolute(f"/consultations/{found.slug}/feed.atom"),
        feed_copyright=found.licence,
    )
    for event in events.newest(found, ENTRIES):
        feed.add_item(
            title=event.title,
            link=_absolute(event.url),
            description="",
            unique_id=_absolute(f"/consultations/{found.slug}/history/#e{event.number}"),
            pubdate=event.at,
            updateddate=event.at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _absolute(url: str) -> str:
    return settings.SITE_URL + url


@require_safe
@in_consultation
@kept_while_unchanged
def ics(request: HttpRequest, found: Consultation) -> HttpResponse:
    """Opening and closing times (RFC 5545)."""
    text = calendar.of(found, get_language() or found.authoritative)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{found.slug}.ics"'
    return response
