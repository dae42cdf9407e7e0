"""Formatted words as a flat list of blocks, for formats that have no HTML."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html.parser import HTMLParser

from consultation.kit import markdown

PARAGRAPH, CODE, RULE = "paragraph", "code", "rule"
DEEPEST = 6


@dataclass(frozen=True)
class Run:
    """Words set in one way."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    address: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, lines of code, or a rule. `marker` stands before the first block of an item of a list."""

    kind: str
    runs: tuple[Run, ...] = ()
    depth: int = 0
    quoted: bool = False
    marker: str = ""

    @property
    def text(self) -> str:
        """Its words alone."""
        return "".join(run.text for run in self.runs)


def blocks(text: str) -> tuple[Block, ...]:
    """Return a Markdown text in blocks, read exactly as the pages of the site read it."""
    reader = _Reader()
    reader.feed(markdown.render(text))
    reader.close()
    return tuple(reader.end())


class _Reader(HTMLParser):
    """Reads the few elements that `kit.markdown` writes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self.runs: list[Run] = []
        self.style = Run("")
        self.lists: list[int | None] = []
        self.quotes = 0
        self.marker = ""
        self.code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        match tag:
            case "p" | "li" | "blockquote" | "ul" | "ol" | "pre" | "hr":
                self._flush()
                self._open(tag, given)
            case "br":
                self.runs.append(Run("\n"))
            case "strong":
                self.style = replace(self.style, strong=True)
            case "em":
                self.style = replace(self.style, emphasis=True)
            case "code":
                self.style = replace(self.style, code=True)
            case "a":
                self.style = replace(self.style, address=given.get("href") or "")

    def _open(self, tag: str, given: dict[str, str | None]) -> None:
        match tag:
            case "ul":
                self.lists.append(None)
            case "ol":
                start = given.get("start") or "1"
                self.lists.append(int(start) if start.isdigit() else 1)
            case "li":
                self.marker = self._next_marker()
            case "blockquote":
                self.quotes += 1
            case "pre":
                self.code = True
            case "hr":
                self.found.append(Block(RULE, depth=self._depth()))

    def _next_marker(self) -> str:
        number = self.lists[-1] if self.lists else None
        if number is None:
            return "•"
        self.lists[-1] = number + 1
        return f"{number}."

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "p" | "li" | "pre" | "ul" | "ol" | "blockquote":
                self._flush()
                self._close(tag)
            case "strong":
                self.style = replace(self.style, strong=False)
            case "em":
                self.style = replace(self.style, emphasis=False)
            case "code":
                self.style = replace(self.style, code=False)
            case "a":
                self.style = replace(self.style, address="")

    def _close(self, tag: str) -> None:
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "blockquote":
            self.quotes -= 1
        elif tag == "pre":
            self.code = False

    def handle_data(self, data: str) -> None:
        # A line end in the HTML is no line end of the text, but within code.
        text = data if self.code else data.replace("\n", "")
        if text:
            self.runs.append(replace(self.style, text=text))

    def _depth(self) -> int:
        return min(len(self.lists) + self.quotes, DEEPEST)

    def _flush(self) -> None:
        runs, self.runs = self.runs, []
        while runs and not runs[-1].text.strip():
            runs.pop()
        if not runs:
            return
        kind = CODE if self.code else PARAGRAPH
        self.found.append(Block(kind, tuple(runs), self._depth(), self.quotes > 0, self.marker))
        self.marker = ""

    def end(self) -> list[Block]:
        """All blocks read."""
        self._flush()
        return self.found
