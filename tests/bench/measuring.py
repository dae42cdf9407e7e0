"""Ratios: what something costs beside a plain thing measured in the same run, on the same machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Ratio:
    """How long `what` takes beside `baseline`, in seconds (medians)."""

    name: str
    what: str
    baseline: str
    seconds: float
    baseline_seconds: float

    @property
    def ratio(self) -> float:
        """How many times as long."""
        return self.seconds / self.baseline_seconds

    def facts(self) -> dict[str, Any]:
        """Everything, for a file."""
        return {**vars(self), "ratio": round(self.ratio, 2)}


def timed(act: Callable[[], object]) -> float:
    """How long `act` takes, in seconds."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def compare(
    name: str,
    what: tuple[str, Callable[[], object]],
    baseline: tuple[str, Callable[[], object]],
    *,
    times: int,
) -> Ratio:
    """Do both by turns, so that what disturbs the machine disturbs both; the first turn is not counted."""
    turns = [(timed(what[1]), timed(baseline[1])) for _ in range(times + 1)][1:]
    long, short = (median(column) for column in zip(*turns, strict=True))
    return Ratio(name, what[0], baseline[0], long, short)


def table(ratios: list[Ratio]) -> str:
    """The ratios for people, one a line."""
    head = f"{'':<26}{'':<32}{'ms':>9}   {'beside':<34}{'ms':>9}{'ratio':>8}"
    lines = [
        f"{each.name:<26}{each.what:<32}{each.seconds * 1000:>9.1f}   "
        f"{each.baseline:<34}{each.baseline_seconds * 1000:>9.1f}{each.ratio:>8.1f}"
        for each in ratios
    ]
    return "\n".join([head, *lines])
