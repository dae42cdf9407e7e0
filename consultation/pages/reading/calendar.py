"""The opening and closing times of a consultation as a calendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from consultation.texts.models import Consultation

LINE = 75  # octets (RFC 5545, 3.1)


def of(consultation: Consultation, language: str) -> str:
    """The calendar: one event for each opening and each closing of a round, in UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_text(settings.SITE_NAME)}//EN", "METHOD:PUBLISH"]
    for name, moment, what in _moments(consultation):
        lines += _event(consultation, name, moment, f"{consultation.title(language)}: {what}")
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _moments(consultation: Consultation) -> Iterator[tuple[str, datetime, str]]:
    for each in consultation.rounds.all():
        facts = {"number": each.number}
        yield f"opens-{each.number}", each.opens_at, _("Round %(number)d opens") % facts
        if each.closes_at is not None:
            yield f"closes-{each.number}", each.closes_at, _("Round %(number)d closes") % facts


def _event(consultation: Consultation, name: str, moment: datetime, summary: str) -> list[str]:
    stamp = consultation.published_at or consultation.made_at
    url = settings.SITE_URL + reverse("pages:consultation", args=[consultation.slug])
    return [
        "BEGIN:VEVENT",
        f"UID:{consultation.slug}-{name}@{settings.SITE_ADDRESS.hostname}",
        f"DTSTAMP:{_time(stamp)}",
        f"DTSTART:{_time(moment)}",
        f"DTEND:{_time(moment)}",
        f"SUMMARY:{_text(summary)}",
        f"URL:{url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11)."""
    escaped = text.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,")
    return escaped.replace("\r\n", r"\n").replace("\n", r"\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets; no character is cut in two."""
    pieces, room = [""], LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append("")
            room = LINE - 1
        pieces[-1] += character
        room -= size
    return "\r\n ".join(pieces)
