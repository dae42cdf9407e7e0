"""What comparing two long texts costs."""

from __future__ import annotations

import random
from collections.abc import Iterator

from consultation.kit.markdown import plain
from consultation.kit.redline import in_paragraphs
from tests.bench.measuring import Ratio, compare

SENTENCES, WORDS = 700, 15  # some 10,000 words in all


def redlines() -> Iterator[Ratio]:
    """Two texts of 10,000 words, in paragraphs, beside reading one of them as Markdown."""
    old = _text(random.Random(1))
    moved = [*old[:40], *old[41:600], old[40], *old[600:]]
    changed = [_changed(sentence, random.Random(index)) for index, sentence in enumerate(old)]
    for name, new in (
        ("a redline, one sentence moved", moved),
        ("a redline, every sentence changed", changed),
    ):
        before, after = _join(old), _join(new)
        what = f"two texts of {len(before.split()):,} words"
        yield compare(
            name,
            (what, lambda before=before, after=after: in_paragraphs(before, after)),
            ("one of them read as Markdown", lambda before=before: plain(before)),
            times=5,
        )


def _text(chance: random.Random) -> list[str]:
    common = ["the", "of", "and", "to", "shall", "every", "system"]
    vocabulary = [*common * 20, *(f"w{number}" for number in range(900))]
    return [" ".join(chance.choices(vocabulary, k=WORDS)) + "." for _each in range(SENTENCES)]


def _changed(sentence: str, chance: random.Random) -> str:
    words = sentence.split()
    words[chance.randrange(len(words))] = "another"
    return " ".join(words)


def _join(sentences: list[str]) -> str:
    return "\n\n".join(" ".join(sentences[at : at + 5]) for at in range(0, len(sentences), 5))
