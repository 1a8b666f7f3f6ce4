"""A month with all that is told of its use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from store.clock import local_date
from store.credits.model import Kind, Period, Pool, Use
from store.credits.usage import Usage, expiring

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Account, Forecast

GONE = (Kind.EXPIRED, Kind.FORFEITED, Kind.ENDED)
"""How credits go without being used."""


@dataclass(frozen=True, slots=True)
class Month:
    """All that is told of one, read at one moment. periods: all there were, the oldest first."""

    usage: Usage
    by_use: Mapping[Use, int]
    periods: Sequence[Period]
    product: Product
    forecast: Forecast


def read_month(store: Store, account: Account, index: int | None) -> Month:
    """Asks the store for the period of an index, or the present one (None)."""
    ledger = store.credits
    balance, today = ledger.balance(account.id), ledger.today(account.id)
    periods = _by_their_lines(
        store, account, [period for period in ledger.periods(account.id) if period.starts < period.ends]
    )
    place = next((place for place, period in enumerate(periods) if period.index == index), len(periods) - 1)
    period = periods[place]
    last = min(today, period.ends - timedelta(days=1))
    present = period.index == balance.period.index
    if present:  # what is held is told apart
        period = replace(period, used=balance.used)
    usage = Usage(
        period=period,
        since=max(period.starts, local_date(account.opened_at, account.timezone)),
        today=today,
        days=ledger.uses(account.id, period.starts, last),
        left=balance.available,
        held=balance.held,
        expires=expiring(ledger.lots(account.id), period.ends) if present else {},
    )
    if not present:
        usage = replace(
            usage, left=_left_after(store, account, last), held=0, expires=_gone(store, account, period)
        )
    by_use = ledger.use_by_kind(account.id, period.starts, last)
    return Month(usage, by_use, periods, ledger.product(account), ledger.forecast(account.id))


def _by_their_lines(store: Store, account: Account, periods: Sequence[Period]) -> list[Period]:
    """Periods with what their lines in the history come to: what is held was used on the day of its line."""
    if not periods:
        return []
    days = store.credits.daily_use(account.id, periods[0].starts, periods[-1].ends)
    return [
        replace(
            period,
            used=sum(credits for day, credits in days.items() if period.starts <= day < period.ends),
        )
        for period in periods
    ]


def _left_after(store: Store, account: Account, day: date) -> int:
    """What was available at the end of a day."""
    last = [store.credits.history(account.id, pool=pool, until=day, limit=1) for pool in Pool]
    return sum(entry.balance for entries in last for entry in entries)


def _gone(store: Store, account: Account, period: Period) -> dict[date, int]:
    """What ended without being used, by the day, up to the renewal at the period's end."""
    by_day: dict[date, int] = {}
    for kind in GONE:
        since = period.starts + timedelta(days=1)
        for entry in store.credits.history(
            account.id, kind=kind, since=since, until=period.ends, limit=1_000
        ):
            by_day[entry.on] = by_day.get(entry.on, 0) + entry.amount
    return dict(sorted(by_day.items()))
