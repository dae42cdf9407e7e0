"""Reading lists of comments as a browser with htmx does: the cards of a page, and all that it leads to."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

PART = {"HX-Request": "true"}
_CARD = r'<p class="tag"><a class="ref" href="[^"]*">(?P<reference>[^<]*)</a>'
_FOLD = r'<p class="fold"><a href="(?P<fold>[^"#]*)'
_REPLIES = r'<a href="[^"]*#replies"[^>]*hx-get="(?P<replies>[^"]*)"'
_STEP = re.compile(f"{_CARD}|{_FOLD}|{_REPLIES}")
_ONWARD = re.compile(r'<a class="button" href="([^"]*)"[^>]*hx-target="closest nav"')


def references(response: HttpResponse) -> list[str]:
    """The comments that a list shows, in its order."""
    return re.findall(_CARD, response.content.decode())


def through(client: Client, address: str, *, meanwhile: Any = lambda: None) -> list[str]:
    """Every comment to which this address leads: page after page, each line unfolded, each thread opened.

    `meanwhile` is done after every page of the list itself.
    """
    found: list[str] = []
    where: str | None = address
    while where:
        content = client.get(where, headers=PART).content.decode()
        for step in _STEP.finditer(content):
            deeper = step["fold"] or step["replies"]
            found += through(client, unescape(deeper)) if deeper else [step["reference"]]
        onward = _ONWARD.search(content)
        where = unescape(onward[1]) if onward else None
        meanwhile()
    return found
