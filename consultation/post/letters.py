"""A mail's words: from the template of its kind and the facts of its row, in the language of its reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils import translation
from django.utils.dateparse import parse_date, parse_datetime

from consultation.kit import link_keys
from consultation.kit.languages import direction, locale_of

SUBJECT_LIMIT = 300
MOMENTS = ("at", "deadline", "until")
# What templates ask about, and what stands on lines of its own, where people and programs copy it.
AS_THEY_ARE = ("url", "appeal", "action", "zone", "seed", "message", "words_hash", "visibility", "waits")
RIGHT_TO_LEFT = ("R", "AL")
# Unicode Bidirectional Algorithm, 2.4.2: what is in between does not disturb the order of what is around.
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"
_EMPTY_LINES = re.compile(r"\n\s*\n\s*")


@dataclass(frozen=True)
class Letter:
    """What is sent: one line, and plain text."""

    subject: str
    body: str


def template_name(kind: str) -> str:
    """The template of a kind of mail: blocks `subject`, `body` and `why` (why somebody gets it)."""
    return f"mail/{kind}.txt"


def check_kind(kind: str) -> None:
    """Raise TemplateDoesNotExist where nobody has written what mails of this kind say."""
    get_template(template_name(kind))


def compose(kind: str, language: str, context: Mapping[str, Any]) -> Letter:
    """Write the mail. Facts that its template does not find are passed over.

    Times in `context` are ISO 8601 and come out in UTC, in words; `url` is a path on this site.
    """
    with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        facts = _facts(context, translation.get_language() or settings.LANGUAGE_CODE)
        subject = render_to_string(template_name(kind), {**facts, "part": "subject"})
        body = render_to_string(template_name(kind), {**facts, "part": "body"})
    return Letter(" ".join(subject.split())[:SUBJECT_LIMIT], _EMPTY_LINES.sub("\n\n", body).strip() + "\n")


def _facts(context: Mapping[str, Any], language: str) -> dict[str, Any]:
    facts = {name: value for name, value in context.items() if value is not None}
    for name in MOMENTS:
        if name in facts:
            facts[name] = in_words(str(facts[name]), language, str(facts.get("zone", "UTC")))
    for name, value in facts.items():
        if name not in AS_THEY_ARE and isinstance(value, str):
            facts[name] = isolated(value, language)
    address = settings.SITE_URL + _path(context)
    return {**facts, "address": address, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}


def _path(context: Mapping[str, Any]) -> str:
    path = str(context.get("url") or "/")
    return path.replace("{key}", link_keys.key_of(str(context["seed"]))) if "seed" in context else path


def in_words(moment: str, language: str, zone: str = "UTC") -> str:
    """An ISO 8601 date or time as readers of `language` write it, to the second; else as it is.

    Times are in UTC, and before it in `zone`, where that is another one.
    """
    locale = locale_of("en-GB" if language == "en" else language)
    if (time := parse_datetime(moment)) is not None and time.tzinfo is not None:
        places = [(ZoneInfo(zone), zone)] if zone != "UTC" else []
        shown = [(time.astimezone(place), name) for place, name in [*places, (UTC, "UTC")]]
        return " – ".join(f"{format_date(t, 'long', locale)}, {t:%H:%M:%S} {name}" for t, name in shown)
    if (day := parse_date(moment)) is not None:
        return format_date(day, "long", locale)
    return moment


def isolated(value: str, language: str) -> str:
    """`value` so that it can stand in a sentence of `language`, whichever way the two are written."""
    from_right = any(unicodedata.bidirectional(sign) in RIGHT_TO_LEFT for sign in value)
    if value and (from_right or direction(language) == "rtl"):
        return f"{ISOLATE}{value}{END_OF_ISOLATE}"
    return value
