"""How much of a principle stands in the readable formats: at most sixty pages."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from consultation.digests.document import Card, Prose

IN_FULL = 150  # comments
REFERENCES = 5000
NAMES = 600  # institutions listed by name under one principle

# In lines of print: a page of A4 holds fifty-three, each of some 80 narrow letters. Two pages are kept back
# for headings and for what is broken over a page.
PAGES = 58
LINES_A_PAGE = 53
LINE = 80
INDENT = 5
FIGURES = 30
REFERENCES_A_LINE = 9
CARD = 4.5  # a rule, the spaces, and the line that says who
BLOCK = 0.25  # more space between paragraphs than between lines
PROPOSAL = 2.5
# Texts of right-to-left scripts are set with more room between their lines.
RIGHT_TO_LEFT = 1.3


class Keyed(Protocol):
    """What a card is made of."""

    @property
    def key(self) -> str: ...

    @property
    def written(self) -> str: ...


T = TypeVar("T", bound=Keyed)


def lines(text: str, *, depth: int = 0, direction: str = "ltr") -> float:
    """About how many lines `text` takes in print; wide letters count twice."""
    room = LINE - INDENT * depth
    taken = sum(1 + _width(line) // room for line in text.split("\n"))
    return taken * RIGHT_TO_LEFT if direction == "rtl" else taken


def _width(line: str) -> int:
    if line.isascii():
        return len(line) + sum(map(str.isupper, line)) // 3
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def prose_lines(prose: Prose) -> float:
    """About how many lines a formatted text takes, with the space between its paragraphs."""
    return sum(
        BLOCK + lines(block.text, depth=block.depth, direction=prose.direction) for block in prose.blocks
    )


def card_lines(card: Card) -> float:
    """About how many lines a comment or a statement takes."""
    taken = CARD + (1 if card.support else 0)
    if card.lemma:
        taken += BLOCK + lines(card.lemma.text, direction=card.lemma.direction)
    if card.body:
        taken += prose_lines(card.body)
    if card.proposal:
        text = "".join(piece.text for piece in card.proposal.pieces)
        taken += PROPOSAL + lines(text, direction=card.proposal.direction)
    return taken


def _hardly_fits(written: str, room: float) -> bool:
    """Whether a text is so long as it was written that it needs no reading to be left out."""
    filled = sum(1 for line in written.split("\n") if line.strip())
    # Letters of more bytes are wider, roughly, and the rough is all that is asked.
    letters = max(len(written), len(written.encode()) // 2)
    return max(filled, letters / LINE / 1.5) > room * 0.75


class Room:
    """The lines that are left of one principle's sixty pages, and who gets them."""

    def __init__(self) -> None:
        self.left: float = PAGES * LINES_A_PAGE - FIGURES

    def give(self, taken: float) -> None:
        """These lines are taken by what can't be left out."""
        self.left = max(0, self.left - taken)

    def give_references(self, comments: int) -> None:
        """Where not all can stand in full, the list of the others takes its lines."""
        if comments > IN_FULL:
            self.give(min(comments, REFERENCES) / REFERENCES_A_LINE)

    def fill(self, things: Iterable[T], card: Callable[[T], Card], *, share: float = 1) -> dict[str, Card]:
        """The cards of the first things that fit, by key, within a share (0 to 1) of what is left."""
        end = self.left * (1 - share)
        chosen: dict[str, Card] = {}
        for thing in things:
            if _hardly_fits(thing.written, self.left - end):
                continue
            made = card(thing)
            if (taken := card_lines(made)) <= self.left - end:
                chosen[thing.key] = made
                self.left -= taken
        return chosen
