"""Which words of two texts are the same ones."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Protocol

# Lengths of runs of words that are looked for as anchors: those that stand once on both sides.
_RUNS = (1, 3, 9)

# Pairs of words that difflib may compare at a stretch: a longer one without an anchor counts as replaced.
_STRETCH = 1_000_000

# Words by which a run that came or went may be moved to begin where a sentence does.
_SLIDE = 60

# Sentences that may come and go before whole sentences are no longer looked for.
_SENTENCES = 120
_ENDS = ".!?;:\u2026\u061b\u061f\u06d4\u0964\u3002\uff01\uff1f\uff1b\uff0e"


class Word(Protocol):
    """A word, and whether the paragraph ends with it."""

    @property
    def word(self) -> str: ...

    @property
    def is_last(self) -> bool: ...


def pairs(old: Sequence[Word], new: Sequence[Word]) -> list[tuple[int, int]]:
    """Return which words of two texts are the same ones: their places in both, in order.

    First whole sentences that stayed, then, between them, words and runs of words that stand once on both
    sides (patience), then what difflib finds between those.
    """
    before, after = [each.word for each in old], [each.word for each in new]
    met = _same_sentences(old, new)
    sections = list(_between(met, 0, len(before), 0, len(after)))
    while sections:
        i, i_end, j, j_end = sections.pop()
        while i < i_end and j < j_end and before[i] == after[j]:
            met.append((i, j))
            i, j = i + 1, j + 1
        while i < i_end and j < j_end and before[i_end - 1] == after[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
            met.append((i_end, j_end))
        anchors = [(i + a, j + b) for a, b in _anchors(before[i:i_end], after[j:j_end])]
        if not anchors:
            met += [(i + a, j + b) for a, b in _compared(before[i:i_end], after[j:j_end])]
            continue
        met += anchors
        sections += _between(anchors, i, i_end, j, j_end)
    return _slid(sorted(met), old, new)


def _slid(met: list[tuple[int, int]], old: Sequence[Word], new: Sequence[Word]) -> list[tuple[int, int]]:
    """What came or went alone begins where a paragraph or a sentence does, if its words allow it.

    "set[.¶And more] ." holds the same words as "set.[¶And more.]".
    """
    swapped = [(j, i) for i, j in _slid_one_way(met, new)]
    return [(i, j) for j, i in _slid_one_way(swapped, old)]


def _slid_one_way(met: list[tuple[int, int]], new: Sequence[Word]) -> list[tuple[int, int]]:
    slid = list(met)
    for at in range(len(slid)):
        i, j = slid[at - 1] if at else (-1, -1)
        if slid[at][0] != i + 1 or slid[at][1] == j + 1:
            continue
        start, end = j + 1, slid[at][1]
        steps = _best_slide(slid, at, new, start, end)
        for step in range(steps):
            slid[at + step] = (slid[at + step][0], start + step)
    return slid


def _best_slide(met: list[tuple[int, int]], at: int, new: Sequence[Word], start: int, end: int) -> int:
    """How many words later the run from `start` to `end` had better begin."""
    best, best_score = 0, _beginning(new, start)
    for step in range(1, _SLIDE + 1):
        follows = at + step - 1
        together = follows < len(met) and met[follows] == (met[at][0] + step - 1, end + step - 1)
        if not together or new[start + step - 1].word != new[end + step - 1].word:
            break
        score = _beginning(new, start + step)
        if score > best_score:
            best, best_score = step, score
    return best


def _beginning(words: Sequence[Word], place: int) -> int:
    """2 where a paragraph begins, 1 where a sentence does, else 0."""
    if place == 0 or words[place - 1].is_last:
        return 2
    return int(words[place - 1].word[:1] in _ENDS)


def _between(
    anchors: Sequence[tuple[int, int]], i: int, i_end: int, j: int, j_end: int
) -> Iterator[tuple[int, int, int, int]]:
    """What lies between words that are known to be the same."""
    starts = [(i, j), *((a + 1, b + 1) for a, b in anchors)]
    ends = [*anchors, (i_end, j_end)]
    for (a, b), (a_end, b_end) in zip(starts, ends, strict=True):
        if a < a_end or b < b_end:
            yield a, a_end, b, b_end


def _same_sentences(before: Sequence[Word], after: Sequence[Word]) -> list[tuple[int, int]]:
    """The words of sentences that stayed, if few came or went: so a sentence that moved is marked alone."""
    old, new = list(_sentences(before)), list(_sentences(after))
    met = _shortest([words for _start, words in old], [words for _start, words in new])
    return [(old[a][0] + word, new[b][0] + word) for a, b in met for word in range(len(old[a][1]))]


def _sentences(words: Sequence[Word]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each sentence with its place: no sentence goes on in the next paragraph."""
    start = 0
    for place, each in enumerate(words, start=1):
        if each.word[:1] in _ENDS or each.is_last or place == len(words):
            yield start, tuple(word.word for word in words[start:place])
            start = place


def _shortest(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[tuple[int, int]]:
    """What stays in the shortest way from one to the other (Myers 1986); nothing if that way is long."""
    ends, trail = {1: 0}, []
    for steps in range(_SENTENCES + 1):
        trail.append(dict(ends))
        for diagonal in range(-steps, steps + 1, 2):
            down = _comes_down(ends, diagonal, steps)
            i = ends[diagonal + 1] if down else ends[diagonal - 1] + 1
            while i < len(before) and i - diagonal < len(after) and before[i] == after[i - diagonal]:
                i += 1
            ends[diagonal] = i
            if i >= len(before) and i - diagonal >= len(after):
                return _walked_back(trail, len(before), len(after))
    return []


def _walked_back(trail: list[dict[int, int]], i: int, j: int) -> list[tuple[int, int]]:
    met = []
    for steps in range(len(trail) - 1, -1, -1):
        ends, diagonal = trail[steps], i - j
        down = _comes_down(ends, diagonal, steps)
        i_before = ends[diagonal + 1] if down else ends[diagonal - 1]
        j_before = i_before - (diagonal + 1 if down else diagonal - 1)
        while i > i_before and j > j_before:
            i, j = i - 1, j - 1
            met.append((i, j))
        i, j = i_before, j_before
    return met[::-1]


def _comes_down(ends: dict[int, int], diagonal: int, steps: int) -> bool:
    return diagonal == -steps or (diagonal != steps and ends[diagonal - 1] < ends[diagonal + 1])


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Where both sides surely meet: by single words that stand once, else by runs of words that do."""
    for length in _RUNS:
        if met := rising(_once(_runs(before, length), _runs(after, length))):
            return met
    return []


def _runs(words: Sequence[str], length: int) -> list[tuple[str, ...]]:
    return list(zip(*(words[start:] for start in range(length)), strict=False))


def _once(before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]) -> list[tuple[int, int]]:
    times_before, times_after = Counter(before), Counter(after)
    places = {run: place for place, run in enumerate(after) if times_after[run] == 1}
    return [(i, places[run]) for i, run in enumerate(before) if times_before[run] == 1 and run in places]


def rising(once: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of `once`, sorted by its first numbers, in which the second ones rise too."""
    ends: list[int] = []  # the least place at which a run of each length ends
    chain: list[int] = []  # where in `once` it ends
    previous: list[int] = []
    for index, (_, place) in enumerate(once):
        length = bisect_left(ends, place)
        previous.append(chain[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        chain[length : length + 1] = [index]
    run, index = [], chain[-1] if chain else -1
    while index >= 0:
        run.append(once[index])
        index = previous[index]
    return run[::-1]


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int]]:
    if len(before) * len(after) > _STRETCH:
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for block in matcher.get_matching_blocks():
        yield from ((block.a + step, block.b + step) for step in range(block.size))
