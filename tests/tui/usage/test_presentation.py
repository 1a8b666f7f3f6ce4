"""How long it lasts, in words, with what that is based on."""

from __future__ import annotations

from datetime import date

import pytest

from store.credits.catalog_files import Catalog
from store.credits.model import Forecast
from tui.i18n.language import Language
from tui.usage.presentation import forecast_words, whole_percents

TODAY = date(2026, 5, 20)
CATALOG = Catalog.load()


JUNE = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("forecast", "says"),
    [
        (
            Forecast(date(2026, 6, 24), 434, 30, 0, JUNE),
            "At 14 a day, as in the last 30 days, you run out on Jun 24.",
        ),
        (
            Forecast(date(2026, 6, 24), 435, 30, 0, JUNE),
            "At 15 a day, as in the last 30 days, you run out on Jun 24.",
        ),
        (
            Forecast(date(2027, 1, 3), 29, 30, 0, JUNE),
            "At 29 in the last 30 days, you run out on Jan 3, 2027.",
        ),
        (Forecast(TODAY, 300, 30, 0, JUNE), "At 10 a day, as in the last 30 days, you run out today."),
        (Forecast(TODAY, 0, 30, 0, JUNE), "Nothing left."),
        (Forecast(None, 1, 30, 0, JUNE), "At 1 in the last 30 days, you won't run out."),
        (Forecast(None, 0, 12, 0, JUNE), "Nothing was used in the last 12 days, so you won't run out."),
        (
            Forecast(None, 270, 30, 9, JUNE),
            "At 9 a day, as in the last 30 days, you won't run out. 9 credits lapse on Jun 1.",
        ),
        (
            Forecast(JUNE, 270, 30, 222, JUNE),
            "At 9 a day, as in the last 30 days, 222 credits lapse on Jun 1.",
        ),
        (
            Forecast(None, 20, 1, 0, JUNE, early=True),
            "All was used on one day, so it's too early to tell how long the rest lasts.",
        ),
    ],
    ids=[
        "rounded down",
        "rounded half up",
        "less than one a day",
        "runs out today",
        "nothing left",
        "for a year",
        "unused",
        "some lapse",
        "the plan ends",
        "too early",
    ],
)
def test_a_forecast_names_its_pace_and_since_when_it_is_measured(forecast: Forecast, says: str) -> None:
    language = Language("en")
    product = CATALOG.product("agent-texts")
    assert language.say(forecast_words(language, product, forecast, TODAY)) == says


def test_emails_that_lapse_are_called_emails() -> None:
    language = Language("en")
    forecast = Forecast(None, 300, 30, 4_700, JUNE)
    assert "4,700 emails lapse" in language.say(
        forecast_words(language, CATALOG.product("agent-email"), forecast, TODAY)
    )


@pytest.mark.parametrize(
    ("values", "percents"),
    [([1, 1, 1], [34, 33, 33]), ([6, 0, 0], [100, 0, 0]), ([0, 0], [0, 0]), ([199, 1], [100, 0]), ([], [])],
)
def test_shares_of_kinds_add_up(values: list[int], percents: list[int]) -> None:
    assert whole_percents(values) == percents
