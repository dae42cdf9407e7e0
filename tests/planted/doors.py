"""Every address of the site with all that it can name: found by the resolver, so that none is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.planted.garden import COMMON

Values = dict[str, list[str]]

# What a part of an address names, by the route up to that part: a key of `World.values`, or what may stand.
NAMES: list[tuple[str, str | list[str]]] = [
    (r"consultations/<slug:slug>$", "consultation"),
    (r"secretariat/<slug:slug>$", "consultation"),
    (r"api/v1/(comments|participation)/<slug:slug>$", "consultation"),
    (r"(institutions|registry)/<slug:slug>$", "institution"),
    (r"(own|certificates)/<slug:institution>$", "institution"),
    (r"comments/.*<(str|reference):reference>$", "reference"),
    (r"comments/id/<uuid:\w+>$", "comment"),
    (r"endorsements/<uuid:\w+>$", "endorsement"),
    (r"(cases|appeals)/<uuid:\w+>$", "case"),
    (r"opinions/<uuid:\w+>$", "opinion"),
    (r"digests/<uuid:\w+>$", "digest"),
    (r"late-admissions/<uuid:\w+>$", "comment"),
    (r"people/<uuid:\w+>$", "mandate"),
    (r"people/asked/<uuid:\w+>$", "asked"),
    (r"principles/<(int|number):number>$", ["1"]),
    (r"rounds/<int:number>$", ["1"]),
    (r"(history/facts|letters|sent|changes)/<int:\w+>$", ["1", "2"]),
    (r"\.\.<int:later>$", ["2"]),
    (r"(text|latest|in|translations)/<(str|slug):language>$", ["fr"]),
    (r"citation\.<slug:form>$", ["json"]),
    (r"table\.<slug:form>$", ["json"]),
    (r"latest/<str:language>\.<slug:form>$", "format"),
    (r"files/<slug:form>$", "format"),
    (r"endorsements/<slug:kind>$", ["timeline"]),
    (r"site/pages/<slug:key>$", ["about"]),
    # The key of an invitation is in one mail only, and its page says nothing of any text.
    (r"invitations/<str:key>$", ["a-key"]),
    (r"dev/mail/<str:name>$", ["a-letter"]),
]
# Sessions, passwords and second factors of the person who asks: tests of django-allauth's own.
ASIDE = re.compile(r"^accounts/(?!(data|settings|tokens)/)")

# What a reader may ask of a page, by its route; {…} stands for each of the world's.
SEARCHED = [f"q={COMMON}", f"q={COMMON[:3]}"]
LISTED = [*SEARCHED, "order=oldest", "order=most_cosigned", "proposal=yes", "unanswered=yes", "late=yes"]
ASKED: list[tuple[str, list[str]]] = [
    (
        r"^consultations/<slug:slug>/principles/<int:number>/$",
        ["version=1", "version=2&beside=fr", "words={public passage}", "institution={institution}", *LISTED],
    ),
    (r"^consultations/<slug:slug>/text/$", ["beside=fr", *LISTED]),
    (
        r"^consultations/<slug:slug>/write/$",
        ["principle=1&parent={reference}", "principle=1&words={public passage}"],
    ),
    (r"^consultations/<slug:slug>/(history/|feed\.atom)$", ["kind=comments", "institution={institution}"]),
    (r"^consultations/<slug:slug>/(principles/<int:number>/)?endorse/$", ["from={endorsement}"]),
    (
        r"^consultations/<slug:slug>/endorsements/$",
        ["principle=2", "principle=4", "position=endorse_with_reservation", *SEARCHED],
    ),
    (r"^search/$", [*SEARCHED, "q={reference}"]),
    (r"^institutions/$", SEARCHED),
    (r"^institutions/<slug:slug>/$", SEARCHED[:1]),
    (r"^(moderation|registry)/$", SEARCHED[:1]),
]
# Parameters of calls, as the OpenAPI document names them, with what is asked for.
OF_CALLS: dict[str, list[str]] = {
    "q": [COMMON, COMMON[:3], "{reference}"],
    "page_size": ["100"],
    "cursor": [],
    "principle": ["1"],
    "kind": ["general"],
    "institution": ["{institution}"],
    "type": ["academy"],
    "country": ["NO"],
    "region": ["150"],
    "language": ["en", "fr"],
    "parent": ["{reference}"],
    "since": ["0"],
    "proposal": ["true"],
    "unanswered": ["true"],
    "late": ["true", "false"],
    "disposition": ["noted"],
    "order": ["oldest"],
    "state": ["pending"],
    "version": ["1", "2"],
    "position": ["endorse_with_reservation"],
    "age": ["day"],
    "consultation": ["{consultation}"],
    "is_appeal": ["true"],
    "mine": ["true"],
    "reason": ["policy"],
    "reference": ["{reference}"],
}


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address, as its patterns write it."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, route)
        elif isinstance(each, URLPattern) and not ASIDE.search(route):
            yield route


def addresses(values: Values, calls: dict[str, Any]) -> Iterator[str]:
    """Every address that reads something, with all that it may name and be asked for.

    `calls` are the paths of the OpenAPI document.

    Raises LookupError for an address that names something, or a call that may be asked for something, of
    which nobody said here what it is.
    """
    for route in routes():
        if "(?P<rest>" in route:
            route = "api/v1/nowhere"
        operations = calls.get(_in_the_document(route))
        if operations is not None and "get" not in operations:
            continue
        for address in filled(route, values):
            yield address
            yield from (f"{address}?{each}" for each in questions(route, values, calls))


def filled(route: str, values: Values) -> list[str]:
    """The addresses of a route."""
    parts = re.split(r"(<[\w:]+>)", route)
    choices: list[list[str]] = []
    for number, part in enumerate(parts):
        choices.append(_named("".join(parts[: number + 1]), values) if part.startswith("<") else [part])
    return ["/" + "".join(each) for each in product(*choices)]


def _named(route: str, values: Values) -> list[str]:
    for pattern, name in NAMES:
        if re.search(pattern, route):
            return values[name] if isinstance(name, str) else name
    raise LookupError(f"Say in NAMES what the last part of {route} names.")


def questions(route: str, values: Values, calls: dict[str, Any]) -> Iterator[str]:
    """What the route may be asked for, after the question mark."""
    for pattern, asked in ASKED:
        if re.search(pattern, route):
            yield from (each for question in asked for each in _spelled(question, values))
    operation = calls.get(_in_the_document(route), {}).get("get", {})
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "query":
            name = parameter["name"]
            if name not in OF_CALLS:
                raise LookupError(f"Say in OF_CALLS what {route} is asked for by {name}.")
            yield from (f"{name}={each}" for value in OF_CALLS[name] for each in _spelled(value, values))


def _in_the_document(route: str) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def _spelled(question: str, values: Values) -> list[str]:
    found = re.search(r"{([\w ]+)}", question)
    if found is None:
        return [question]
    return [question.replace(found[0], value) for value in values[found[1]]]
