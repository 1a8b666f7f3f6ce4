"""Plans side by side: what the last whole billing periods would have cost with each, and which one fits.
Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from store.credits import purchases
from store.credits.catalog import YEARLY, Plan, Product
from store.credits.model import Account, Change, Order, PastMonth, Period, PlanOffer
from store.credits.periods import add_months
from store.credits.playing import Purse

PERIODS = 3
"""How many whole periods are compared."""
MONTHS = 12
"""How many whole periods are told one by one."""

PLAYED = 16
"""How many periods are played: credits of a year ago may have been used in the first of those compared."""


class Past(NamedTuple):
    """What plans are compared by. periods: the last ones, the oldest first, at their end the one that isn't
    over; whole: those of them that were had from their first day to the last; used: credits on each local day
    of all of them; people: how many the account writes to."""

    periods: Sequence[Period]
    whole: Sequence[Period]
    used: Mapping[date, int]
    people: int

    @property
    def compared(self) -> Sequence[Period]:
        """The last whole ones, by which plans are compared."""
        return self.whole[-PERIODS:]


class _Played(NamedTuple):
    """What the past would have been with a plan; see `PlanOffer`."""

    cents: int
    short: int
    lasts: bool
    months: tuple[PastMonth, ...]


def of_plans(product: Product, periods: Sequence[Period], joined: Sequence[Order]) -> Sequence[Period]:
    """The last periods, without a trial's. joined: the account's first order."""
    trial = product.trial is not None and any(order.plan == product.trial.id for order in joined)
    return periods[1 if trial and len(periods) > 1 else 0 :][-PLAYED:]


def whole(periods: Sequence[Period], opened_on: date, today: date) -> Sequence[Period]:
    """The periods that are over and were had from their first day to the last: not the one that the
    account was opened within, nor one cut short by a new subscription."""
    return [
        period
        for period in periods
        if opened_on <= period.starts
        and add_months(period.starts, 1, period.starts.day) <= period.ends <= today
    ]


def offers(product: Product, account: Account, past: Past, billing: str) -> list[PlanOffer]:
    """All plans, the smallest first, as they cost when billed monthly or yearly (rules, section 3)."""
    used = sum(_used(past, period) for period in past.compared)
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
            periods=len(past.compared),
            used=used,
            past_cents=played[plan.id].cents,
            short=played[plan.id].short,
            lasts=played[plan.id].lasts,
            months=played[plan.id].months,
            too_small=plan.id in small,
            fits=plan == best,
            change=_change(before, plan),
        )
        for plan in product.plans
    ]


def _play(product: Product, plan: Plan, billing: str, past: Past) -> _Played:
    """The last periods, had they been had with a plan. Only those that are compared cost something here; the
    present one doesn't, since it isn't over, but a plan that it would have used up doesn't last."""
    purse = Purse(product)
    lasts = True
    bought: dict[tuple[int, int], int] = {}
    paid: dict[Period, int] = {}
    short: dict[Period, int] = {}
    since = past.compared[0].starts if past.compared else past.periods[-1].starts
    for period in past.periods:
        purse.expire(period.starts)
        purse.renew(plan, period.starts, period.ends)
        paid[period] = short[period] = 0
        for day in (day for day in _days(period) if past.used.get(day)):
            purse.expire(day)
            missing, month = purse.use(past.used[day]), (day.year, day.month)
            room = purchases.room(product, plan, bought.get(month, 0))
            if missing and room and room.left >= room.least:
                credits = min(max(missing, room.least), room.left)
                bought[month] = room.bought + credits
                paid[period] += purchases.price_cents(room, credits)
                purse.buy(credits)
                missing = purse.use(missing)
                room = room._replace(bought=bought[month])
            short[period] += missing
            if day >= since:
                lasts &= purse.left > 0 or (room is not None and room.left >= room.least)
    count, year = len(past.compared), product.price(plan, YEARLY)
    cents = (year * count + 6) // 12 if billing == YEARLY else plan.price_cents * count
    each = (year + 6) // 12 if billing == YEARLY else plan.price_cents
    return _Played(
        cents=cents + sum(paid[period] for period in past.compared),
        short=sum(missing for period, missing in short.items() if period.starts >= since),
        lasts=lasts,
        months=tuple(
            PastMonth(period.starts, _used(past, period), each + paid[period], short[period])
            for period in past.whole[-MONTHS:]
        ),
    )


def _used(past: Past, period: Period) -> int:
    return sum(past.used.get(day, 0) for day in _days(period))


def _days(period: Period) -> Iterable[date]:
    return (period.starts + timedelta(days=number) for number in range((period.ends - period.starts).days))


def _change(before: Plan, plan: Plan) -> Change | None:
    """What choosing a plan would be."""
    if plan == before:
        return None
    if before.trial_days or not before.credits:
        return Change.SUBSCRIBE
    return Change.UPGRADE if plan.size > before.size else Change.DOWNGRADE
