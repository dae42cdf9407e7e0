"""Full text for every language alike: words of folded text, and bigrams where a script has no spaces.

Both sides are made here, as literals of the types `tsvector` and `tsquery`, so that neither the parser nor
the locale of the server decides what a word is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from consultation.kit.fold import fold
from consultation.kit.scripts import is_in_word, is_mark, is_unspaced

QUERY_LIMIT = 500  # code points of a query; the rest is not read
INDEX_LIMIT = 60_000  # code points of a document after folding; keeps the vector under PostgreSQL's 1 MB
_WORD_LIMIT = 200  # code points of a word, in documents and queries alike; a lexeme holds 2 KB
_LAST_POSITION = 16_383  # PostgreSQL's
_POSITIONS_LIMIT = 255  # of one lexeme: PostgreSQL's
_GAP = 10  # between parts of a document, so that no phrase reaches from one into the next

_REFERENCE = re.compile(r"#?(p(?P<principle>\d{1,4})|(?P<series>[gs]))-(?P<number>\d{1,9})")
_TERM = re.compile(r'(?P<minus>-*)(?:"(?P<phrase>[^"]*)"?|(?P<chunk>[^\s"]+))')
_OTHER_QUOTES = str.maketrans({"「": '"', "」": '"', "『": '"', "』": '"'})


@dataclass(frozen=True)
class _Lexeme:
    text: str
    position: int
    alone: bool = False  # the only sign of a run without spaces: looked for as a prefix
    last: bool = False  # the last sign of a longer such run: kept in documents, not asked for


def document(*parts: str) -> str:
    """Return a `tsvector` literal for what a reader may look for in `parts`, such as body and wording.

    Save it as it is in a `SearchVectorField`. Positions start again after 16,383, where PostgreSQL would
    stop telling them apart: a phrase is found wherever it stands in the longest text. Of a word that
    stands more than 255 times, phrases find the first 255. Never raises, whatever the text.
    """
    places: dict[str, list[int]] = {}
    start, room = 0, INDEX_LIMIT
    for part in parts:
        folded = fold(part)[:room]
        room -= len(folded)
        end = start
        for lexeme in _lexemes(folded, start):
            end = lexeme.position
            kept = places.setdefault(lexeme.text, [])
            if len(kept) < _POSITIONS_LIMIT:
                kept.append((end - 1) % _LAST_POSITION + 1)
        start = end + _GAP
    return " ".join(f"'{text}':{','.join(map(str, kept))}" for text, kept in sorted(places.items()))


def parse(q: str) -> str | None:
    """Return a `tsquery` literal for what a reader typed, or None if nothing to look for is left.

    All words must be there; "…" is a phrase, -word or -"…" must not be there. A run of Chinese, Japanese,
    Korean or Thai is a phrase of its bigrams, and signs inside a word (co-operation, l'accord) make a
    phrase. Safe as `SearchQuery(raw, search_type="raw", config="simple")`; `matching` needs no parser.
    """
    terms = []
    for term in _TERM.finditer(fold(q[:QUERY_LIMIT]).translate(_OTHER_QUOTES)):
        phrase = _phrase(list(_lexemes(term["phrase"] or term["chunk"] or "", 0)))
        if phrase:
            terms.append(f"!({phrase})" if term["minus"] else phrase)
    return " & ".join(terms) or None


def matching(field: str, q: str) -> Q | None:
    """Return the condition that the `SearchVectorField` at `field` has what `q` asks for, or None.

    None means that nothing to look for was typed: show why, not everything.
    """
    query = parse(q)
    return None if query is None else Q(**{field: ParsedQuery(query)})


class ParsedQuery(SearchQuery):
    """A `tsquery` literal taken as it is."""

    template = "(%(expressions)s)::tsquery"

    def __init__(self, literal: str) -> None:
        super().__init__(literal, search_type="raw")


def reference_of(q: str) -> str | None:
    """Return the reference of a comment in its one spelling (`P3-42`, `G-7`, `S-7`) if `q` is one."""
    found = _REFERENCE.fullmatch(fold(q[:QUERY_LIMIT]))
    if found is None:
        return None
    series = f"P{int(found['principle'])}" if found["principle"] else found["series"].upper()
    number = int(found["number"])
    return f"{series}-{number}" if number and series != "P0" else None


def _lexemes(folded: str, position: int) -> Iterator[_Lexeme]:
    """Words and bigrams with their positions, from the one after `position`.

    A run of n signs takes n positions: n-1 bigrams, then its last sign, so that every sign begins a lexeme
    and a single one is found by prefix.
    """
    for run, unspaced in _runs(folded):
        if not unspaced:
            position += 1
            yield _Lexeme("".join(run)[:_WORD_LIMIT], position)
            continue
        for first, second in zip(run, [*run[1:], ""], strict=True):
            position += 1
            text = first[:_WORD_LIMIT] + second[:_WORD_LIMIT]
            yield _Lexeme(text, position, alone=len(run) == 1, last=not second and len(run) > 1)


def _runs(folded: str) -> Iterator[tuple[list[str], bool]]:
    """Runs of signs, each sign with its marks, and whether their script goes without spaces."""
    run: list[str] = []
    unspaced = False
    for character in folded:
        if run and is_mark(character):
            run[-1] += character
            continue
        belongs = is_in_word(character)
        if run and (not belongs or is_unspaced(character) != unspaced):
            yield run, unspaced
            run = []
        if belongs:
            unspaced = is_unspaced(character)
            run.append(character)
    if run:
        yield run, unspaced


def _phrase(lexemes: list[_Lexeme]) -> str:
    """The lexemes at their distances from each other, in the syntax of `tsquery`."""
    asked = [lexeme for lexeme in lexemes if not lexeme.last]
    parts = [f"'{lexeme.text}'" + ":*" * lexeme.alone for lexeme in asked]
    gaps = [after.position - before.position for before, after in pairwise(asked)]
    return "".join(f"{part} <{gap}> " for part, gap in zip(parts, gaps, strict=False)) + "".join(parts[-1:])
