"""Local days and the instants at which they start, in zones with every habit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from store.clock import (
    DemoClock,
    FixedClock,
    SystemClock,
    check_move,
    days_later,
    follow,
    local_date,
    local_midnight,
)
from store.errors import RefusedByRule

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        (datetime(2026, 5, 1, 3, 59, tzinfo=UTC), "America/New_York", date(2026, 4, 30)),
        (datetime(2026, 5, 1, 4, 0, tzinfo=UTC), "America/New_York", date(2026, 5, 1)),
        (datetime(2026, 4, 30, 15, 0, tzinfo=UTC), "Asia/Tokyo", date(2026, 5, 1)),
        (datetime(2026, 4, 30, 12, 0, tzinfo=UTC), "Pacific/Kiritimati", date(2026, 5, 1)),
    ],
)
def test_the_date_is_the_zones_own(instant: datetime, zone: str, day: date) -> None:
    assert local_date(instant, zone) == day


@pytest.mark.parametrize(
    ("day", "zone", "instant"),
    [
        (date(2026, 5, 1), "America/New_York", datetime(2026, 5, 1, 4, 0, tzinfo=UTC)),
        # Clocks go forward at midnight itself: the day starts at 01:00, which is 03:00 UTC.
        (date(2018, 11, 4), "America/Sao_Paulo", datetime(2018, 11, 4, 3, 0, tzinfo=UTC)),
        # Clocks go back during the night: the first of the two midnights counts.
        (date(2026, 11, 1), "America/Havana", datetime(2026, 11, 1, 4, 0, tzinfo=UTC)),
    ],
)
def test_a_day_starts_once(day: date, zone: str, instant: datetime) -> None:
    assert local_midnight(day, zone) == instant


def test_clocks_tell_utc() -> None:
    stands = datetime(2026, 5, 1, tzinfo=UTC)
    assert FixedClock(stands).now() == stands
    assert SystemClock().now().tzinfo is UTC


def test_a_demo_clock_is_the_machines_until_it_is_put_and_again_after_that() -> None:
    clock = DemoClock()
    seen = [(clock.is_put, clock.now())]
    clock.put(NOON, 1)
    seen.append((clock.is_put, clock.now()))
    clock.be_the_machines()
    seen.append((clock.is_put, clock.now()))
    assert [is_put for is_put, _now in seen] == [False, True, False]
    for (_is_put, now), expected in zip(seen, (datetime.now(UTC), NOON, datetime.now(UTC)), strict=True):
        assert abs(now - expected) < A_MINUTE


def test_a_demo_clock_goes_on_where_it_was_put_or_stands() -> None:
    goes, stands = DemoClock(), DemoClock(goes_on=False)
    for clock in (goes, stands):
        clock.put(NOON)
    first = goes.now()
    assert goes.now() > first
    assert stands.now() == stands.now() == NOON


def test_a_demo_clock_tells_one_accounts_time_and_every_other_keeps_its_own() -> None:
    clock = DemoClock(goes_on=False)
    clock.put(NOON, 1)
    stood = NOON - timedelta(days=100)
    assert clock.of(1, stood) == NOON
    assert clock.of(2, stood) == stood
    assert abs(clock.of(3, None) - datetime.now(UTC)) < A_MINUTE
    assert SystemClock().of(2, stood) == stood


def test_a_demo_clock_follows_where_another_window_moves_it() -> None:
    clock = DemoClock(goes_on=False)
    follow(clock, 7, NOON)
    later = NOON + timedelta(days=1)
    assert clock.of(7, later) == later
    assert clock.now() == later
    assert clock.of(7, NOON) == later  # what was read before that


def test_a_demo_clock_that_was_set_back_stays_there() -> None:
    clock = DemoClock(goes_on=False)
    follow(clock, 7, NOON, NOON - timedelta(days=1))
    assert clock.of(7, NOON) == NOON - timedelta(days=1)


def test_a_session_follows_the_account_that_it_shows() -> None:
    clock = DemoClock(goes_on=False)
    follow(clock, 1, NOON)
    assert clock.of(1, NOON - timedelta(days=1)) == NOON
    follow(clock, 2, None)
    assert not clock.is_put
    fixed = FixedClock(NOON)
    follow(fixed, 1, NOON + timedelta(days=1))
    assert fixed.now() == NOON


@pytest.mark.parametrize(
    ("instant", "days", "later"),
    [
        # Noon in New York stays noon through the change of clocks on 8 March and on 1 November.
        (datetime(2026, 3, 7, 17, tzinfo=UTC), 1, datetime(2026, 3, 8, 16, tzinfo=UTC)),
        (datetime(2026, 10, 31, 16, tzinfo=UTC), 2, datetime(2026, 11, 2, 17, tzinfo=UTC)),
        # 02:30 on 8 March isn't there: the clocks go from 02:00 to 03:00.
        (datetime(2026, 3, 7, 7, 30, tzinfo=UTC), 1, datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
    ],
)
def test_days_later_it_is_the_same_time_of_day(instant: datetime, days: int, later: datetime) -> None:
    assert days_later(instant, days, "America/New_York") == later


def test_a_demo_clock_is_moved_by_ten_years_at_most() -> None:
    check_move(NOON, NOON.replace(year=2036), "UTC")
    check_move(NOON, NOON - timedelta(days=10_000), "UTC")
    with pytest.raises(RefusedByRule) as refused:
        check_move(NOON, NOON.replace(year=2126), "UTC")
    assert refused.value.code == "too-far"
