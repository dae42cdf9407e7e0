"""Reading a page as a browser does: its text, its links, its forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponse

VOID = {"input", "meta", "link", "br", "hr", "img", "path", "rect", "line", "use", "circle"}


@dataclass
class Form:
    """A form with what it would send untouched, and the names of its buttons."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **changes: object) -> dict[str, object]:
        """The fields as they would be sent, with other values."""
        return {**self.fields, **changes}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings: list[str] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(tag)
        if tag == "form":
            self._form = Form(given.get("action", ""))
            self.forms.append(self._form)
        if self._form is not None:
            self._read_field(tag, given, {name for name, _value in attrs})

    def _read_field(self, tag: str, given: dict[str, str], present: set[str]) -> None:
        assert self._form is not None
        name = given.get("name", "")
        if tag == "input" and name:
            chosen = given.get("type") not in ("radio", "checkbox") or "checked" in present
            if chosen:
                self._form.fields.setdefault(name, []).append(given.get("value", ""))
        elif tag == "textarea":
            self._form.fields[name] = [""]
            self._area = name
        elif tag == "select":
            self._select = name
        elif (
            tag == "option"
            and self._select
            and ("selected" in present or self._select not in self._form.fields)
        ):
            self._form.fields[self._select] = [given.get("value", "")]
        elif tag == "button" and name:
            self._form.buttons.append((name, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._form is not None:
            self._form.fields[self._area][0] += data.removeprefix("\n")
        self.words.append(data)


@dataclass(frozen=True)
class Page:
    """What a page says and offers."""

    text: str
    forms: list[Form]
    links: list[str]
    ids: list[str]
    headings: list[str]

    def form(self, button: str) -> Form:
        """The form that has a button with this value or name."""
        return next(form for form in self.forms if any(button in pair for pair in form.buttons))


def read(response: HttpResponse) -> Page:
    """The page of a response."""
    reader = _Reader()
    reader.feed(response.content.decode())
    text = " ".join(" ".join(reader.words).split())
    return Page(text, reader.forms, reader.links, reader.ids, reader.headings)
