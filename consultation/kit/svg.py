"""Pictures of figures as SVG 1.1: text stays text, and each shape's look is in its attributes.

Attributes, not styles: a file opened by itself passes a strict Content-Security-Policy and prints as it is,
and where the same picture stands in a page, the page's own style sheet has the last word by class.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SERIF = "Iowan Old Style, Palatino, P052, Noto Serif, Georgia, Noto Naskh Arabic, Noto Serif CJK SC, serif"
SANS = "Segoe UI, Noto Sans, Roboto, Helvetica Neue, Arial, Noto Sans Arabic, Noto Sans CJK SC, sans-serif"
# The light colours of the site, which print; by class, as css/pictures.css has them for pages.
LOOKS = {
    "paper": {"fill": "#fcfcfa"},
    "line": {"fill": "none", "stroke": "#0b5563", "stroke-width": "2", "stroke-linejoin": "round"},
    "area": {"fill": "#e4eff0"},
    "other": {"fill": "none", "stroke": "#48545a", "stroke-width": "1.5", "stroke-dasharray": "4 3"},
    "axis": {"stroke": "#7f8a8f"},
    "hair": {"stroke": "#d8dcd9"},
    "mark": {"stroke": "#1a2125"},
    "between": {"stroke": "#0b5563", "stroke-width": "1"},
    "hollow": {"fill": "#fcfcfa", "stroke": "#0b5563", "stroke-width": "1.5"},
    "full": {"fill": "#0b5563"},
    "title": {"fill": "#1a2125", "font-family": SERIF, "font-size": "21"},
    "words": {"fill": "#1a2125", "font-family": SANS, "font-size": "14"},
    "soft": {"fill": "#48545a", "font-family": SANS, "font-size": "14"},
    "small": {"fill": "#5f6a70", "font-family": SANS, "font-size": "12"},
}


@dataclass(frozen=True)
class Canvas:
    """Where things stand from the edge at which reading starts: in Arabic that is the right one.

    `margin` stays free at both ends; every measure is in pixels.
    """

    width: int
    from_right: bool = False
    margin: int = 0

    @property
    def room(self) -> int:
        """From one margin to the other."""
        return self.width - 2 * self.margin

    def x(self, from_start: float) -> str:
        """The coordinate that is so far from where things start."""
        place = self.margin + from_start
        return _short(self.width - place if self.from_right else place)

    def line(self, look: str, x1: float, y1: float, x2: float, y2: float) -> SafeString:
        """A straight line."""
        ends = format_html('x1="{}" y1="{}" x2="{}" y2="{}"', self.x(x1), _short(y1), self.x(x2), _short(y2))
        return format_html("<line {} {}/>", _look(look), ends)

    def circle(self, look: str, x: float, y: float, radius: float) -> SafeString:
        """A dot."""
        place = format_html('cx="{}" cy="{}" r="{}"', self.x(x), _short(y), _short(radius))
        return format_html("<circle {} {}/>", _look(look), place)

    def path(self, look: str, points: Iterable[tuple[float, float]], *, close: bool = False) -> SafeString:
        """Straight lines from point to point."""
        steps = " L".join(f"{self.x(x)} {_short(y)}" for x, y in points)
        return format_html('<path {} d="M{}{}"/>', _look(look), steps, "Z" if close else "")

    def ground(self, height: float) -> SafeString:
        """Paper under everything."""
        return format_html('<rect {} width="{}" height="{}"/>', _look("paper"), self.width, _short(height))

    def text(self, look: str, x: float, y: float, words: str, *, anchor: str = "start") -> SafeString:
        """Words; `anchor` (start, middle, end) is meant in the direction of reading."""
        place = format_html('x="{}" y="{}" text-anchor="{}"', self.x(x), _short(y), anchor)
        return format_html("<text {} {}>{}</text>", _look(look), place, words)


def picture(
    canvas: Canvas,
    height: int,
    shapes: Iterable[SafeString],
    *,
    key: str,
    title: str,
    about: str,
    language: str,
) -> SafeString:
    """The whole drawing. `key` names it within a page; title and description are for ears."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 {} {}" lang="{}" xml:lang="{}"'
        ' direction="{}" role="img" aria-labelledby="{}-title {}-about">'
        '<title id="{}-title">{}</title><desc id="{}-about">{}</desc>{}</svg>',
        canvas.width,
        height,
        language,
        language,
        "rtl" if canvas.from_right else "ltr",
        key,
        key,
        key,
        title,
        key,
        about,
        format_html_join("", "{}", ((shape,) for shape in shapes)),
    )


def as_file(drawing: SafeString) -> str:
    """A drawing as a file of its own."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing}\n'


def wrapped(words: str, width: float, size: float) -> list[str]:
    """Lines of about `width` at this size of letters: an SVG breaks no lines by itself."""
    lines, line = [], ""
    for word in _breakable(words):
        if line and _length(line + word.rstrip()) * size > width:
            lines.append(line.strip())
            line = ""
        line += word
    return [*lines, line.strip()] if line.strip() else lines


def _breakable(words: str) -> Iterable[str]:
    """Words with the space after them; letters of scripts without spaces stand alone."""
    word = ""
    for letter in words:
        wide = unicodedata.east_asian_width(letter) in "WF"
        if wide and word and unicodedata.category(letter)[0] != "P":
            yield word
            word = ""
        word += letter
        if letter.isspace():
            yield word
            word = ""
    if word:
        yield word


def _length(words: str) -> float:
    """About how long words are, in letters' heights."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.52 for letter in words)


def _look(name: str) -> SafeString:
    attributes = format_html_join(" ", '{}="{}"', LOOKS[name].items())
    return format_html('class="{}" {}', name, attributes)


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
