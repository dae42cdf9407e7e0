"""Pictures: text stays text, lines break where they must, and Arabic begins at the other side."""

from xml.etree import ElementTree

import pytest

from consultation.kit import svg
from consultation.kit.svg import Canvas


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("", []),
        ("Short", ["Short"]),
        ("one two three four", ["one two", "three", "four"]),
        ("averyveryverylongword stays", ["averyveryverylongword", "stays"]),
        ("全球人工智能治理倡议", ["全球人工", "智能治理", "倡议"]),
    ],
)
def test_words_break_into_lines_of_about_a_width(words, lines):
    assert svg.wrapped(words, 48, 12) == lines


@pytest.mark.parametrize(("from_right", "x"), [(False, "30"), (True, "170")])
def test_what_is_said_is_text_and_stands_where_reading_starts(from_right, x):
    canvas = Canvas(200, from_right, 20)
    shape = canvas.text("words", 10, 5, "<b>&\u201d</b>")
    drawn = svg.picture(canvas, 50, [shape], key="k", title="A & B", about="<", language="ar")
    root = ElementTree.fromstring(svg.as_file(drawn).encode())
    [text] = root.iter("{http://www.w3.org/2000/svg}text")
    assert (text.text, text.get("x"), text.get("text-anchor")) == ("<b>&\u201d</b>", x, "start")
    assert root.get("direction") == ("rtl" if from_right else "ltr")
    assert root.get("aria-labelledby") == "k-title k-about"
    assert canvas.room == 160
