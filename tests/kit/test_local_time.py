"""Wall times and moments, on ordinary days and on those when clocks are put forward or back."""

from datetime import UTC, datetime

import pytest

from consultation.kit.local_time import UnclearTime, moment


@pytest.mark.parametrize(
    ("wall", "zone", "there"),
    [
        ("2026-05-03T18:00", "Europe/Oslo", "2026-05-03T16:00"),
        ("2026-11-03T18:00", "Europe/Oslo", "2026-11-03T17:00"),
        ("2026-05-03T18:00", "UTC", "2026-05-03T18:00"),
        ("2026-05-03T00:30", "Asia/Kathmandu", "2026-05-02T18:45"),
        # The last and the first clear instants around both changes.
        ("2026-03-29T01:59", "Europe/Oslo", "2026-03-29T00:59"),
        ("2026-03-29T03:00", "Europe/Oslo", "2026-03-29T01:00"),
        ("2026-10-25T01:59", "Europe/Oslo", "2026-10-24T23:59"),
        ("2026-10-25T03:00", "Europe/Oslo", "2026-10-25T02:00"),
        # Half an hour's change, and a day that Samoa left out.
        ("2026-04-05T01:29", "Australia/Lord_Howe", "2026-04-04T14:29"),
        ("2011-12-31T00:00", "Pacific/Apia", "2011-12-30T10:00"),
    ],
)
def test_a_wall_time_is_one_moment(wall, zone, there):
    assert moment(datetime.fromisoformat(wall), zone) == datetime.fromisoformat(there).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "zone", "why"),
    [
        ("2026-03-29T02:00", "Europe/Oslo", "does not exist"),
        ("2026-03-29T02:59", "Europe/Oslo", "does not exist"),
        ("2026-10-25T02:00", "Europe/Oslo", "comes twice"),
        ("2026-10-25T02:59", "Europe/Oslo", "comes twice"),
        ("2026-04-05T01:45", "Australia/Lord_Howe", "comes twice"),
        ("2011-12-30T12:00", "Pacific/Apia", "does not exist"),
    ],
)
def test_a_time_that_never_comes_or_comes_twice_is_refused_in_words(wall, zone, why):
    with pytest.raises(UnclearTime, match=why):
        moment(datetime.fromisoformat(wall), zone)
