"""The format of a whole text: what is written is what is read, whatever the words look like."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consultation.texts.escapes import plain, plain_line, protected, protected_line
from consultation.texts.source import BadText, read

FACTS = b"slug: small\nauthoritative: en\n"
TRICKY = [
    "# A heading",
    "## 3. A principle",
    "\\# A heading with a backslash",
    "\\\\## 12. Two backslashes",
    "\\",
    "\\\\",
    "---",
    "```\n# no heading\n## 1. in a fence\n```",
    "  led by spaces and ending in two  ",
    "\n\nled by lines\n",
    "line\n\\\n",
    "\t",
    "👩‍👩‍👧‍👦 and e\u0301",
    "\u202bעברית\u202c \u200fعربي\u200f",
    "\ufeff a mark inside",
    "\x85 next line, \u2028 line, \u2029 paragraph, \x0b \x0c",
    "title: no YAML\nlanguage: fr",
    "#no heading\n### 3. nor this\n##3. nor that",
    "##  ٣. digits of another script",
]
fits = st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"])
signs = st.one_of(fits, st.sampled_from("#\\ .3\n"))
pieces = st.one_of(st.sampled_from(TRICKY), st.text(signs, max_size=20))
bodies = st.lists(pieces, max_size=4).map("\n".join)


def naughty_strings():
    if "ACCORD_DATA" not in os.environ:
        pytest.skip("ACCORD_DATA does not name the folder of real inputs")
    folder = Path(os.environ["ACCORD_DATA"]) / "naughty"
    strings = json.loads((folder / "blns.json").read_text(encoding="utf-8"))
    strings += (folder / "xss-payload-list.txt").read_text(encoding="utf-8").splitlines()
    return [each.replace("\x00", "").replace("\r", "") for each in strings]


def written(preamble, sections):
    """A language's file, as text: its preamble and (title, heading, body) of each principle."""
    parts = [protected(preamble)] + [
        (f"# {protected_line(heading)}\n\n" if heading else "")
        + f"## {number}. {protected_line(title)}\n\n{protected(body)}"
        for number, (title, heading, body) in enumerate(sections, start=1)
    ]
    return "---\nlanguage: en\ntitle: Small\n---\n" + "\n\n".join(parts) + "\n"


def reread(text):
    edition = read({"consultation.yaml": FACTS, "en.md": text.encode()}).editions["en"]
    return edition.preamble, [(each.title, each.heading, each.body) for each in edition.sections.values()]


@given(bodies, st.lists(st.tuples(bodies, bodies, bodies), max_size=3))
@example("", [("", "", ""), (" ", "\n", " \n")])
def test_every_word_is_read_as_it_was_written_also_after_an_editor_saved_it(preamble, sections):
    text = written(preamble, sections)
    assert reread(text) == (preamble, sections)
    assert reread("\ufeff" + text.replace("\n", "\r\n")) == (preamble, sections)


def test_naughty_strings_are_read_as_they_were_written():
    strings = naughty_strings()
    sections = [(each, each, each) for each in strings]
    assert reread(written("\n".join(strings), sections)) == ("\n".join(strings), sections)


@pytest.mark.parametrize(
    ("body", "file"),
    [
        ("One.\n# Two\nThree.", "One.\n\\# Two\nThree."),
        ("## 3. Four", "\\## 3. Four"),
        ("\\# Five", "\\\\# Five"),
        (" Six\n", "\\\n Six\n\n\\"),
        ("#Seven\n### Eight", "#Seven\n### Eight"),
    ],
)
def test_what_looks_like_a_mark_has_a_backslash_before_it_in_the_file(body, file):
    assert (protected(body), plain(file)) == (file, body)


def test_backslashes_of_markdown_stay_in_titles_that_were_written_by_hand():
    assert plain_line(r"Data \& *systems* C:\data") == r"Data \& *systems* C:\data"


ENGLISH = "---\nlanguage: en\n---\n## 1. One\n\nText.\n"


@pytest.mark.parametrize(
    ("files", "named", "line"),
    [
        ({"en.md": "---\nlanguage: en\nclauses: [\n---\n"}, "en.md", 3),
        ({"en.md": ENGLISH + "\n## 1. Again\n\nText.\n"}, "en.md", 8),
        ({"en.md": ENGLISH + "\n# Above nothing\n"}, "en.md", 8),
        ({"en.md": ENGLISH + "\n# One\n\n# Two\n\n## 2. Two\n"}, "en.md", 8),
        ({"en.md": ENGLISH, "fr.md": "---\nlanguage: fr\n---\n## 2. Deux\n"}, "fr.md", 0),
        ({"en.md": ENGLISH, "fr.md": ENGLISH}, "consultation.yaml", 0),
        ({"fr.md": ENGLISH.replace("en", "fr")}, "consultation.yaml", 0),
        ({"en.md": "No front matter."}, "en.md", 1),
    ],
)
def test_what_is_wrong_is_told_by_file_and_line(files, named, line):
    with pytest.raises(BadText) as told:
        read({"consultation.yaml": FACTS, **{name: text.encode() for name, text in files.items()}})
    assert (told.value.file, told.value.line) == (named, line)
