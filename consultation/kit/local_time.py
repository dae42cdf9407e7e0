"""Times as clocks on a wall show them, in a named zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from consultation.kit.refusal import Sentence


class UnclearTime(ValueError):
    """A wall time that a zone skips, or shows twice. `sentence` says what to do."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def moment(wall: datetime, zone: str) -> datetime:
    """The one moment (UTC) at which clocks in `zone` show `wall`, a datetime without a zone.

    Raises UnclearTime where there is none, or there are two: the nights when clocks are put forward or back.
    """
    place = ZoneInfo(zone)
    first, second = (wall.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    if first.astimezone(place).replace(tzinfo=None) != wall:
        raise UnclearTime(_("Clocks are put forward that day, and this time does not exist. Give another."))
    raise UnclearTime(_("Clocks are put back that day, and this time comes twice. Give another."))
