"""An hour of somebody's own day: across clocks that are put forward, put back, and days that don't exist."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.clock import local_time
from store.people.hours import next_hour, next_hour_in_all

ZONES = (
    *("UTC", "America/New_York", "America/St_Johns", "Europe/London", "Asia/Kolkata", "Pacific/Chatham"),
    *("Pacific/Apia", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca"),
)

INSTANTS = st.integers(0, 37 * 365 * 24 * 60).map(
    lambda minutes: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@pytest.mark.parametrize(
    ("now", "hour", "zone", "leaves"),
    [
        ("2026-04-16T12:00", time(9, 30), "America/New_York", "2026-04-16T13:30"),
        ("2026-04-16T13:30", time(9, 30), "America/New_York", "2026-04-16T13:30"),  # that very minute
        ("2026-04-16T13:31", time(9, 30), "America/New_York", "2026-04-17T13:30"),
        ("2026-04-16T23:30", time(9, 30), "Asia/Kolkata", "2026-04-17T04:00"),  # there it is the 17th
        # In New York 2:00 is 3:00 on 2026-03-08, and 1:00 to 2:00 is there twice on 2026-11-01.
        ("2026-03-08T05:00", time(2, 30), "America/New_York", "2026-03-08T07:30"),  # 3:30
        ("2026-03-08T07:31", time(2, 30), "America/New_York", "2026-03-09T06:30"),
        ("2026-11-01T04:00", time(1, 30), "America/New_York", "2026-11-01T05:30"),  # the first of the two
        ("2026-11-01T05:31", time(1, 30), "America/New_York", "2026-11-02T06:30"),  # not the second
        ("2026-10-03T12:00", time(2, 15), "Australia/Lord_Howe", "2026-10-03T15:45"),  # half an hour: 2:45
        ("2018-11-03T12:00", time(0, 15), "America/Sao_Paulo", "2018-11-04T03:15"),  # 1:15: no midnight
        ("2011-12-30T08:00", time(9, 0), "Pacific/Apia", "2011-12-30T19:00"),  # the 30th isn't there
    ],
)
def test_the_next_time_that_clocks_show_an_hour(now: str, hour: time, zone: str, leaves: str) -> None:
    at = next_hour(datetime.fromisoformat(now).replace(tzinfo=UTC), hour, zone)
    assert at.isoformat() == f"{leaves}:00+00:00"


@given(
    INSTANTS,
    st.times().map(lambda hour: hour.replace(microsecond=0)),
    st.sampled_from(ZONES),
)
def test_it_comes_within_two_days_and_shows_the_hour_or_as_much_after_a_gap(
    now: datetime, hour: time, zone: str
) -> None:
    at = next_hour(now, hour, zone)
    assert now <= at <= now + timedelta(days=2, hours=1)
    shown = local_time(at, zone)
    if shown.time() != hour:  # clocks were put forward over it just before
        before = local_time(at - timedelta(hours=3), zone)
        gap = (shown.utcoffset() or timedelta()) - (before.utcoffset() or timedelta())
        assert gap > timedelta()
        assert (datetime.combine(shown.date(), shown.time()) - gap).time() == hour


@given(
    INSTANTS,
    st.times(),
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=4),
)
def test_of_several_zones_it_is_never_before_the_hour_in_any(
    now: datetime, hour: time, zones: list[str]
) -> None:
    at = next_hour_in_all(now, hour, zones)
    assert all(at >= next_hour(now, hour, zone) for zone in zones)
    assert at in {next_hour(now, hour, zone) for zone in zones}
