"""When what is left runs out: pure."""

from __future__ import annotations

from datetime import date, timedelta

from store.credits.model import Forecast

DAYS = 30
"""How far back the pace is measured."""


def forecast(available: int, used: int, opened_on: date, today: date) -> Forecast:
    """Carries the pace of the last days on: `used` credits in the last 30 days, today included, or in the
    days since the account was opened where these are fewer. Expiries and renewals to come aren't counted."""
    days = min(DAYS, (today - opened_on).days + 1)
    lasts = available * days // used if used else None
    if lasts is None or lasts > (date.max - today).days:
        return Forecast(None, used, days)
    return Forecast(today + timedelta(days=lasts), used, days)
