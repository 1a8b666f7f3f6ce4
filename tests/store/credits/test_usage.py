"""What was used of a period: the pace that lasts, and what expires."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.credits.model import Lot, Period, Pool
from store.credits.usage import Pace, calendar_month, expiring, pace

MAY = Period(1, date(2026, 5, 1), date(2026, 6, 1), used=0, granted=300, epoch=0)


@pytest.mark.parametrize(
    ("used", "left", "today", "expected"),
    [
        (0, 620, date(2026, 5, 1), Pace(even=20, so_far=0, from_now=20)),
        (140, 480, date(2026, 5, 20), Pace(even=20, so_far=7, from_now=40)),
        (620, 0, date(2026, 5, 20), Pace(even=20, so_far=31, from_now=0)),
        (300, 320, date(2026, 5, 31), Pace(even=20, so_far=9, from_now=320)),
        (300, 320, date(2026, 7, 4), Pace(even=20, so_far=9, from_now=None)),
        (20, 10, date(2026, 5, 10), Pace(even=0, so_far=2, from_now=0)),
        (0, 0, date(2026, 5, 10), Pace(even=0, so_far=0, from_now=0)),
    ],
    ids=[
        "the first day",
        "in the middle",
        "all used",
        "the last day",
        "months later",
        "less than one a day",
        "nothing there",
    ],
)
def test_the_pace_of_a_month(used: int, left: int, today: date, expected: Pace) -> None:
    assert pace(MAY, used, left, today) == expected


def test_a_trial_that_was_subscribed_on_its_first_day_leaves_no_pace() -> None:
    day = date(2026, 4, 3)
    assert pace(Period(0, day, day, used=0, granted=0, epoch=0), 0, 0, day) is None


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.dates(MAY.starts, date(2026, 5, 31)))
def test_who_keeps_the_pace_from_now_on_has_something_left_until_the_end(
    used: int, left: int, today: date
) -> None:
    found = pace(MAY, used, left, today)
    assert found is not None
    assert found.from_now is not None
    days = (MAY.ends - today).days
    assert found.from_now * days <= left < (found.from_now + 1) * days


def test_what_expires_is_summed_by_day_the_next_first() -> None:
    def lot(remaining: int, expires_on: date | None) -> Lot:
        return Lot(1, Pool.ALLOTTED, 300, remaining, 0, date(2025, 6, 1), expires_on, 0)

    lots = [
        lot(30, date(2026, 6, 1)),
        lot(10, date(2026, 5, 16)),
        lot(5, date(2026, 5, 16)),
        lot(99, date(2026, 6, 2)),
        lot(0, date(2026, 5, 10)),
        lot(500, None),
    ]
    assert list(expiring(lots, MAY.ends).items()) == [(date(2026, 5, 16), 15), (date(2026, 6, 1), 30)]


@pytest.mark.parametrize(
    ("day", "last"),
    [("2026-02-10", "2026-02-28"), ("2028-02-01", "2028-02-29"), ("2026-12-31", "2026-12-31")],
)
def test_a_calendar_month_has_its_own_last_day(day: str, last: str) -> None:
    first = date.fromisoformat(day).replace(day=1)
    assert calendar_month(date.fromisoformat(day)) == (first, date.fromisoformat(last))
