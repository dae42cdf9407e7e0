import random
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.kit.redline import Op, as_html, redline

S, R, A = Op.SAME, Op.REMOVED, Op.ADDED
CASES = [
    ("", "", []),
    ("same", "same", [(S, "same")]),
    ("", "new", [(A, "new")]),
    ("old", "", [(R, "old")]),
    (
        "Data must be open.",
        "Data should be open.",
        [(S, "Data "), (R, "must "), (A, "should "), (S, "be open.")],
    ),
    ("be open.", "be open, and free.", [(S, "be open"), (A, ", and free"), (S, ".")]),
    ("a b", "a  b", [(S, "a"), (R, " "), (A, "  "), (S, "b")]),
    ("one two, three", "six seven, three", [(R, "one two"), (A, "six seven"), (S, ", three")]),
    ("人工智能治理", "人工智慧治理", [(S, "人工智"), (R, "能"), (A, "慧"), (S, "治理")]),
    ("हिन्दी भाषा", "हिन्दू भाषा", [(R, "हिन्दी "), (A, "हिन्दू "), (S, "भाषा")]),
    ("حقوق الإنسان", "حقوق الناس", [(S, "حقوق "), (R, "الإنسان"), (A, "الناس")]),
    ("One.\n\nTwo.", "One.\n\nThree.", [(S, "One.\n\n"), (R, "Two"), (A, "Three"), (S, ".")]),
]


@pytest.mark.parametrize(("old", "new", "pieces"), CASES)
def test_changes_are_told_word_by_word(old: str, new: str, pieces: list[tuple[Op, str]]) -> None:
    assert redline(old, new) == pieces


TEXTS = st.text("ab人治.,- \n", max_size=60) | st.text(max_size=30)


@given(TEXTS, TEXTS)
def test_the_pieces_hold_both_texts_exactly(old: str, new: str) -> None:
    pieces = redline(old, new)
    assert "".join(text for op, text in pieces if op is not A) == old
    assert "".join(text for op, text in pieces if op is not R) == new
    assert all(text for _, text in pieces)
    assert all(one[0] is not other[0] for one, other in pairwise(pieces))


def shuffled(words: list[str], share: float, seed: int) -> list[str]:
    chance = random.Random(seed)
    return [chance.choice(words) if chance.random() < share else word for word in words]


@pytest.mark.parametrize(
    ("share", "vocabulary", "kept"),
    [
        (0.0, 2, 1.0),
        (0.0, 300, 1.0),
        (0.01, 300, 0.98),
        (0.01, 5_000, 0.98),
        (0.3, 5_000, 0.6),
        (0.3, 2, 0),
        (1.0, 300, 0),
    ],
)
def test_ten_thousand_words_take_a_moment(share: float, vocabulary: int, kept: float) -> None:
    chance = random.Random(7)
    words = [f"w{chance.randrange(vocabulary)}" for _ in range(10_000)]
    old, new = " ".join(words), " ".join(shuffled(words, share, 8))
    start = perf_counter()
    pieces = redline(old, new)
    assert perf_counter() - start < 5
    assert "".join(text for op, text in pieces if op is not R) == new
    assert sum(len(text) for op, text in pieces if op is S) >= kept * len(new)


def test_html_is_escaped() -> None:
    html = as_html(redline("<b>one</b> & two", "<b>six</b> & two"))
    assert html == "&lt;b&gt;<del>one</del><ins>six</ins>&lt;/b&gt; &amp; two"
