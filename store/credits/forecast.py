"""When what is left runs out: pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from store.credits.model import Forecast, Lot

DAYS = 30
"""How far back the pace is measured."""


def forecast(lots: Iterable[Lot], used: int, opened_on: date, today: date) -> Forecast:
    """Carries the pace of the last days on: `used` credits in the last 30 days, today included, or in the
    days since the account was opened where these are fewer.

    lots: what is left, in the order of use; what expires before its turn comes is lost. Renewals to come
    aren't counted.
    """
    days = min(DAYS, (today - opened_on).days + 1)
    if not used:
        return Forecast(None, used, days, 0)
    # Time is counted in credits of which `used` go by a day, amounts in the same unit: no fractions.
    gone = lost = 0
    for lot in lots:
        end = gone + lot.remaining * days
        until = end
        if lot.expires_on is not None:
            until = min(end, max((lot.expires_on - today).days * used, gone))
        lost += end - until
        gone = until
    lasts = gone // used
    if lasts > (date.max - today).days:
        return Forecast(None, used, days, lost // days)
    return Forecast(today + timedelta(days=lasts), used, days, lost // days)


def a_day(found: Forecast) -> int:
    """The pace of a forecast in whole credits a day, half of one rounded up."""
    return (2 * found.used + found.days) // (2 * found.days)
