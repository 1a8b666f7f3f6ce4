"""When what is left runs out, at the pace so far."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.credits.forecast import a_day, forecast
from store.credits.model import Forecast, Lot, Pool

TODAY = date(2026, 5, 20)
LONG_AGO = date(2025, 1, 1)


def lot(remaining: int, expires_on: date | None = None) -> Lot:
    """A lot as the forecast sees it."""
    return Lot(1, Pool.ALLOTTED, remaining, remaining, 0, LONG_AGO, expires_on, 0)


@pytest.mark.parametrize(
    ("available", "used", "opened_on", "expected"),
    [
        (100, 300, LONG_AGO, Forecast(date(2026, 5, 30), 300, 30, 0)),
        (105, 300, LONG_AGO, Forecast(date(2026, 5, 30), 300, 30, 0)),
        (0, 300, LONG_AGO, Forecast(TODAY, 300, 30, 0)),
        (100, 50, date(2026, 5, 16), Forecast(date(2026, 5, 30), 50, 5, 0)),
        (100, 20, TODAY, Forecast(date(2026, 5, 25), 20, 1, 0)),
        (100, 0, LONG_AGO, Forecast(None, 0, 30, 0)),
        (10**9, 1, LONG_AGO, Forecast(None, 1, 30, 0)),
    ],
    ids=[
        "ten a day",
        "a day begun",
        "nothing left",
        "five days old",
        "a day old",
        "unused",
        "beyond all dates",
    ],
)
def test_a_forecast(available: int, used: int, opened_on: date, expected: Forecast) -> None:
    assert forecast([lot(available)], used, opened_on, TODAY) == expected


@pytest.mark.parametrize(
    ("lots", "runs_out_on", "expiring"),
    [
        ([lot(100, date(2026, 5, 30))], date(2026, 5, 30), 0),
        ([lot(180, date(2026, 5, 30))], date(2026, 5, 30), 80),
        ([lot(180, date(2026, 5, 30)), lot(50)], date(2026, 6, 4), 80),
        ([lot(50, date(2026, 5, 30)), lot(180, date(2026, 6, 4))], date(2026, 6, 4), 80),
        ([lot(200), lot(50, date(2026, 5, 30))], date(2026, 6, 9), 50),
        ([lot(40, date(2026, 5, 21)), lot(40, date(2026, 5, 21))], date(2026, 5, 21), 70),
    ],
    ids=[
        "all used on its last day",
        "more than can be used in time",
        "then those that never expire",
        "one after the other",
        "those that would expire come last",
        "two on one day",
    ],
)
def test_what_expires_at_ten_a_day_isnt_there_to_be_used(
    lots: list[Lot], runs_out_on: date, expiring: int
) -> None:
    assert forecast(lots, 300, LONG_AGO, TODAY) == Forecast(runs_out_on, 300, 30, expiring)


LOTS = st.lists(
    st.builds(
        lot,
        st.integers(1, 50),
        st.none() | st.integers(1, 60).map(lambda days: TODAY + timedelta(days=days)),
    ),
    max_size=5,
)


@given(LOTS, st.integers(1, 20))
def test_it_is_what_using_as_many_every_day_comes_to(lots: list[Lot], a_day: int) -> None:
    left, lost, day = lots, 0, TODAY
    while True:
        over = [part for part in left if part.expires_on and part.expires_on <= day]
        lost += sum(part.remaining for part in over)
        wanted, rest = a_day, []
        for part in left:
            if part not in over:
                used = min(part.remaining, wanted)
                wanted -= used
                rest.append(part._replace(remaining=part.remaining - used))
        if wanted:
            break
        left, day = rest, day + timedelta(days=1)
    assert forecast(lots, 30 * a_day, LONG_AGO, TODAY) == Forecast(day, 30 * a_day, 30, lost)


@pytest.mark.parametrize(
    ("used", "days", "pace"), [(300, 30, 10), (14, 30, 0), (15, 30, 1), (44, 30, 1), (45, 30, 2)]
)
def test_the_pace_is_told_in_whole_credits_a_day(used: int, days: int, pace: int) -> None:
    assert a_day(Forecast(None, used, days, 0)) == pace
