"""What became of a passage when the text around it was changed: found again, changed, or gone."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from rapidfuzz import fuzz

from consultation.kit import passage
from consultation.kit.passage import Span
from consultation.kit.redline import Op, redline
from consultation.kit.scripts import is_in_word, is_unspaced

# Of a passage, measured in letters, so much must still stand for the place to be its own: below it, what
# two texts share are words such as "of the".
KEPT = 0.5
# Or its letters are so much alike, as where every word is inflected: two texts about one matter reach 0.6.
LIKE = 0.7
# How long a passage is, with what surrounds it, that nobody writes twice by chance, in letters; half as long
# where it stands once in either text. A Chinese sign says as much as three.
TELLING = 24
SIGN = 3


class Fate(StrEnum):
    """What became of a passage."""

    FOUND = "found"
    CHANGED = "changed"
    GONE = "gone"


class Whereabouts(NamedTuple):
    """What became of a passage: where it stood, and where it stands now (None when it is gone)."""

    fate: Fate
    was: Span
    now: Span | None


class Refinder:
    """Finds the passages of one text again in another one. What both have in common is worked out once."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self._known: dict[Span, Whereabouts] = {}

    def find(self, exact: str, prefix: str = "", suffix: str = "") -> Whereabouts | None:
        """Return what became of this passage of the old text (W3C TextQuoteSelector); None if none is there.

        In this order: the same words at the place to which the redline leads; the same words elsewhere; the
        words at that place, where half of the passage still stands; the likest words elsewhere. A short
        passage is taken for moved only where enough of its surroundings moved along.
        """
        was = passage.find(self.old, exact, prefix, suffix)
        if was is None:
            return None
        if was not in self._known:
            self._known[was] = self._followed(was)
        return self._known[was]

    def _followed(self, was: Span) -> Whereabouts:
        mapped, likeness = self._mapped(was)
        words = self.old[was.start : was.end]
        if mapped is not None and self.new[mapped.start : mapped.end].split() == words.split():
            return Whereabouts(Fate.FOUND, was, mapped)
        moved = self._moved(was)
        if moved is not None:
            return Whereabouts(Fate.FOUND, was, moved)
        if mapped is not None and likeness >= KEPT:
            return Whereabouts(Fate.CHANGED, was, mapped)
        like = self._likest(words)
        return Whereabouts(Fate.GONE if like is None else Fate.CHANGED, was, like)

    @cached_property
    def _pieces(self) -> list[tuple[Op, str]]:
        return redline(self.old, self.new)

    def _mapped(self, was: Span) -> tuple[Span | None, float]:
        """Where the redline leads the passage, and how much of it still stands there: 0 to 1."""
        covered: list[int] = []
        kept, i, j = 0, 0, 0
        replaced: bool | None = None  # whether what was removed just before belongs to the passage
        for op, text in self._pieces:
            length = len(text)
            low, high = max(i, was.start), min(i + length, was.end)
            if op is Op.SAME and low < high:
                covered += [j + low - i, j + high - i]
                kept += _weight(self.old[low:high])
            elif op is Op.ADDED:
                inside = was.start < i < was.end if replaced is None else replaced
                covered += [j, j + length] if inside else []
            replaced = 2 * (high - low) >= length if op is Op.REMOVED else None
            i += 0 if op is Op.ADDED else length
            j += 0 if op is Op.REMOVED else length
        now = self._trimmed(min(covered), max(covered)) if covered else None
        if now is None:
            return None, 0.0
        words = self.old[was.start : was.end]
        alike = fuzz.ratio(words, self.new[now.start : now.end]) / 100
        return now, 1.0 if alike >= LIKE else kept / max(1, _weight(words))

    def _moved(self, was: Span) -> Span | None:
        """Where the very same words stand elsewhere."""
        named = passage.selector(self.old, *was)
        now = passage.find(self.new, **named)
        if now is None:
            return None
        exact = named["exact"]
        around = passage.agreement(self.new, now, named["prefix"], named["suffix"])
        once = self.old.count(exact) == 1 == self.new.count(exact)
        return now if _weight(exact) + around >= (TELLING // 2 if once else TELLING) else None

    def _likest(self, words: str) -> Span | None:
        """Where the likest words stand: a window as long as the passage, or its edges by a redline."""
        if _weight(words) < TELLING:
            return None
        found = fuzz.partial_ratio_alignment(words, self.new, score_cutoff=100 * LIKE)
        if found is None:
            return None
        margin = len(words) // 4
        window = self._whole_words(found.dest_start, found.dest_end)
        around = self._whole_words(window.start - margin, window.end + margin)
        near, _likeness = Refinder(words, self.new[around.start : around.end])._mapped(Span(0, len(words)))
        exact = Span(around.start + near.start, around.start + near.end) if near else window
        return max(window, exact, key=lambda span: fuzz.ratio(words, self.new[span.start : span.end]))

    def _whole_words(self, start: int, end: int) -> Span:
        start, end = max(0, start), min(len(self.new), end)
        while start > 0 and _within_word(self.new[start - 1 : start + 1]):
            start -= 1
        while end < len(self.new) and _within_word(self.new[end - 1 : end + 1]):
            end += 1
        return self._trimmed(start, end) or Span(start, end)

    def _trimmed(self, start: int, end: int) -> Span | None:
        words = self.new[start:end]
        span = Span(end - len(words.lstrip()), start + len(words.rstrip()))
        return span if span.start < span.end else None


def _weight(text: str) -> int:
    """How much a text says, in letters."""
    return sum(SIGN if is_unspaced(each) else 1 for each in text if not each.isspace())


def _within_word(pair: str) -> bool:
    return all(is_in_word(each) and not is_unspaced(each) for each in pair)
