"""How long what is left lasts, in words: for the Usage screen and for `textmeter usage`."""

from __future__ import annotations

from datetime import date

from store.credits.catalog import Product
from store.credits.forecast import a_day
from store.credits.model import Forecast
from store.credits.quote_text import amount
from store.sentences import Sentence, sentence, sentences
from tui.i18n.language import Language


def pace_words(forecast: Forecast) -> Sentence:
    """How fast it went lately: "14 a day, as in the last 30 days"."""
    since = sentences("today", "in the last {count} days", forecast.days)
    if forecast.used < forecast.days:
        return sentence("{used} {since}", used=forecast.used, since=since)
    return sentence("{count} a day, as {since}", count=a_day(forecast), since=since)


def forecast_words(language: Language, product: Product, forecast: Forecast, today: date) -> Sentence:
    """The forecast with what it is based on: "At 14 a day, as in the last 30 days, it lasts until Jun 24"."""
    runs_out = forecast.runs_out_on
    if not forecast.used:
        since = sentences("today", "in the last {count} days", forecast.days)
        return sentence("Nothing was used {since}, so it lasts.", since=since)
    pace = pace_words(forecast)
    if runs_out is None:
        return sentence("At {pace}, it lasts for longer than can be told.", pace=pace)
    if runs_out == today:
        return sentence("At {pace}, nothing is left after today.", pace=pace)
    day = language.near_day(runs_out, today)
    if forecast.expiring:
        return sentence(
            "At {pace}, it lasts until {day}; until then {credits} expire unused.",
            pace=pace,
            day=day,
            credits=amount(product, forecast.expiring),
        )
    return sentence("At {pace}, it lasts until {day}.", pace=pace, day=day)
