"""Where a consultation stands: its state in words, its closing time, its dates on a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.units import format_unit
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consultation.kit.languages import locale_of
from consultation.pages.reading import zones
from consultation.texts import queries as texts
from consultation.texts.models import Act, Consultation, ConsultationState, Round

DAY = timedelta(days=1)
# So long before a closing time it is marked as near.
NEAR = timedelta(days=3)
# Percents of the line that two labels need between them.
APART = 13


@dataclass(frozen=True)
class _Date:
    day: date
    what: str
    rank: int  # which label gives way where two would overlap: the higher one
    today: bool = False


def state(consultation: Consultation, language: str, *, at: datetime) -> dict[str, Any]:
    """What stands in rail and margin: state, round, and the moment that counts next."""
    standing = texts.standing(list(consultation.rounds.all()), at=at)
    now = standing.round
    return {
        "state": standing.state,
        "state_label": standing.state.label,
        "round": now,
        "purpose": consultation.in_language(now.purposes, language) if now else "",
        "moment": _moment(standing.state, now),
        "zone": consultation.zone,
        "place": zones.place(consultation.zone, language),
        **(
            _countdown(now.closes_at, at=at)
            if now and now.closes_at and standing.state == ConsultationState.OPEN
            else {"left": "", "near": False, "last_day": False}
        ),
        "comments_open": any(each.opens(Act.COMMENT, at=at) for each in consultation.rounds.all()),
    }


def _moment(standing: ConsultationState, now: Round | None) -> datetime | None:
    if now is None:
        return None
    ahead = standing in (ConsultationState.UPCOMING, ConsultationState.BETWEEN_ROUNDS)
    return now.opens_at if ahead else now.closes_at


def left(deadline: datetime, *, at: datetime) -> str:
    """How much time is left, in words: days, and on the last day hours and minutes."""
    days = (deadline - at) // DAY
    if days >= 1:
        return ngettext("%(number)d day left.", "%(number)d days left.", days) % {"number": days}
    return _("Time left: %(time)s.") % {"time": _clock(max(timedelta(), deadline - at))}


def _clock(span: timedelta) -> str:
    # static/js/countdown.js goes on counting in the same words. Short ones: CLDR has no long ones in Chinese.
    locale = locale_of(get_language() or "en")
    hours, minutes = divmod(span // timedelta(minutes=1), 60)
    units = [*([(hours, "duration-hour")] if hours else []), (minutes, "duration-minute")]
    return " ".join(format_unit(number, unit, "short", locale=locale) for number, unit in units)


def closing(consultation: Consultation, act: Act, language: str, *, at: datetime) -> dict[str, Any] | None:
    """Until when `act` is open, as `_closing.html` shows it; None where it is not, or has no end."""
    running = next((each for each in consultation.rounds.all() if each.opens(act, at=at)), None)
    if running is None or running.closes_at is None:
        return None
    return {
        "act": act.value,
        "moment": running.closes_at,
        "zone": consultation.zone,
        "place": zones.place(consultation.zone, language),
        **_countdown(running.closes_at, at=at),
    }


def _countdown(deadline: datetime, *, at: datetime) -> dict[str, Any]:
    return {"left": left(deadline, at=at), "near": deadline - at < NEAR, "last_day": deadline - at < DAY}


def extensions(consultation: Consultation, language: str) -> list[dict[str, Any]]:
    """How its rounds were extended, the newest first, as `_extension.html` shows it: one query."""
    return [
        {
            "extension": each,
            "reason": consultation.in_language(each.reasons, language),
            "zone": consultation.zone,
            "place": zones.place(consultation.zone, language),
        }
        for each in texts.extensions(consultation)
    ]


def dates(consultation: Consultation, *, at: datetime) -> dict[str, Any] | None:
    """The line of dates as `_dates.html` draws it; None where there is nothing to measure."""
    zone = ZoneInfo(consultation.zone)
    today = at.astimezone(zone).date()
    rounds = sorted(consultation.rounds.all(), key=lambda each: each.opens_at)
    known = sorted({*_known(consultation, rounds, zone)}, key=lambda each: (each.day, each.rank))
    if len(known) < 2:
        return None
    first, last = known[0].day, max(known[-1].day, today)
    scale = _Scale(first, (last - first).days or 1)
    marks = _apart([*known, _Date(today, date_format(today, "MONTH_DAY_FORMAT"), 3, today=True)], scale)
    return {"dates": [_mark(each, scale) for each in marks], **_span(rounds, zone, today, scale, at=at)}


@dataclass(frozen=True)
class _Scale:
    first: date
    days: int

    def place(self, day: date) -> int:
        """Where a day stands on the line, in whole percents."""
        return min(100, max(0, round(100 * (day - self.first).days / self.days)))


def _known(consultation: Consultation, rounds: Iterable[Round], zone: ZoneInfo) -> Iterable[_Date]:
    if consultation.issued_on:
        yield _Date(consultation.issued_on, _("Text published"), 2)
    for each in rounds:
        yield _Date(each.opens_at.astimezone(zone).date(), _("Round %(n)d opens") % {"n": each.number}, 1)
        if each.closes_at:
            yield _Date(
                each.closes_at.astimezone(zone).date(), _("Round %(n)d closes") % {"n": each.number}, 0
            )


def _apart(marks: list[_Date], scale: _Scale) -> list[_Date]:
    """Those whose labels have room; the closing time always has."""
    kept: list[_Date] = []
    for mark in sorted(marks, key=lambda each: each.rank):
        if all(abs(scale.place(mark.day) - scale.place(other.day)) >= APART for other in kept):
            kept.append(mark)
    return sorted(kept, key=lambda each: each.day)


def _mark(each: _Date, scale: _Scale) -> dict[str, Any]:
    at = scale.place(each.day)
    day = _("Today") if each.today else date_format(each.day, "MONTH_DAY_FORMAT")
    return {"day": day, "what": each.what, "at": at, "today": each.today, "last": at > 100 - APART}


def _span(
    rounds: list[Round], zone: ZoneInfo, today: date, scale: _Scale, *, at: datetime
) -> dict[str, int | None]:
    running = next((each for each in rounds if each.runs(at=at) and each.closes_at), None)
    if running is None or running.closes_at is None:
        return {"today_at": None, "open_from": None, "open_to": None}
    return {
        "open_from": scale.place(running.opens_at.astimezone(zone).date()),
        "today_at": scale.place(today),
        "open_to": scale.place(running.closes_at.astimezone(zone).date()),
    }
