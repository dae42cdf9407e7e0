"""When what happens: the demonstration is spread over the time since its round opened."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

# Of the time until the next deed in a row; more, and a reply would be sent before what it answers is public.
MOST_LATE = 0.6


class Deed(Protocol):
    """What somebody does at a moment."""

    def __call__(self, *, at: datetime) -> object: ...


@dataclass
class Timeline:
    """Deeds between two moments, given by the share of that time that has passed: 0 the start, 1 the end."""

    start: datetime
    end: datetime
    _deeds: list[tuple[float, Deed]] = field(default_factory=list)

    def plan(self, share: float, deed: Deed) -> None:
        """Do this then; of two deeds at one moment the one planned first goes first."""
        self._deeds.append((share, deed))

    def run(self) -> None:
        """Do everything, in the order of time."""
        for share, deed in sorted(self._deeds, key=lambda each: each[0]):
            deed(at=self.start + (self.end - self.start) * share)


def spread(place: int, of: int, *, between: tuple[float, float], sway: str = "") -> float:
    """The share at which the `place`-th of so many deeds happens; a `sway` makes it a little later."""
    low, high = between
    late = random.Random(sway).random() * MOST_LATE if sway else 0.0
    return low + (high - low) * (place + late) / max(of, 1)
