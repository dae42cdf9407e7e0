import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.kit.markdown import paragraphs, plain, render, render_page
from consultation.kit.text import BODY_LIMIT

REL = 'rel="nofollow noopener ugc"'
SHOWN = [
    ("Two *short* **words**.", "<p>Two <em>short</em> <strong>words</strong>.</p>"),
    ("one\ntwo", "<p>one<br>\ntwo</p>"),
    ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>'),
    ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
    ("`a<b`", "<p><code>a&lt;b</code></p>"),
    ("```html\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>"),
    ("# Title", "<p><strong>Title</strong></p>"),
    ("Title\n=====", "<p><strong>Title</strong></p>"),
    ("[un](https://un.org)", f'<p><a href="https://un.org" {REL}>un</a></p>'),
    ("[un](https://un.org 'title')", f'<p><a href="https://un.org" {REL}>un</a></p>'),
    ("<https://un.org>", f'<p><a href="https://un.org" {REL}>https://un.org</a></p>'),
    ("<a@un.org>", f'<p><a href="mailto:a@un.org" {REL}>a@un.org</a></p>'),
    ("![a map](https://un.org/m.png)", "<p>a map</p>"),
    ("![](https://un.org/m.png)", "<p>https://un.org/m.png</p>"),
    ("![<b>](https://un.org/m.png)", "<p>&lt;b&gt;</p>"),
    ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>"),
    ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ("[x](JaVaScRiPt:alert(1))", "<p>[x](JaVaScRiPt:alert(1))</p>"),
    ("[x](data:text/html,hi)", "<p>[x](data:text/html,hi)</p>"),
    ("[x](//evil.example)", "<p>[x](//evil.example)</p>"),
    ("[x](/desk/)", "<p>[x](/desk/)</p>"),
    ("[x](http://[::1)", f"<p><a {REL}>x</a></p>"),
    ("[x]()", f"<p><a {REL}>x</a></p>"),
    ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "html"), SHOWN)
def test_each_construct_is_shown_as_agreed(text: str, html: str) -> None:
    assert str(render(text)).strip() == html


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: set[tuple[str, str, str]] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {(tag, name, value or "") for name, value in attrs} or {(tag, "", "")}


TAGS = {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "strong", "ul"}


def assert_harmless(html: str) -> None:
    for tag, name, value in Elements(html).seen:
        assert tag in TAGS
        assert name in {"a": {"href", "rel"}, "ol": {"", "start"}}.get(tag, {""})
        assert name != "href" or re.match(r"(?i)(https?|mailto):", value)


@given(
    st.text(
        st.characters(exclude_categories=["Cs"]) | st.sampled_from("[]()<>!*_`#&:;\"'/\\-=\n"), max_size=80
    )
)
def test_no_text_makes_harmful_html(text: str) -> None:
    assert_harmless(render(text))
    plain(text)


@pytest.mark.skipif(
    "ACCORD_DATA" not in os.environ, reason="ACCORD_DATA does not name the folder of real inputs"
)
def test_hostile_strings_are_harmless_alone_and_inside_constructs() -> None:
    folder = Path(os.environ["ACCORD_DATA"]) / "naughty"
    strings = json.loads((folder / "blns.json").read_text())
    strings += (folder / "xss-payload-list.txt").read_text().splitlines()
    for text in strings:
        assert_harmless(render(f"{text}\n\n[{text}]({text})\n\n![{text}]({text})\n\n<{text}>\n\n# {text}"))


@pytest.mark.parametrize(
    "unit", ["[", "![](", "*a_", "> ", "- ", "`", "<a@b.", "a&", "[a](", "\\", "1. ", "**", "[x]: "]
)
def test_the_longest_text_renders_in_bounded_time(unit: str) -> None:
    start = perf_counter()
    render(unit * (BODY_LIMIT // len(unit)))
    assert perf_counter() - start < 5


def test_plain_is_the_words_in_one_line() -> None:
    text = (
        "# Title\n\nOne *two*\n[three](https://un.org) ![map](https://un.org)\n\n- `four`\n- <b>\n\n    five"
    )
    assert plain(text) == "Title One two three map four <b> five"


def test_paragraphs_are_parted_by_blank_lines() -> None:
    assert paragraphs("One\ntwo.\n\n \n Three. \n\n") == ["One\ntwo.", "Three."]
    assert paragraphs(" \n\n") == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# One", "<h2>One</h2>\n"),
        ("## Two {#two}", '<h2 id="two">Two</h2>\n'),
        ("### A *b* {#x-1}", '<h3 id="x-1">A <em>b</em></h3>\n'),
        ("## Two {#Two words}", "<h2>Two {#Two words}</h2>\n"),
        ("[in](../contact/)", '<p><a href="../contact/" rel="noopener">in</a></p>\n'),
        ("[here](#two)", '<p><a href="#two" rel="noopener">here</a></p>\n'),
        ("[out](//evil.example)", "<p>[out](//evil.example)</p>\n"),
        ("[js](javascript:a)", "<p>[js](javascript:a)</p>\n"),
        ("<script>a</script>", "<p>&lt;script&gt;a&lt;/script&gt;</p>\n"),
    ],
)
def test_a_page_of_the_site_keeps_headings_anchors_and_own_links(text: str, html: str) -> None:
    assert render_page(text) == html
