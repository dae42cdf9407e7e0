"""Pictures of the figures of endorsements: in the page, and each as a file of its own at its address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from consultation.insights.timeline import Day, NewText
from consultation.kit import languages, svg
from consultation.kit.svg import Canvas

WIDE, NARROW, MARGIN = 720, 360, 32
TITLE_SIZE, TITLE_LINE, NOTE_SIZE, NOTE_LINE = 21, 28, 14, 19
# Heights within the picture of the days: the labels of new texts, and the lines.
LABELS, PLOT = 30, 170
# Where two labels over the line of days, or at the ends of two lines, would touch.
LABEL, APART = 120, 18
# The names before the dots, and the figures behind them.
NAMES, FIGURES = 236, 110

Shapes = list[SafeString]
Draw = Callable[[Canvas, float], tuple[Shapes, float]]


@dataclass(frozen=True)
class Caption:
    """What is said around a picture: the finding, the measure, and where the figures come from."""

    title: str
    measure: str
    source: str


@dataclass(frozen=True)
class Picture:
    """A drawing for a wide page, for a phone, and as a file that says everything itself.

    `draw` gives the shapes that begin at a height, and the height at which they end.
    """

    key: str
    caption: Caption
    draw: Draw
    language: str

    def wide(self) -> SafeString:
        """For the column of a wide page."""
        return self._in_page(WIDE, self.key)

    def narrow(self) -> SafeString:
        """For a phone."""
        return self._in_page(NARROW, f"{self.key}-narrow")

    def file(self) -> str:
        """With its caption, on a ground of its own."""
        canvas = Canvas(WIDE + 2 * MARGIN, get_language_bidi(), MARGIN)
        head, top = _head(canvas, self.caption)
        shapes, below = self.draw(canvas, top)
        foot, height = _lines(canvas, "small", self.caption.source, below + 12, 12)
        ground = canvas.ground(height + MARGIN)
        return svg.as_file(self._drawn(canvas, height + MARGIN, [ground, *head, *shapes, *foot], self.key))

    def _in_page(self, width: int, key: str) -> SafeString:
        canvas = Canvas(width, get_language_bidi(), 2)
        shapes, height = self.draw(canvas, 0)
        return self._drawn(canvas, height, shapes, key)

    def _drawn(self, canvas: Canvas, height: float, shapes: Shapes, key: str) -> SafeString:
        caption, language = self.caption, languages.html_lang(self.language)
        return svg.picture(
            canvas,
            round(height),
            shapes,
            key=key,
            title=caption.title,
            about=caption.measure,
            language=language,
        )


def _head(canvas: Canvas, caption: Caption) -> tuple[Shapes, float]:
    title, below = _lines(canvas, "title", caption.title, MARGIN, TITLE_SIZE)
    measure, top = _lines(canvas, "soft", caption.measure, below + 4, NOTE_SIZE)
    return [*title, *measure], top + 16


def _lines(
    canvas: Canvas, look: str, words: str, top: float, size: int, room: float = 0
) -> tuple[Shapes, float]:
    """Words broken into lines that begin under `top`, and where they end."""
    high = TITLE_LINE if size == TITLE_SIZE else NOTE_LINE
    lines = svg.wrapped(words, room or canvas.room, size)
    shapes = [canvas.text(look, 0, top + place * high, line) for place, line in enumerate(lines, start=1)]
    return shapes, top + high * len(lines)


def of_days(days: Sequence[Day], until: date) -> Draw:
    """How endorsements came and went until a day: those of the current text, and those of an earlier one."""
    first = days[0].day
    span = max(1, (until - first).days)
    most = max(1, *(max(each.endorsing, each.to_reaffirm) for each in days))

    def draw(canvas: Canvas, top: float) -> tuple[Shapes, float]:
        base = top + LABELS + PLOT

        def x(day: date) -> float:
            return canvas.room * (day - first).days / span

        def y(value: int) -> float:
            return base - (PLOT - APART) * value / most

        current = _steps([(x(each.day), y(each.endorsing)) for each in days], canvas.room, base)
        shapes = [canvas.path("area", [*current, (canvas.room, base), (0, base)], close=True)]
        shapes += _new_texts(canvas, days, x, top, base)
        if waiting := [(x(each.day), y(each.to_reaffirm)) for each in days[_first_waiting(days) :]]:
            shapes.append(canvas.path("other", _steps(waiting, canvas.room, base)))
        shapes += [canvas.path("line", current), canvas.line("axis", 0, base, canvas.room, base)]
        shapes += _at_the_end(canvas, days[-1], y)
        shapes += [canvas.text("small", 0, base + 20, date_format(first, "DATE_FORMAT"))]
        if until > first:
            end = date_format(until, "DATE_FORMAT")
            shapes += [canvas.text("small", canvas.room, base + 20, end, anchor="end")]
        return shapes, base + 28

    return draw


def _first_waiting(days: Sequence[Day]) -> int:
    """The first day on which something was to be re-affirmed."""
    return next((place for place, each in enumerate(days) if each.to_reaffirm), len(days))


def _steps(points: Sequence[tuple[float, float]], end: float, base: float) -> list[tuple[float, float]]:
    """A stair through the points, from the base to the end of the picture."""
    stair = [(points[0][0], base)]
    for x, y in points:
        stair += [(x, stair[-1][1]), (x, y)]
    return [*stair, (end, stair[-1][1])]


def _at_the_end(canvas: Canvas, last: Day, y: Callable[[int], float]) -> Shapes:
    """What each line comes to, said on it."""
    current = y(last.endorsing) - 7
    told = _("%(number)d for the current text") % {"number": last.endorsing}
    shapes = [canvas.text("words", canvas.room, current, told, anchor="end")]
    if last.to_reaffirm:
        told = _("%(number)d to be re-affirmed") % {"number": last.to_reaffirm}
        place = y(last.to_reaffirm) - 7
        if abs(place - current) < APART:
            place = current + APART if place >= current and current + APART < y(0) else current - APART
        shapes.append(canvas.text("soft", canvas.room, place, told, anchor="end"))
    return shapes


def _new_texts(
    canvas: Canvas, days: Sequence[Day], x: Callable[[date], float], top: float, base: float
) -> Shapes:
    """A line where the text changed in substance, a tick where it was only mended."""
    shapes, free = [], 0.0
    for each in days:
        if not each.texts:
            continue
        place, changed = x(each.day), [text for text in each.texts if text.substantive]
        shapes.append(
            canvas.line("hair" if changed else "axis", place, top + 20 if changed else base, place, base + 5)
        )
        at = min(place, canvas.room - LABEL)
        if changed and at >= free:
            shapes.append(canvas.text("small", max(at, 0), top + 14, _named(changed)))
            free = at + LABEL
    return shapes


def _named(changed: list[NewText]) -> str:
    if len(changed) > 1:
        return _("New texts: %(numbers)s") % {"numbers": ", ".join(str(each.principle) for each in changed)}
    return _("Principle %(number)d, text %(version)d") % {
        "number": changed[0].principle,
        "version": changed[0].version,
    }


@dataclass(frozen=True)
class Row:
    """One line of dots: who, both shares in whole percents, and the same in words."""

    name: str
    share: int
    equal_voice: int
    told: str


def of_shares(rows: Sequence[Row]) -> Draw:
    """A line from none to all for each row: hollow by institution, filled with an equal voice."""

    def draw(canvas: Canvas, top: float) -> tuple[Shapes, float]:
        draw_row = _tall if canvas.room < WIDE - MARGIN else _flat
        shapes: Shapes = []
        for row in rows:
            drawn, top = draw_row(canvas, row, top)
            shapes += drawn
        return shapes, top

    return draw


def _flat(canvas: Canvas, row: Row, top: float) -> tuple[Shapes, float]:
    """Name, dots and figures in one line; a long name takes more of them."""
    names, below = _lines(canvas, "words", row.name, top + 4, NOTE_SIZE, NAMES)
    middle = (top + 4 + below) / 2 + 4
    figures = canvas.text("words", canvas.room, middle + 5, row.told, anchor="end")
    shapes = [*names, *_dots(canvas, row, NAMES + 12, canvas.room - FIGURES, middle), figures]
    return shapes, below + 10


def _tall(canvas: Canvas, row: Row, top: float) -> tuple[Shapes, float]:
    """Name and figures over the dots."""
    names, below = _lines(canvas, "words", row.name, top, NOTE_SIZE, canvas.room - FIGURES)
    figures = canvas.text("words", canvas.room, top + NOTE_LINE, row.told, anchor="end")
    return [*names, figures, *_dots(canvas, row, 6, canvas.room - 6, below + 13)], below + 26


def _dots(canvas: Canvas, row: Row, start: float, end: float, y: float) -> Shapes:
    def x(share: int) -> float:
        return start + (end - start) * share / 100

    return [
        canvas.line("hair", start, y, end, y),
        canvas.line("between", x(row.share), y, x(row.equal_voice), y),
        canvas.circle("full", x(row.equal_voice), y, 5),
        canvas.circle("hollow", x(row.share), y, 4),
    ]
