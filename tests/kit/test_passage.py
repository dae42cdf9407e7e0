import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.kit.passage import CONTEXT_LIMIT, Span, find, mark, mark_paragraphs, paragraphs, selector

TEXT = "All states share data. All firms share data. Nobody sells data."


def test_a_passage_is_found_where_its_words_stand() -> None:
    assert find(TEXT, "firms share") == Span(27, 38)


@pytest.mark.parametrize(
    "exact", ["", "banks", "All states share data. All firms share data. Nobody sells data.!"]
)
def test_words_that_do_not_stand_there_are_not_found(exact: str) -> None:
    assert find(TEXT, exact) is None


@pytest.mark.parametrize(
    ("prefix", "suffix", "start"),
    [
        ("", "", 17),
        ("firms share ", "", 39),
        ("", ". Nobody", 39),
        ("sells ", "", 58),
        ("something else sells ", "?", 58),
        ("nothing that agrees", "nothing", 17),
    ],
)
def test_context_decides_between_repeats(prefix: str, suffix: str, start: int) -> None:
    assert find(TEXT, "data", prefix, suffix) == Span(start, start + 4)


def test_repeats_may_overlap() -> None:
    assert find("aaaa", "aa", prefix="aa") == Span(2, 4)


@given(st.text("ab \n", min_size=1, max_size=60), st.data())
def test_a_selector_leads_back_to_its_passage(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert find(text, **selector(text, start, end)) == (start, end)


def test_a_selector_takes_more_context_where_words_repeat() -> None:
    text = "one. " + "again and again and again and again. " * 2 + "two."
    assert find(text, **selector(text, 42, 47)) == (42, 47)
    assert len(selector("word " * 1_000, 2_500, 2_504)["prefix"]) == CONTEXT_LIMIT


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (-1, 2), (0, 100)])
def test_a_passage_outside_the_text_has_no_selector(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="No passage"):
        selector(TEXT, start, end)


def test_overlapping_passages_make_pieces_with_all_their_names() -> None:
    pieces = mark("abcdefgh", [("x", Span(1, 5)), ("y", Span(3, 7)), ("z", Span(3, 5))])
    assert pieces == [("a", []), ("bc", ["x"]), ("de", ["x", "y", "z"]), ("fg", ["y"]), ("h", [])]


def test_a_text_without_passages_is_one_piece() -> None:
    assert mark("abc", []) == [("abc", [])]
    assert mark("", [("x", Span(0, 1))]) == []


@given(st.text("abc", max_size=20), st.lists(st.tuples(st.integers(-2, 22), st.integers(-2, 22)), max_size=8))
def test_pieces_joined_are_the_text_and_name_exactly_what_covers_them(
    text: str, edges: list[tuple[int, int]]
) -> None:
    spans = [(index, Span(*edge)) for index, edge in enumerate(edges)]
    pieces = mark(text, spans)
    assert "".join(piece for piece, _ in pieces) == text
    named = [names for piece, names in pieces for _ in piece]
    assert named == [
        [index for index, span in spans if span.start <= at < span.end] for at in range(len(text))
    ]


def test_paragraphs_know_where_they_stand() -> None:
    text = "\n One.\n \nTwo\nlines. \n\n\n"
    assert [text[span.start : span.end] for span in paragraphs(text)] == ["One.", "Two\nlines."]


def test_a_passage_across_paragraphs_is_marked_in_each() -> None:
    text = "ab\n\ncd"
    assert mark_paragraphs(text, [("x", Span(1, 5))]) == [
        [("a", []), ("b", ["x"])],
        [("c", ["x"]), ("d", [])],
    ]
