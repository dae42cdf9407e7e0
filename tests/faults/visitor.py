"""A browser without a screen: cookies, forms and JSON over real connections."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from types import MappingProxyType
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

# Longer than any answer may take: a test that waits as long has failed.
PATIENCE = 30
NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Answer:
    """What came back, wherever redirects led."""

    status: int
    url: str
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)


@dataclass
class Form:
    """A form of a page: where it goes, what it sends if nobody touches it, and what it has to touch."""

    url: str
    fields: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


@dataclass
class Visitor:
    """Somebody at `site` (scheme, host, port), with a token or signed in by a form."""

    site: str
    token: str = ""
    opener: OpenerDirector = field(default_factory=lambda: build_opener(HTTPCookieProcessor(CookieJar())))
    # The longest wait for an answer, in seconds.
    waited: float = 0.0

    def get(self, path: str) -> Answer:
        """The page or call at `path`."""
        return self._ask(Request(urljoin(self.site, path)))

    def call(self, path: str, data: dict[str, Any], headers: Mapping[str, str] = NONE) -> Answer:
        """POST `data` as JSON."""
        known = {"Authorization": f"Token {self.token}"} if self.token else {}
        facts = {"Content-Type": "application/json", **known, **headers}
        body = json.dumps(data).encode()
        return self._ask(Request(urljoin(self.site, path), body, facts, method="POST"))

    def form(self, page: Answer, *names: str) -> Form:
        """The form of `page` that has all these fields or buttons."""
        assert page.status == 200, f"{page.url}: {page.status}"
        return next(form for form in forms(page) if form.names.issuperset(names))

    def send(self, form: Form, headers: Mapping[str, str] = NONE, **filled: str) -> Answer:
        """Send a form with these fields filled in and buttons pressed, and follow where it leads."""
        body = urlencode({**form.fields, **filled}).encode()
        facts = {"Referer": form.url, **headers}
        return self._ask(Request(form.url, body, facts, method="POST"))

    def sign_in(self, email: str, password: str) -> Answer:
        """Sign in by the form; the page it leads to."""
        form = self.form(self.get("/accounts/login/"), "login", "password")
        return self.send(form, login=email, password=password)

    def _ask(self, request: Request) -> Answer:
        begin = time.monotonic()
        try:
            with self.opener.open(request, timeout=PATIENCE) as response:
                return _answer(response)
        except HTTPError as error:
            with error:
                return _answer(error)
        finally:
            self.waited = max(self.waited, time.monotonic() - begin)


def _answer(response: Any) -> Answer:
    return Answer(response.status, response.url, dict(response.headers), response.read().decode())


class _Forms(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.found: list[Form] = []
        self.open: Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(urljoin(self.url, facts.get("action", "")))
            self.found.append(self.open)
        elif self.open is not None:
            self._field(self.open, tag, facts)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None

    def _field(self, form: Form, tag: str, facts: dict[str, str]) -> None:
        if tag == "option" and (facts.keys() & {"selected"} or self.select not in form.fields):
            form.fields[self.select] = facts.get("value", "")
        if tag not in ("input", "textarea", "select", "button") or "name" not in facts:
            return
        name, kind = facts["name"], facts.get("type", "text")
        form.names.add(name)
        if tag == "select":
            self.select = name
        elif tag != "button" and (kind not in ("submit", "radio", "checkbox") or "checked" in facts):
            form.fields[name] = facts.get("value", "")


def forms(page: Answer) -> list[Form]:
    """The forms of a page, in its order."""
    parser = _Forms(page.url)
    parser.feed(page.text)
    return parser.found
