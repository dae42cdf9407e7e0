import json
import os
import random
import re
from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.kit import passage
from consultation.kit.redline import Op, as_html, as_paragraphs, in_paragraphs, redline
from tests.redlines import seen

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
    start = process_time()
    pieces = redline(old, new)
    assert process_time() - start < 5
    assert "".join(text for op, text in pieces if op is not R) == new
    assert sum(len(text) for op, text in pieces if op is S) >= kept * len(new)


DECLARATION = Path(os.environ.get("ACCORD_DATA", "")) / "udhr" / "udhr_six.json"
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")


def declaration(language: str) -> list[str]:
    """The paragraphs of the Universal Declaration of Human Rights."""
    text = next(each for each in json.loads(DECLARATION.read_text()) if each["lang"] == language)
    return [*text["preamble"], *(line for article in text["articles"] for line in article["paras"])]


@pytest.mark.skipif(not DECLARATION.is_file(), reason="ACCORD_DATA is not set")
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_moved_within_ten_thousand_words_is_marked_and_nothing_else(language: str) -> None:
    # Six times over: no word and no sentence stands once, which is the hardest case there is.
    before = declaration(language) * 6
    chance, slowest = random.Random(language), 0.0
    for _time in range(2):
        start, end = sorted(chance.sample(range(0, len(before), 3), 2))
        moved = before[start]
        after = [*before[:start], *before[start + 1 : end], moved, *before[end:]]
        begun = process_time()
        pieces = redline("\n\n".join(before), "\n\n".join(after))
        slowest = max(slowest, process_time() - begun)
        marked = sorted((op, len(text.strip())) for op, text in pieces if op is not S)
        assert marked == [(A, len(moved)), (R, len(moved))]
    assert slowest < 1


def test_a_sentence_that_moved_is_marked_where_it_was_and_where_it_is() -> None:
    chance = random.Random(5)
    common = ["the", "of", "and", "to", "shall", "every", "system"]
    sentences = [
        " ".join(chance.choices([*common, f"w{chance.randrange(900)}"], k=15)).capitalize() + "."
        for _each in range(700)
    ]
    moved = "This one sentence is somewhere else now."
    old = " ".join([*sentences[:40], moved, *sentences[40:]])
    new = " ".join([*sentences[:660], moved, *sentences[660:]])
    assert len(old.split()) > 10_000
    begun = process_time()
    pieces = redline(old, new)
    assert process_time() - begun < 1
    assert [(op, text.strip()) for op, text in pieces if op is not S] == [(R, moved), (A, moved)]


@given(TEXTS, TEXTS)
def test_paragraphs_hold_both_texts_exactly(old: str, new: str) -> None:
    for side, other, text in ((R, A, old), (A, R, new)):
        read = [""]
        for paragraph in in_paragraphs(old, new):
            read[-1] += "".join(words for op, words in paragraph.pieces if op is not other)
            if paragraph.end is not other:
                read.append("")
        spans = passage.paragraphs(text)
        assert [each for each in read if each] == [text[span.start : span.end] for span in spans], side


def told(old: str, new: str) -> list[tuple[int | None, str]]:
    """What the eye sees, with signs for the marks: -removed-, +added+."""
    shown = as_paragraphs(in_paragraphs(old, new))
    return [(number, re.sub("</?ins>", "+", re.sub("</?del>", "-", seen(html)))) for number, html in shown]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("", "", []),
        ("One.", "One.", [(1, "One.")]),
        ("One.\n\nTwo.", "One.\n\n\n \nTwo.", [(1, "One."), (2, "Two.")]),
        ("One.\n\nTwo.", "One.\n\nNew.\n\nTwo.", [(1, "One."), (2, "+New.+"), (3, "Two.")]),
        ("One.\n\nTwo.\n\nThree.", "One.\n\nThree.", [(1, "One."), (None, "-Two.-"), (2, "Three.")]),
        ("One.", "One.\n\nTwo.", [(1, "One."), (2, "+Two.+")]),
        ("One set.", "One new set.\n\nAnd two.", [(1, "One +new +set."), (2, "+And two.+")]),
        ("One new set.\n\nAnd two.", "One set.", [(1, "One -new -set."), (None, "-And two.-")]),
        ("One thing. Another.", "One thing.\n\nAnother.", [(1, "One thing.- -+¶+"), (2, "Another.")]),
        ("One thing.\n\nAnother.", "One thing. Another.", [(1, "One thing.-¶-"), (None, "+ +Another.")]),
        (
            "- Old words\n- stay.\n\nAnd more of it.",
            "- New words\n- stay.\n\nAnd less of it.",
            [(1, "- -Old -+New +words\n- stay."), (2, "And -more -+less +of it.")],
        ),
        ("Alpha.\n\nBeta.", "Gamma!\n\nDelta!", [(1, "-Alpha.-+Gamma!+"), (2, "-Beta.-+Delta!+")]),
    ],
)
def test_paragraphs_are_shown_one_by_one_with_their_new_numbers(
    old: str, new: str, shown: list[tuple[int | None, str]]
) -> None:
    assert told(old, new) == shown


def test_html_is_escaped_and_says_for_the_ear_what_was_added_and_removed() -> None:
    html = as_html(redline("<b>one</b> & two", "<b>six</b> & two"))
    assert html == (
        '&lt;b&gt;<del><bdi class="unseen" lang="en">[removed: </bdi>one<bdi class="unseen">]</bdi></del>'
        '<ins><bdi class="unseen" lang="en">[added: </bdi>six<bdi class="unseen">]</bdi></ins>&lt;/b&gt;'
        " &amp; two"
    )
