"""How long it lasts, in words, with what that is based on."""

from __future__ import annotations

from datetime import date

import pytest

from store.credits.catalog_files import Catalog
from store.credits.model import Forecast
from tui.i18n.language import Language
from tui.usage.presentation import forecast_words

TODAY = date(2026, 5, 20)
CATALOG = Catalog.load()


@pytest.mark.parametrize(
    ("forecast", "says"),
    [
        (
            Forecast(date(2026, 6, 24), 270, 30, 9),
            "At 9 a day, as in the last 30 days, it lasts until Jun 24; until then 9 credits expire unused.",
        ),
        (
            Forecast(date(2026, 6, 24), 434, 30, 0),
            "At 14 a day, as in the last 30 days, it lasts until Jun 24.",
        ),
        (
            Forecast(date(2026, 6, 24), 435, 30, 0),
            "At 15 a day, as in the last 30 days, it lasts until Jun 24.",
        ),
        (
            Forecast(date(2027, 1, 3), 29, 30, 0),
            "At 29 in the last 30 days, it lasts until Jan 3, 2027.",
        ),
        (Forecast(date(2026, 5, 25), 20, 1, 0), "At 20 a day, as today, it lasts until May 25."),
        (Forecast(TODAY, 300, 30, 0), "At 10 a day, as in the last 30 days, nothing is left after today."),
        (Forecast(None, 1, 30, 0), "At 1 in the last 30 days, it lasts for longer than can be told."),
        (Forecast(None, 0, 12, 0), "Nothing was used in the last 12 days, so it lasts."),
    ],
    ids=[
        "some expire",
        "rounded down",
        "rounded half up",
        "less than one a day",
        "on the first day",
        "nothing left",
        "for ever",
        "unused",
    ],
)
def test_a_forecast_names_its_pace_and_since_when_it_is_measured(forecast: Forecast, says: str) -> None:
    language = Language("en")
    product = CATALOG.product("agent-texts")
    assert language.say(forecast_words(language, product, forecast, TODAY)) == says


def test_emails_that_lapse_are_called_emails() -> None:
    language = Language("en")
    forecast = Forecast(date(2026, 6, 1), 300, 30, 4_700)
    assert "4,700 emails expire" in language.say(
        forecast_words(language, CATALOG.product("agent-email"), forecast, TODAY)
    )
