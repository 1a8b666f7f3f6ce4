"""What happens to an account as time passes: credits expire, a period ends and the next one begins."""

from __future__ import annotations

from datetime import date, datetime

from store.clock import local_midnight
from store.credits.lots import Share
from store.credits.model import Kind, Period, Pool
from store.credits.periods import add_months, expiry, prorated
from store.credits.posting import Posting
from store.credits.rows import insert_period


def join(posting: Posting) -> None:
    """The first order and allotment, an upgrade from nothing: the price of the days left, the plan's full
    number."""
    period = posting.period
    plan = posting.product.plan(posting.account.plan)
    cents = prorated(plan.price_cents, posting.today, period.starts, period.ends)
    _allot(posting, cause="join", key="join", cents=cents)


def cross(posting: Posting, now: datetime) -> None:
    """Processes the boundary that posting.today is: expires lots, then renews where the period ends. now: how
    far time has come meanwhile, since nobody is told of a threshold reached in a period that is over."""
    for lot in posting.lots():
        if lot.expires_on and lot.expires_on <= posting.today:
            posting.lapse(Share(lot.id, lot.pool, lot.remaining), Kind.EXPIRED, cause="expiry")
    if posting.today == posting.period.ends:
        _renew(posting)
    elif now < local_midnight(posting.period.ends, posting.account.timezone):
        posting.notify("expiry")
    posting.due_on = min(posting.period.ends, _next_expiry(posting) or posting.period.ends)


def _renew(posting: Posting) -> None:
    before, account = posting.period, posting.account
    posting.period = Period(
        before.index + 1, before.ends, add_months(before.ends, 1, account.anchor.day), used=0, epoch=0
    )
    insert_period(posting.database, account.id, posting.period)
    cents = posting.product.plan(account.plan).price_cents
    _allot(posting, cause="renewal", key=f"renewal:{posting.period.index}", cents=cents)
    posting.carry("renewal")


def _allot(posting: Posting, *, cause: str, key: str, cents: int) -> None:
    """Records the order of a period and grants its credits."""
    plan, months = posting.product.plan(posting.account.plan), posting.product.expire_after_months
    number = posting.order(key=key, cause=cause, plan=plan.id, credits=plan.credits, cents=cents)
    posting.grant(
        Pool.ALLOTTED,
        plan.credits,
        key=f"allot:{posting.period.index}",
        expires_on=expiry(posting.today, months) if months else None,
        cause=cause,
        reference=str(number),
    )


def _next_expiry(posting: Posting) -> date | None:
    (day,) = posting.database.execute(
        "SELECT MIN(expires_on) FROM lot "
        "WHERE account_id = ? AND expires_on > ? AND (remaining > 0 OR held > 0)",
        (posting.account.id, posting.today.isoformat()),
    ).fetchone()
    return date.fromisoformat(day) if day else None
