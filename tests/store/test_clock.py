"""Local days and the instants at which they start, in zones with every habit."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from store.clock import FixedClock, SystemClock, local_date, local_midnight


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
