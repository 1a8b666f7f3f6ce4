"""Plans side by side: what the last whole billing periods would have cost with each, and which one fits.
Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from store.clock import local_date
from store.credits import purchases
from store.credits.catalog import YEARLY, Plan, Product
from store.credits.model import Account, Change, Order, Period, PlanOffer
from store.credits.periods import add_months
from store.credits.playing import Purse

PERIODS = 3
"""How many whole periods are looked back at."""


class Past(NamedTuple):
    """What plans are compared by. periods: the last whole ones, the oldest first; present: the one that isn't
    over; used: credits on each local day of all of them; people: how many the account writes to."""

    periods: Sequence[Period]
    present: Period
    used: Mapping[date, int]
    people: int


class _Played(NamedTuple):
    """What the past would have been with a plan; see `PlanOffer`."""

    cents: int
    short: int
    lasts: bool


def whole_periods(
    product: Product, account: Account, periods: Iterable[Period], joined: Sequence[Order], today: date
) -> list[Period]:
    """The last periods that are over and were had from their first day to the last, the oldest first: not the
    one that the account was opened within, nor a trial, nor one cut short by a new subscription. joined: the
    account's first order."""
    opened_on = local_date(account.opened_at, account.timezone)
    trial = product.trial is not None and any(order.plan == product.trial.id for order in joined)
    whole = [
        period
        for period in periods
        if opened_on <= period.starts
        and add_months(period.starts, 1, period.starts.day) <= period.ends <= today
        and not (trial and period.index == 0)
    ]
    return whole[-PERIODS:]


def offers(product: Product, account: Account, past: Past, billing: str) -> list[PlanOffer]:
    """All plans, the smallest first, as they cost when billed monthly or yearly (rules, section 3)."""
    used = sum(past.used[day] for period in past.periods for day in _days(period, period.ends))
    played = {plan.id: _play(product, plan, billing, past) for plan in product.plans}
    small = {plan.id for plan in product.plans if 0 < plan.accounts < past.people}
    fitting = [plan for plan in product.plans if used and played[plan.id].lasts and plan.id not in small]
    best = min(fitting, key=lambda plan: played[plan.id].cents, default=None)
    before = product.plan(account.plan)
    return [
        PlanOffer(
            plan=plan,
            price_cents=product.price(plan, billing),
            current=plan == before,
            pending=plan.id == account.pending_plan,
            periods=len(past.periods),
            used=used,
            past_cents=played[plan.id].cents,
            short=played[plan.id].short,
            lasts=played[plan.id].lasts,
            too_small=plan.id in small,
            fits=plan == best,
            change=_change(before, plan),
        )
        for plan in product.plans
    ]


def _play(product: Product, plan: Plan, billing: str, past: Past) -> _Played:
    """The whole periods with a plan, beginning with nothing left over, and what of the present one is past.

    That one costs nothing here, since it isn't over; but a plan that it would have used up doesn't fit.
    """
    purse, price = Purse(product), product.price(plan, YEARLY)
    cents, short, lasts = 0, 0, True
    bought: dict[tuple[int, int], int] = {}
    for period in (*past.periods, past.present):
        purse.expire(period.starts)
        purse.renew(plan, period.starts, period.ends)
        for day in _days(period, max(past.used) + timedelta(days=1)):
            purse.expire(day)
            missing, month = purse.use(past.used[day]), (day.year, day.month)
            room = purchases.room(product, plan, bought.get(month, 0))
            if missing and room and room.left >= room.least:
                credits = min(max(missing, room.least), room.left)
                bought[month] = room.bought + credits
                cents += purchases.price_cents(room, credits) if period is not past.present else 0
                purse.buy(credits)
                missing = purse.use(missing)
                room = room._replace(bought=bought[month])
            short += missing
            lasts &= purse.left > 0 or (room is not None and room.left >= room.least)
    count = len(past.periods)
    cents += (price * count + 6) // 12 if billing == YEARLY else plan.price_cents * count
    return _Played(cents, short, lasts)


def _days(period: Period, until: date) -> Iterable[date]:
    """The days of a period that are before another one."""
    count = (min(period.ends, until) - period.starts).days
    return (period.starts + timedelta(days=number) for number in range(count))


def _change(before: Plan, plan: Plan) -> Change | None:
    """What choosing a plan would be."""
    if plan == before:
        return None
    if before.trial_days or not before.credits:
        return Change.SUBSCRIBE
    return Change.UPGRADE if plan.size > before.size else Change.DOWNGRADE
