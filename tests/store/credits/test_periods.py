"""Boundaries, expiry and proration: calendar arithmetic that must not drift."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.credits.periods import add_months, expiry, period_of, prorated

DAYS = st.dates(date(1980, 1, 1), date(2200, 12, 31))


def renewals(first: date, anchor_day: int, count: int) -> list[str]:
    days = [first]
    for _ in range(count):
        days.append(add_months(days[-1], 1, anchor_day))
    return [str(day) for day in days[1:]]


def test_where_a_month_lacks_the_anchor_day_its_last_day_counts_and_the_next_month_has_it_again() -> None:
    assert renewals(date(2026, 1, 31), 31, 4) == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
    assert renewals(date(2028, 1, 30), 30, 2) == ["2028-02-29", "2028-03-30"]


@pytest.mark.parametrize(
    ("day", "anchor_day", "starts", "ends"),
    [
        ("2026-04-16", 1, "2026-04-01", "2026-05-01"),
        ("2026-04-01", 1, "2026-04-01", "2026-05-01"),
        ("2026-12-31", 1, "2026-12-01", "2027-01-01"),
        ("2026-03-15", 31, "2026-02-28", "2026-03-31"),
        ("2026-02-28", 31, "2026-02-28", "2026-03-31"),
        ("2026-02-27", 31, "2026-01-31", "2026-02-28"),
        ("2026-01-09", 10, "2025-12-10", "2026-01-10"),
    ],
)
def test_a_day_lies_in_one_period(day: str, anchor_day: int, starts: str, ends: str) -> None:
    assert [str(edge) for edge in period_of(date.fromisoformat(day), anchor_day)] == [starts, ends]


@given(day=DAYS, anchor_day=st.integers(1, 31))
def test_periods_follow_one_another_without_gap_or_overlap(day: date, anchor_day: int) -> None:
    starts, ends = period_of(day, anchor_day)
    assert starts <= day < ends
    assert period_of(ends, anchor_day)[0] == ends
    assert period_of(starts - timedelta(days=1), anchor_day)[1] == starts
    assert add_months(starts, 1, anchor_day) == ends


@pytest.mark.parametrize(
    ("granted", "expires"),
    [("2026-04-16", "2027-04-16"), ("2025-09-01", "2026-09-01"), ("2028-02-29", "2029-03-01"),
     ("2027-02-28", "2028-02-28")],
)  # fmt: skip
def test_credits_are_gone_twelve_months_after_they_came(granted: str, expires: str) -> None:
    assert str(expiry(date.fromisoformat(granted), 12)) == expires


def test_an_expiry_day_that_its_month_lacks_is_the_next_months_first() -> None:
    assert expiry(date(2026, 1, 31), 1) == date(2026, 3, 1)
    assert expiry(date(2026, 8, 31), 1) == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("cents", "today", "charge"),
    [
        (1000, "2026-04-16", 500),
        (2000, "2026-05-20", 774),
        (2000, "2026-06-01", 2000),
        (2000, "2026-06-30", 67),
        (2000, "2028-02-29", 69),
        (2000, "2026-07-05", 1742),
        (4500, "2026-07-20", 1742),
    ],
)
def test_the_days_left_are_charged_today_included(cents: int, today: str, charge: int) -> None:
    day = date.fromisoformat(today)
    assert prorated(cents, day, *period_of(day, 1)) == charge


@given(cents=st.integers(0, 10**9), day=DAYS, anchor_day=st.integers(1, 31))
def test_a_half_cent_is_rounded_up(cents: int, day: date, anchor_day: int) -> None:
    starts, ends = period_of(day, anchor_day)
    exact = Fraction(cents * (ends - day).days, (ends - starts).days)
    assert prorated(cents, day, starts, ends) == floor(exact + Fraction(1, 2))
