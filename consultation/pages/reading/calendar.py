"""The opening and closing times of a consultation as a calendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from consultation.pages.reading import opening
from consultation.texts.models import Consultation
from consultation.texts.rules import in_zone

LINE = 75  # octets (RFC 5545, 3.1)


@dataclass(frozen=True)
class _Moment:
    """One opening or closing: its own name, what happens, and how often it was told anew."""

    name: str
    at: datetime
    what: str
    sequence: int
    changed_at: datetime
    notes: str = ""


def of(consultation: Consultation, language: str) -> str:
    """The calendar: one event for each opening and each closing of a round, in UTC.

    A time that was moved keeps the name of its event, with a higher SEQUENCE and a new LAST-MODIFIED, by
    which programs that know it already follow (RFC 5545, 3.8.7.3 and 3.8.7.4).
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_text(settings.SITE_NAME)}//EN", "METHOD:PUBLISH"]
    for moment in _moments(consultation, language):
        lines += _event(consultation, moment, f"{consultation.title(language)}: {moment.what}")
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _moments(consultation: Consultation, language: str) -> Iterator[_Moment]:
    notes: dict[int, list[str]] = {}
    for told in opening.extensions(consultation, language):
        each = told["extension"]
        facts = {"earlier": in_zone(each.closed_at, consultation.zone), "reason": told["reason"]}
        sentence = _("Extended. It would have closed on %(earlier)s: “%(reason)s”") % facts
        notes.setdefault(each.round_id, []).append(sentence)
    for each in consultation.rounds.all():
        facts, since = {"number": each.number}, consultation.published_at or consultation.made_at
        known = (each.sequence, each.changed_at or since)
        yield _Moment(f"opens-{each.pk}", each.opens_at, _("Round %(number)d opens") % facts, *known)
        if each.closes_at is not None:
            said = "\n".join(notes.get(each.pk, []))
            yield _Moment(
                f"closes-{each.pk}", each.closes_at, _("Round %(number)d closes") % facts, *known, notes=said
            )


def _event(consultation: Consultation, moment: _Moment, summary: str) -> list[str]:
    url = settings.SITE_URL + reverse("pages:consultation", args=[consultation.slug])
    return [
        "BEGIN:VEVENT",
        f"UID:{consultation.slug}-{moment.name}@{settings.SITE_ADDRESS.hostname}",
        f"DTSTAMP:{_time(moment.changed_at)}",
        f"LAST-MODIFIED:{_time(moment.changed_at)}",
        f"SEQUENCE:{moment.sequence}",
        f"DTSTART:{_time(moment.at)}",
        f"DTEND:{_time(moment.at)}",
        f"SUMMARY:{_text(summary)}",
        *([f"DESCRIPTION:{_text(moment.notes)}"] if moment.notes else []),
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
