"""Words written in Markdown, shown to everybody: CommonMark without raw HTML, images and headings.

The site's own pages keep their headings and may lead to each other.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from consultation.kit import passage

SCHEMES = {"http", "https", "mailto"}
_TAGS = {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "strong", "ul"}
_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
_PAGE_TAGS = _TAGS | {"h2", "h3"}
_PAGE_ATTRIBUTES = _ATTRIBUTES | {"h2": {"id"}, "h3": {"id"}}
_ANCHOR = re.compile(r"\s*\{#(?P<id>[a-z][a-z0-9-]*)\}$")


class _Renderer(RendererHTML):
    """What this site shows otherwise: a heading as a bold paragraph, an image as its description."""

    def heading_open(self, *_: Any) -> str:
        return "<p><strong>"

    def heading_close(self, *_: Any) -> str:
        return "</strong></p>\n"

    def image(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Mapping[str, Any]) -> str:
        return self.text([Token("text", "", 0, content=_image_words(tokens[index]))], 0, options, {})


class _PageRenderer(_Renderer):
    """A page of the site: its title stands above, so its headings are of the second and third degree."""

    def heading_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Mapping[str, Any]
    ) -> str:
        words = tokens[index + 1].children or []
        found = _ANCHOR.search(words[-1].content) if words else None
        if found is None:
            return f"<{_degree(tokens[index])}>"
        words[-1].content = words[-1].content[: found.start()]
        return f'<{_degree(tokens[index])} id="{found["id"]}">'

    def heading_close(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Mapping[str, Any]
    ) -> str:
        return f"</{_degree(tokens[index])}>\n"


def _degree(heading: Token) -> str:
    return "h2" if heading.tag in ("h1", "h2") else "h3"


def _is_offered(address: str) -> bool:
    try:
        return urlsplit(address).scheme.lower() in SCHEMES
    except ValueError:
        return False


def _is_offered_on_a_page(address: str) -> bool:
    return _is_offered(address) or address.startswith(("../", "#"))


def _parser(renderer: type[_Renderer], offers: Callable[[str], bool]) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=renderer)
    parser.disable(["html_block", "html_inline"])
    parser.validateLink = offers  # type: ignore[assignment,method-assign]
    return parser


_MARKDOWN = _parser(_Renderer, _is_offered)
_PAGE = _parser(_PageRenderer, _is_offered_on_a_page)


def render(text: str) -> SafeString:
    """Return `text` as HTML that is safe on any page of ours, whatever was written.

    Paragraphs, lists, quotations, code, emphasis and links; a line end is a line end. Headings become bold
    paragraphs, so that a comment leaves the outline of the page alone. Links lead to http, https and mailto
    addresses only, with rel="nofollow noopener ugc". An image is its description. Raw HTML is shown as text.
    """
    html = nh3.clean(
        _MARKDOWN.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=lambda _tag, _name, value: value or None,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener ugc",
    )
    return mark_safe(html)


def render_page(text: str) -> SafeString:
    """Return the text of one of the site's own pages as HTML that is safe on it.

    As `render`, but headings stay headings, `## Words {#name}` has an anchor, and links may lead to
    addresses relative to the page (`../contact/`, `#name`). Links to other sites are vouched for.
    """
    html = nh3.clean(
        _PAGE.render(text),
        tags=_PAGE_TAGS,
        attributes=_PAGE_ATTRIBUTES,
        attribute_filter=lambda _tag, _name, value: value or None,
        url_schemes=SCHEMES,
        link_rel="noopener",
    )
    return mark_safe(html)


def plain(text: str) -> str:
    """Return the words of a Markdown text in one line, without its signs: for excerpts. Not HTML."""
    return " ".join("".join(_words(_MARKDOWN.parse(text))).split())


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield _image_words(token)
        elif token.children:
            yield from _words(token.children)
        elif token.type in ("text", "code_inline", "code_block", "fence"):
            yield token.content
        elif token.block or token.tag == "br":
            yield " "


def _image_words(token: Token) -> str:
    return "".join(_words(token.children or [])) or str(token.attrs.get("src", ""))


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a plain text: what blank lines part (`passage.paragraphs` says where)."""
    return [text[span.start : span.end] for span in passage.paragraphs(text)]
