"""Signals: what makes a contribution worth a look, each in words. No signal decides anything by itself.

Another room adds one by `register` when the apps are ready, with a `Reason` of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from consultation.moderation.models import Item, Reason


@dataclass(frozen=True)
class Contribution:
    """What just came, for signals to look at: `words` are all texts of the revision."""

    item: Item
    words: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class Signal:
    """`looks` says whether it speaks up; `marks` which words of a text made it, where it is about words."""

    code: Reason
    looks: Callable[[Contribution], bool]
    marks: Callable[[str], Iterator[str]] | None = None


_signals: dict[Reason, Signal] = {}


def register(signal: Signal) -> None:
    """From now on this signal looks at what comes, wherever the secretariat has not switched it off."""
    _signals[signal.code] = signal


def about_words(code: Reason, marks: Callable[[str], Iterator[str]]) -> Signal:
    """A signal that speaks up where `marks` finds something in any of the words."""
    return Signal(code, lambda given: any(next(marks(text), None) for text in given.words), marks)


def codes() -> list[Reason]:
    """The signals that there are, in the order in which they were registered."""
    return list(_signals)


def found(given: Contribution, *, off: Collection[str] = ()) -> list[Reason]:
    """The signals that speak up at a contribution, but for those that are switched off."""
    return [code for code, signal in _signals.items() if code not in off and signal.looks(given)]


def marks(code: str, text: str, *, most: int = 5) -> list[str]:
    """Which words of the text made the signal speak up, each once; nothing where it is not about words."""
    signal = next((each for each in _signals.values() if each.code == code), None)
    if signal is None or signal.marks is None:
        return []
    return list(dict.fromkeys(signal.marks(text)))[:most]
