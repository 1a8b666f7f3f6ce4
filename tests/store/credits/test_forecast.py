"""When what is left runs out, at the pace so far."""

from __future__ import annotations

from datetime import date

import pytest

from store.credits.forecast import forecast
from store.credits.model import Forecast

TODAY = date(2026, 5, 20)
LONG_AGO = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("available", "used", "opened_on", "expected"),
    [
        (100, 300, LONG_AGO, Forecast(date(2026, 5, 30), 300, 30)),
        (105, 300, LONG_AGO, Forecast(date(2026, 5, 30), 300, 30)),
        (0, 300, LONG_AGO, Forecast(TODAY, 300, 30)),
        (100, 50, date(2026, 5, 16), Forecast(date(2026, 5, 30), 50, 5)),
        (100, 20, TODAY, Forecast(date(2026, 5, 25), 20, 1)),
        (100, 0, LONG_AGO, Forecast(None, 0, 30)),
        (10**9, 1, LONG_AGO, Forecast(None, 1, 30)),
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
    assert forecast(available, used, opened_on, TODAY) == expected
