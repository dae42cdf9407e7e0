import pytest
from django.db import connection
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultation.kit.search import INDEX_LIMIT, ParsedQuery, document, matching, parse, reference_of
from tests.search_cases import CASES, SearchCase


def finds(query: str, *parts: str, sql: str = "SELECT %s::tsvector @@ %s::tsquery") -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [document(*parts), parse(query)])
        return bool(cursor.fetchone()[0])


def test_there_are_forty_cases() -> None:
    assert len(CASES) == 40


@pytest.mark.parametrize("case", CASES, ids=[case.query for case in CASES])
@pytest.mark.parametrize("reader", ["%s::tsquery", "to_tsquery('simple', %s)"])
def test_each_query_finds_what_it_must_and_nothing_else(db: None, case: SearchCase, reader: str) -> None:
    sql = f"SELECT %s::tsvector @@ {reader}"
    found = [text for text in case.finds + case.misses if finds(case.query, text, sql=sql)]
    assert found == list(case.finds)


@pytest.mark.parametrize(
    "typed", ["", "   ", "-", '""', '-""', "!?", "😀", "\x00", "\ud800", "' & | ! ( ) :* <->", "·"]
)
def test_nothing_to_look_for_is_none(typed: str) -> None:
    assert parse(typed) is None
    assert matching("vector", typed) is None


OPERATORS = [
    ("a & b", "'a' & 'b'"),
    ("a | !b", "'a' & 'b'"),
    ("it's", "'it' <1> 's'"),
    ("'; drop table", "'drop' & 'table'"),
    ("a\\b", "'a' <1> 'b'"),
    ("a:*", "'a'"),
    ('"open', "'open'"),
    ("-–a", "!('a')"),
    ("“a b”", "'a' <1> 'b'"),
    ("治理AI", "'治理' <2> 'ai'"),
    ("治", "'治':*"),
]


@pytest.mark.parametrize(("typed", "literal"), OPERATORS)
def test_a_query_is_words_and_never_operators(typed: str, literal: str) -> None:
    assert parse(typed) == literal


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=[]), max_size=60))
def test_any_text_makes_literals_that_postgresql_takes(db: None, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector, %s::tsquery", [document(text), parse(text) or ""])
        assert cursor.fetchone() is not None


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(categories=["L", "N", "Zs"]), min_size=1, max_size=40))
def test_a_text_of_letters_is_found_by_itself_as_a_phrase(db: None, text: str) -> None:
    assert parse(text) is None or finds(f'"{text}"', text)


def test_a_phrase_is_found_at_the_end_of_the_longest_text(db: None) -> None:
    words = " ".join(f"w{number}" for number in range(9_000))
    assert finds('"very last words"', words, "and the very last words")
    signs = "".join(chr(0x4E00 + number) for number in range(19_000))
    assert finds("人工智能治理", signs, signs + "最后是人工智能治理")


def test_a_phrase_does_not_reach_from_one_part_into_the_next(db: None) -> None:
    assert finds("open data", "all open", "data")
    assert not finds('"open data"', "all open", "data")


def test_a_document_of_any_length_fits_a_vector(db: None) -> None:
    signs = "".join(chr(0x20000 + number % 40_000) for number in range(2 * INDEX_LIMIT))
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(%s::tsvector)", [document(signs)])
        assert cursor.fetchone()[0] > 39_000


def test_a_word_longer_than_a_lexeme_is_still_found(db: None) -> None:
    assert finds("x" * 400, "x" * 5_000)


def test_a_word_that_stands_everywhere_keeps_its_first_places() -> None:
    assert document("the " * 1_000) == f"'the':{','.join(map(str, range(1, 256)))}"


def test_the_same_text_makes_the_same_document() -> None:
    assert document("b a b") == "'a':2 'b':1,3"


def test_matching_compares_the_field_with_the_literal() -> None:
    assert matching("text__vector", "a -b") == Q(text__vector=ParsedQuery("'a' & !('b')"))


REFERENCES = [
    ("P3-42", "P3-42"),
    (" p03-042 ", "P3-42"),
    ("g-7", "G-7"),
    ("#S-1", "S-1"),
    ("Ｐ３－４２", "P3-42"),
    ("P٣-٤٢", "P3-42"),
    ("P3–42", "P3-42"),
    ("P3-42 open", None),
    ("P3", None),
    ("P0-1", None),
    ("P1-0", None),
    ("X-1", None),
    ("P3-4200000000", None),
    ("\x00", None),
]


@pytest.mark.parametrize(("typed", "reference"), REFERENCES)
def test_a_reference_is_recognized_in_any_spelling(typed: str, reference: str | None) -> None:
    assert reference_of(typed) == reference
