"""When things happen to an account and what part of a price is due: pure calendar arithmetic on local
dates."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from store.credits.catalog import NOTHING, YEARLY, Plan, Product
from store.credits.model import Account, Period


def add_months(day: date, months: int, anchor_day: int) -> date:
    """The anchor day of the month that lies `months` after day's month; its last day where it lacks the
    anchor day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(anchor_day, monthrange(year, month + 1)[1]))


def period_of(day: date, anchor_day: int) -> tuple[date, date]:
    """The period that a day lies in: its first day and the first day after it.

    Both are worked out from the anchor day, never from the last date: 31 Jan, 28 Feb, 31 Mar.
    """
    starts = add_months(day, 0, anchor_day)
    if starts > day:
        starts = add_months(day, -1, anchor_day)
    return starts, add_months(starts, 1, anchor_day)


def expiry(granted_on: date, months: int) -> date:
    """The first day on which credits granted for so many months are no longer there: 12 months after 29 Feb
    is 1 Mar."""
    same_day = add_months(granted_on, months, granted_on.day)
    return same_day if same_day.day == granted_on.day else add_months(same_day, 1, 1)


def period_end(starts: date, plan: Plan, anchor_day: int) -> date:
    """The first day after a period: a trial takes its days, all others a month to the anchor day."""
    return starts + timedelta(plan.trial_days) if plan.trial_days else add_months(starts, 1, anchor_day)


def billed_until(plan: Plan, billing: str, starts: date, ends: date, anchor_day: int) -> date:
    """The first day that isn't paid for, of a plan that is billed at the start of a period: a year on, or the
    period's end."""
    return add_months(starts, 12, anchor_day) if billing == YEARLY and plan.price_cents else ends


def plan_after(product: Product, account: Account, renewal: date) -> Plan:
    """The plan from a renewal on. What is pending waits until the days that were paid for are over, which is
    a year where one was paid; nothing follows a trial."""
    if account.pending_plan is not None and renewal >= account.billed_until:
        return product.plan(account.pending_plan)
    plan = product.plan(account.plan)
    return NOTHING if plan.trial_days else plan


def lot_expiry(product: Product, plan: Plan, granted_on: date, period_ends: date) -> date | None:
    """The first day on which credits that a plan grants are no longer there, or None where they stay."""
    if product.lapse or plan.trial_days:
        return period_ends
    months = product.expire_after_months
    return expiry(granted_on, months) if months else None


def prorated(cents: int, today: date, starts: date, ends: date) -> int:
    """The part of a period's price for the days left in it, today included, rounded half up to a cent."""
    days = (ends - starts).days
    return (2 * cents * (ends - today).days + days) // (2 * days)


def prorated_up(credits: int, today: date, starts: date, ends: date) -> int:
    """The part of a period's credits for the days left in it, today included, rounded up to a whole one."""
    return -(-credits * (ends - today).days // (ends - starts).days)


def given(plan: Plan, account: Account, period: Period) -> int:
    """What a plan gave in this period: one that isn't paid gave nothing."""
    return period.granted if account.owed else plan.credits
