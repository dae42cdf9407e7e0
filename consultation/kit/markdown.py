"""Words written in Markdown, shown to everybody: CommonMark without raw HTML, images and headings."""

from collections.abc import Iterator, Mapping, Sequence
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


class _Renderer(RendererHTML):
    """What this site shows otherwise: a heading as a bold paragraph, an image as its description."""

    def heading_open(self, *_: Any) -> str:
        return "<p><strong>"

    def heading_close(self, *_: Any) -> str:
        return "</strong></p>\n"

    def image(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Mapping[str, Any]) -> str:
        return self.text([Token("text", "", 0, content=_image_words(tokens[index]))], 0, options, {})


def _is_offered(address: str) -> bool:
    try:
        return urlsplit(address).scheme.lower() in SCHEMES
    except ValueError:
        return False


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=_Renderer)
    parser.disable(["html_block", "html_inline"])
    parser.validateLink = _is_offered  # type: ignore[assignment,method-assign]
    return parser


_MARKDOWN = _parser()


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
