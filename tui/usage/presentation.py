"""How long what is left lasts, in words: for the Usage screen and for `textmeter usage`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from store.credits.catalog import Product
from store.credits.forecast import a_day
from store.credits.model import Forecast
from store.credits.quote_text import amount
from store.sentences import Sentence, sentence, sentences
from tui.i18n.language import Language

if TYPE_CHECKING:
    from store.emails.planned import Planned


def pace_words(forecast: Forecast) -> Sentence:
    """How fast it went lately: "14 a day, as in the last 30 days"."""
    since = sentences("today", "in the last {count} days", forecast.days)
    if forecast.used < forecast.days:
        return sentence("{used} {since}", used=forecast.used, since=since)
    return sentence("{count} a day, as {since}", count=a_day(forecast), since=since)


def forecast_words(language: Language, product: Product, forecast: Forecast, today: date) -> Sentence:
    """How long what is left lasts, and what lapses of it: "At 14 a day, as in the last 30 days, it runs out
    on Jun 24."."""
    lapses, renewal = amount(product, forecast.lapses), language.near_day(forecast.renews_on, today)
    lasts = _lasts_words(language, forecast, today)
    if not forecast.lapses:
        return lasts
    if ends_with_month(product, forecast):
        return sentence(
            "At {pace}, {credits} lapse on {day}.", pace=pace_words(forecast), credits=lapses, day=renewal
        )
    return sentence("{lasts} {credits} lapse on {day}.", lasts=lasts, credits=lapses, day=renewal)


def planned_words(language: Language, planned: Planned, today: date) -> Sentence:
    """What is planned until the renewal, and whether the limit lets it: "1,240 emails until Jun 1; 3,760
    lapse then"."""
    renewal = language.near_day(planned.renews_on, today)
    if not planned.sends:
        return sentence("Nothing until {day}", day=renewal)
    says = sentences("{count} email until {day}", "{count} emails until {day}", planned.sends, day=renewal)
    if planned.reached_on is None:
        if planned.lapses:
            return sentence("{planned}; {lapses} lapse then", planned=says, lapses=planned.lapses)
        return says
    on = language.near_day(planned.reached_on, today)
    if not planned.short:
        return sentence("{planned}; your last one goes out on {on}", planned=says, on=on)
    return sentences(
        "None left from {on}: {count} of {all} emails won't be sent",
        "None left from {on}: {count} of {all} emails won't be sent",
        planned.short,
        on=on,
        all=planned.sends,
    )


def ends_with_plan(forecast: Forecast) -> bool:
    """Whether what is left lapses with its plan, so that it is no use to say that it runs out."""
    return forecast.lapses > 0 and forecast.runs_out_on == forecast.renews_on


def ends_with_month(product: Product, forecast: Forecast) -> bool:
    """Whether what is left lapses at the renewal, with its plan or since that is the rule, so that what runs
    out later is something else."""
    lapses = product.lapse and forecast.lapses > 0 and forecast.runs_out_on is not None
    return lapses or ends_with_plan(forecast)


def _lasts_words(language: Language, forecast: Forecast, today: date) -> Sentence:
    """How long what is left lasts, with what that is based on."""
    runs_out = forecast.runs_out_on
    if forecast.early and runs_out != today:
        return sentence("All was used on one day, so it's too early to tell how long the rest lasts.")
    if not forecast.used and runs_out is None:
        since = sentences("today", "in the last {count} days", forecast.days)
        return sentence("Nothing was used {since}, so you won't run out.", since=since)
    if runs_out == today and not forecast.used:
        return sentence("Nothing left.")
    pace = pace_words(forecast)
    if runs_out is None:
        return sentence("At {pace}, you won't run out.", pace=pace)
    if runs_out == today:
        return sentence("At {pace}, you run out today.", pace=pace)
    return sentence("At {pace}, you run out on {day}.", pace=pace, day=language.near_day(runs_out, today))


def whole_percents(values: Sequence[int]) -> list[int]:
    """The shares of values in their sum, in whole percents that add up to 100: the largest remainders are
    rounded up. All 0 where the sum is."""
    total = sum(values)
    if not total:
        return [0] * len(values)
    percents = [value * 100 // total for value in values]
    by_remainder = sorted(range(len(values)), key=lambda at: -(values[at] * 100 % total))
    for at in by_remainder[: 100 - sum(percents)]:
        percents[at] += 1
    return percents
