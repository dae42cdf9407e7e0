"""Where a consultation stands, by the clock alone."""

from datetime import UTC, datetime, timedelta

import pytest

from consultation.texts import queries
from consultation.texts.models import Act, Round
from consultation.texts.queries import standing
from consultation.texts.rules import in_both_zones, is_open
from tests import factories as make

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def day(number):
    return NOON + timedelta(days=number)


def round_(number, opens, closes, **acts):
    return Round(
        number=number,
        opens_at=day(opens),
        closes_at=None if closes is None else day(closes),
        **{f"opens_{act}": True for act in acts.get("acts", ["comment"])},
    )


TWO = [round_(1, 0, 10), round_(2, 20, 30)]


@pytest.mark.parametrize(
    ("rounds", "at", "state", "number"),
    [
        (TWO, day(0) - MOMENT, "upcoming", 1),
        (TWO, day(0), "open", 1),
        (TWO, day(10) - MOMENT, "open", 1),
        (TWO, day(10), "between_rounds", 2),
        (TWO, day(20) - MOMENT, "between_rounds", 2),
        (TWO, day(20), "open", 2),
        (TWO, day(30), "closed", 2),
        ([], day(0), "upcoming", None),
        ([round_(1, 0, None, acts=["endorse"])], day(999), "open", 1),
        # Of two that run, the one that will close is the one whose time is shown.
        ([round_(1, 0, 10), round_(2, 1, None, acts=["endorse"])], day(5), "open", 1),
        ([round_(1, 0, 10), round_(2, 1, None, acts=["endorse"])], day(10), "open", 2),
        (list(reversed(TWO)), day(10), "between_rounds", 2),
    ],
)
def test_a_consultation_is_upcoming_open_between_rounds_or_closed(rounds, at, state, number):
    found = standing(rounds, at=at)
    assert (found.state, found.round.number if found.round else None) == (state, number)


@pytest.mark.django_db
def test_an_act_is_open_in_the_round_that_opens_it():
    consultation = make.consultation(acts=["comment"], at=NOON)
    round_ = consultation.rounds.get()
    Round.objects.create(
        consultation=consultation, number=2, opens_at=day(1), closes_at=day(3), opens_discuss=True
    )
    asked = [(Act.COMMENT, day(2)), (Act.DISCUSS, day(2)), (Act.DISCUSS, day(0)), (Act.ENDORSE, day(2))]
    found = [queries.round_open_for(consultation, act, at=at) for act, at in asked]
    assert [each.number if each else None for each in found] == [1, 2, None, None]
    codes = [is_open(consultation, act, at=at)[1] for act, at in asked]
    assert [each.refusal.code if each.refusal else None for each in codes] == [
        None, None, "round-not-open", "round-not-open",
    ]  # fmt: skip
    _round, closed = is_open(consultation, Act.COMMENT, at=round_.closes_at)
    assert closed.refusal.code == "round-closed"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "at", "number"),
    [
        (Act.COMMENT, day(-1), 1),
        (Act.COMMENT, day(2), 1),
        (Act.DISCUSS, day(2), 2),
        (Act.ENDORSE, day(2), 2),
        (Act.COMMENT, day(5), 2),
    ],
)
def test_what_is_kept_unsent_belongs_to_the_nearest_round(act, at, number):
    consultation = make.consultation(acts=["comment"], at=NOON)
    consultation.rounds.update(closes_at=day(4))
    Round.objects.create(
        consultation=consultation, number=2, opens_at=day(1), closes_at=day(3), opens_discuss=True
    )
    assert queries.round_nearest(consultation, act, at=at).number == number


@pytest.mark.django_db
def test_without_any_round_nothing_is_near():
    consultation = make.consultation()
    Round.objects.all().delete()
    assert queries.round_nearest(consultation, Act.COMMENT, at=NOON) is None


def test_a_closing_time_is_told_in_the_consultations_zone_and_in_utc():
    told = in_both_zones(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "Europe/Oslo")
    assert told == "2 March 2026, 00:30 (Europe/Oslo), 1 March 2026, 23:30 (UTC)"


@pytest.mark.django_db
def test_a_consultation_is_public_once_published_and_before_that_for_its_own_people():
    consultation = make.consultation()
    boss = make.secretariat(consultation)
    make.unpublish(consultation)
    published = make.consultation()
    assert list(queries.public()) == [published]
    assert set(queries.visible_to(boss)) == {consultation, published}
    for reader in (None, make.person(), make.secretariat(published)):
        assert list(queries.visible_to(reader)) == [published]
