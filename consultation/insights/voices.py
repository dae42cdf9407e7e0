"""Positions counted both ways: as they are, and with one voice for each country (DESIGN 4, Counting)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consultation.endorsements.models import Position
from consultation.endorsements.queries import TO_REAFFIRM

KINDS = (*Position.values, TO_REAFFIRM)
ENDORSING = (Position.ENDORSE, Position.RESERVATION)


@dataclass(frozen=True)
class Voice:
    """What is said of one principle: raw counts, and the same with each country weighing one."""

    number: int
    raw: dict[str, int]
    equal_voice: dict[str, float]

    @property
    def support(self) -> int:
        """Institutions that endorse the current text, with or without reservation."""
        return sum(self.raw[kind] for kind in ENDORSING)


@dataclass(frozen=True)
class Held:
    """How many institutions of one country hold one kind of position on one principle."""

    country: str
    principle: int
    kind: str
    total: int


def silence(number: int) -> Voice:
    """The figures of a principle of which nobody said anything."""
    return Voice(number, dict.fromkeys(KINDS, 0), _shares({}, {}))


def voices(held: Iterable[Held], heard: Mapping[str, int]) -> list[Voice]:
    """The voice of each principle that has a position, by number.

    `heard` tells how many institutions of each country are heard; positions of others are in no share.
    """
    raw: dict[int, Counter[str]] = defaultdict(Counter)
    by_country: dict[int, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for each in held:
        raw[each.principle][each.kind] += each.total
        if each.country in heard:
            by_country[each.principle][each.country][each.kind] += each.total
    return [
        Voice(number, {kind: raw[number][kind] for kind in KINDS}, _shares(by_country[number], heard))
        for number in sorted(raw)
    ]


def _shares(by_country: Mapping[str, Counter[str]], heard: Mapping[str, int]) -> dict[str, float]:
    """The mean over the countries heard of the share of each country's heard institutions."""
    shares = {}
    for kind in KINDS:
        total = sum(by_country[code][kind] / heard[code] for code in by_country)
        shares[kind] = total / len(heard) if heard else 0.0
    shares["support"] = shares[Position.ENDORSE] + shares[Position.RESERVATION]
    return shares
