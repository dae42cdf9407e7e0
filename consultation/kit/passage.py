"""Passages of a text, named by their words as in the W3C Web Annotation Data Model (TextQuoteSelector)."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple, TypeVar

CONTEXT = 32  # code points before and after a passage, at first
CONTEXT_LIMIT = 256  # code points of context that are read

_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")

Name = TypeVar("Name")


class Span(NamedTuple):
    """Code points `start` to before `end` of a text."""

    start: int
    end: int


def find(text: str, exact: str, prefix: str = "", suffix: str = "") -> Span | None:
    """Return where `exact` stands in `text`, or None if it does not.

    Of several places, the one whose surroundings agree longest with `prefix` and `suffix`; of those that
    agree alike, the first. An empty `exact` is nowhere.
    """
    prefix, suffix = prefix[-CONTEXT_LIMIT:], suffix[:CONTEXT_LIMIT]
    places = [Span(start, start + len(exact)) for start in _starts(text, exact)]
    return max(places, key=lambda place: agreement(text, place, prefix, suffix), default=None)


def _starts(text: str, exact: str) -> Iterator[int]:
    start = text.find(exact) if exact else -1
    while start >= 0:
        yield start
        start = text.find(exact, start + 1)


def agreement(text: str, place: Span, prefix: str, suffix: str) -> int:
    """Return how many code points around this place of a text agree with `prefix` and `suffix`."""
    before = text[max(0, place.start - len(prefix)) : place.start]
    after = text[place.end : place.end + len(suffix)]
    return _common(before[::-1], prefix[::-1]) + _common(after, suffix)


def _common(one: str, other: str) -> int:
    """How many code points two texts begin with alike."""
    if one == other:
        return len(one)
    return next(
        (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


def selector(text: str, start: int, end: int) -> dict[str, str]:
    """Return `exact`, `prefix` and `suffix` that lead `find` back to this passage of this text.

    The context grows from 32 to at most 256 code points where the same words stand more than once. Raises
    ValueError if the passage is empty or not within the text.
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"No passage from {start} to {end} in a text of {len(text)}")
    context = CONTEXT
    while True:
        named = {
            "exact": text[start:end],
            "prefix": text[max(0, start - context) : start],
            "suffix": text[end : end + context],
        }
        if context >= CONTEXT_LIMIT or find(text, **named) == (start, end):
            return named
        context *= 2


def mark(text: str, spans: Iterable[tuple[Name, Span]]) -> list[tuple[str, list[Name]]]:
    """Return `text` in consecutive pieces, each with the names of the passages that cover it.

    Passages may overlap; what lies outside the text is left out. The pieces joined are the text again.
    Names stand in the order given.
    """
    names, covers = [], []
    for name, span in spans:
        names.append(name)
        covers.append(Span(max(0, span.start), min(len(text), span.end)))
    edges: dict[int, set[int]] = {0: set(), len(text): set()}
    for index, cover in enumerate(covers):
        if cover.start < cover.end:
            edges.setdefault(cover.start, set()).add(index)
            edges.setdefault(cover.end, set()).add(index)
    pieces, covering = [], set[int]()
    for start, end in pairwise(sorted(edges)):
        covering ^= edges[start]
        pieces.append((text[start:end], [names[index] for index in sorted(covering)]))
    return pieces


def paragraphs(text: str) -> list[Span]:
    """Return where the paragraphs of a plain text stand: what blank lines part, without them."""
    edges = [0, *(edge for blank in _BLANK_LINES.finditer(text) for edge in blank.span()), len(text)]
    spans = [_trimmed(text, Span(start, end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return [span for span in spans if span.start < span.end]


def _trimmed(text: str, span: Span) -> Span:
    words = text[span.start : span.end]
    return Span(span.end - len(words.lstrip()), span.start + len(words.rstrip()))


def mark_paragraphs(text: str, spans: Iterable[tuple[Name, Span]]) -> list[list[tuple[str, list[Name]]]]:
    """Return the paragraphs of `text`, each in pieces as `mark` makes them; spans count in the whole text."""
    named = list(spans)
    return [
        mark(
            text[place.start : place.end],
            [(name, Span(span.start - place.start, span.end - place.start)) for name, span in named],
        )
        for place in paragraphs(text)
    ]
