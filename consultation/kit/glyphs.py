"""Which letters the fonts of a PDF can show. A letter that none of them has would fail the whole file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTFont

# The font packages, and in them only what we name: mathematics and monospace italics would only cost time.
PACKS = (
    "justmytype_western_core",
    "justmytype_intl_rtl",
    "justmytype_intl_cjk",
    "justmytype_intl_south_asia",
)
UNUSED = ("Inter", "JetBrainsMono", "STIXTwoMath")
MISSING = "\ufffd"
MOST_MARKS = 8  # on one letter
LONGEST = 36  # letters without a place to break a line


def font_folders() -> list[str]:
    """The folders of the installed font packages."""
    origins = [spec.origin for pack in PACKS if (spec := find_spec(pack)) and spec.origin]
    return [str(Path(origin).parent / "fonts") for origin in origins]


@cache
def _coverage() -> list[frozenset[int]]:
    """The letters of each font: read once in a process, in about half a second."""
    files = sorted(file for folder in font_folders() for file in Path(folder).rglob("*.ttf"))
    return [
        frozenset(TTFont(file, lazy=True).getBestCmap())
        for file in files
        if not file.name.startswith(UNUSED) and "Italic" not in file.name
    ]


@cache
def _everything() -> frozenset[int]:
    return frozenset().union(*_coverage())


def printable(text: str) -> str:
    """Return `text` with what no font can show as U+FFFD, no invisible signs, and breaks in long runs.

    A letter and the marks on it must stand in one font together; marks that stand in none with their letter
    are dropped. Line ends and tabs stay as they are.
    """
    if text.isascii() and text.isprintable():
        return _breakable(text)
    return _breakable("".join(_shown(cluster) for cluster in _clusters(unicodedata.normalize("NFC", text))))


def _clusters(text: str) -> Iterator[str]:
    cluster = ""
    for letter in text:
        if cluster and unicodedata.category(letter)[0] == "M":
            cluster += letter
        else:
            if cluster:
                yield cluster
            cluster = letter
    if cluster:
        yield cluster


def _shown(cluster: str) -> str:
    base = cluster[0]
    category = unicodedata.category(base)
    if base in "\n\t":
        return base
    if category in ("Cc", "Cf", "Cs"):
        return ""
    if category in ("Zl", "Zp"):
        return "\n"
    if category == "Zs":
        return " " if base != "\u00a0" else base
    if ord(base) not in _everything() or category == "Cn":
        return MISSING
    if len(cluster) == 1 or _in_one_font(cluster):
        return cluster[: 1 + MOST_MARKS]
    return base


def _in_one_font(cluster: str) -> bool:
    letters = {ord(letter) for letter in cluster}
    return any(letters <= font for font in _coverage())


def _breakable(text: str) -> str:
    """A run without a space, longer than a line, would leave the page: it may break at every letter."""
    if not any(len(run) > LONGEST for run in text.split()):
        return text
    return "".join(_broken(run) for run in _runs(text))


def _runs(text: str) -> Iterator[str]:
    run = ""
    for letter in text:
        if letter.isspace() != (run[:1].isspace() if run else letter.isspace()):
            yield run
            run = ""
        run += letter
    yield run


def _broken(run: str) -> str:
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in run)
    if len(run) <= LONGEST or run[:1].isspace() or 2 * wide > len(run):
        return run
    clusters = list(_clusters(run))
    return "\u200b".join("".join(clusters[place : place + 12]) for place in range(0, len(clusters), 12))
