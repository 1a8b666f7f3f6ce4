"""How long what is left lasts: the pace of late played forward by the rules. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from store.credits.catalog import NOTHING, Plan, Product
from store.credits.model import Account, Forecast, Lot, Period
from store.credits.periods import period_end
from store.credits.playing import Purse

DAYS = 30
"""How far back the pace is measured."""

WEEK = 7
YEAR = 365
"""How many days are played forward."""


def forecast(
    product: Product,
    account: Account,
    period: Period,
    lots: Iterable[Lot],
    uses: Mapping[date, int],
    today: date,
) -> Forecast:
    """Carries the pace of the last days on for a year, through renewals, expiry, rollover and caps.

    period: the present one. lots: what is left, in the order of use. uses: credits used on each of the last
    `DAYS` days, today included, or since the account was opened where that is later. A year's renewals count
    as paid.
    """
    used, days = sum(uses.values()), len(uses)
    early = days < WEEK and sum(1 for credits in uses.values() if credits) == 1
    pace = 0 if early else used
    purse = Purse(product, lots, unit=days)
    plan, anchor, ends = product.plan(account.plan), account.anchor, period.ends
    runs_out_on, lapses = None if purse.left else today, 0
    for day in (today + timedelta(days=ahead) for ahead in range(YEAR + 1)):
        gone = purse.expire(day)
        if day == ends:
            before, plan = plan, _plan_from(product, account, plan, day)
            if before.trial_days:
                anchor = day
            if plan is NOTHING is not before and product.changes.cancelled_credits == "end":
                gone += purse.end_allotted()
            if day == period.ends:
                lapses = gone // days
            ends = period_end(day, plan, anchor.day)
            purse.renew(plan, day, ends)
        if runs_out_on is None and pace and purse.use(pace):
            runs_out_on = day
        if runs_out_on is not None and day >= period.ends:
            break
    return Forecast(runs_out_on, used, days, lapses, period.ends, early)


def a_day(found: Forecast) -> int:
    """The pace of a forecast in whole credits a day, half of one rounded up."""
    return (2 * found.used + found.days) // (2 * found.days)


def _plan_from(product: Product, account: Account, plan: Plan, day: date) -> Plan:
    """The plan from a renewal on: what is pending waits for the end of what was paid for."""
    if plan.trial_days:
        return NOTHING
    if account.pending_plan is not None and day >= account.billed_until:
        return product.plan(account.pending_plan)
    return plan
