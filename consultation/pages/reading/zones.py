"""What readers call a time zone, from CLDR."""

from __future__ import annotations

from babel.dates import get_timezone_location, get_timezone_name

from consultation.kit.languages import locale_of

UNIVERSAL = ("UTC", "Etc/UTC", "Etc/UCT", "Zulu")


def name(zone: str, language: str) -> str:
    """Such as "China Time"; the zone's own name where CLDR knows none."""
    if zone in UNIVERSAL:
        return "UTC"
    try:
        return get_timezone_name(zone, locale=locale_of(language))
    except LookupError:
        return zone


def place(zone: str, language: str) -> str:
    """The city by which a zone is known, such as "Shanghai"."""
    if zone in UNIVERSAL:
        return "UTC"
    try:
        return get_timezone_location(zone, locale=locale_of(language), return_city=True)
    except LookupError:
        return zone
