"""What stands in the words: links, and capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LINK = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"'()\[\]{}«»“”]+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{4,}")
LOUD_WORDS = 5
LOUD_SHARE = 0.5


def links(text: str) -> Iterator[str]:
    """The addresses of other pages."""
    return (each[0].rstrip(".,;:!?") for each in _LINK.finditer(text))


def shouted(text: str) -> Iterator[str]:
    """The words in capitals, where more than half of the longer words stand in capitals.

    Abbreviations are no shouting, and scripts without capitals can't shout.
    """
    cased = [each[0] for each in _WORD.finditer(text) if each[0].lower() != each[0].upper()]
    loud = [word for word in cased if word.isupper()]
    if len(loud) >= LOUD_WORDS and len(loud) > LOUD_SHARE * len(cased):
        yield from loud
