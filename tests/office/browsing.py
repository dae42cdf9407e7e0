"""Reading and sending the office's pages as a browser does."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client

from accounts.models import User


def signed_in(person: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def page(response) -> str:
    """The text of a page, without markup, white space folded."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip()


def claim_in(response, button: str = "") -> str:
    """The claim of the first form on a page, or of the one that holds `button`."""
    forms = re.findall(r"<form.*?</form>", response.content.decode(), flags=re.S)
    found = next(form for form in forms if 'name="claim"' in form and button in form)
    return re.search(r'name="claim" value="([^"]+)"', found)[1]
