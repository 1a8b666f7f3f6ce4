"""A date that was wrong: what time did beyond the clock is undone, where nobody did anything since.

A renewal that was charged stays charged, under its key: when its day comes it is done again, and the
provider, which charges a key once, takes nothing more for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import peewee

from store.clock import local_date, micros
from store.credits import row_mapping as rows
from store.credits import tables
from store.credits.accounts import Accounts
from store.credits.boundaries import set_due
from store.credits.catalog import YEARLY
from store.credits.model import Kind, OrderState, Pool
from store.credits.orders import RENEWAL
from store.credits.periods import add_months
from store.credits.posting import Posting
from store.database import Database
from store.errors import RefusedByRule
from store.sentences import sentence

AHEAD = timedelta(minutes=1)
"""How far an account may be ahead of the clock: clocks are set right by as much every day."""

_TIMES = ((Kind.GRANTED, RENEWAL), (Kind.EXPIRED, "expiry"), (Kind.FORFEITED, "cap"))
"""Kinds and causes of lines that are time's alone."""


def is_ahead(floor: datetime, now: datetime) -> bool:
    """Whether an account was processed up to an instant that hasn't come."""
    return floor - now > AHEAD


def take_back(accounts: Accounts, account_id: int, now: datetime) -> int:
    """Undoes the renewals and expiries of an account by the real clock that haven't come; how many periods
    that were. Raises RefusedByRule where there is nothing to undo, or more was done than time does."""
    database = accounts.database
    with database.transaction():
        state = rows.read_state(database, account_id, to_change=True)
        if state.account.demo_clock or not is_ahead(state.account.clock_floor, now):
            raise RefusedByRule(
                sentence("This account isn't ahead of the clock. Nothing was changed."), code="not-ahead"
            )
        today = local_date(now, state.account.timezone)
        kept = _period_of(database, account_id, today.isoformat())
        if kept is None or _was_busy(database, state, micros(now), kept):
            raise RefusedByRule(
                sentence(
                    "More than renewals and expirations happened while the date was wrong, so they can't "
                    "be undone. Nothing was changed. The account continues on its own on {day}.",
                    day=local_date(state.account.clock_floor, state.account.timezone),
                ),
                code="used-since",
            )
        terms = _undo(database, account_id, micros(now), kept)
        _stand_at(accounts, account_id, now, terms)
    return state.period.index - kept


def _period_of(database: Database, account_id: int, day: str) -> int | None:
    period = tables.Period
    found = period.select(period.index_).where(
        period.account == account_id, period.starts <= day, period.ends > day
    )
    index: int | None = database.scalar(found)
    return index


def _was_busy(database: Database, state: rows.AccountState, now: int, kept: int) -> bool:
    """Whether anybody did something since, or time did what can't be told backwards: another plan, an end, a
    renewal that isn't paid."""
    account = state.account
    entry, order, hold, period, payment = (
        tables.Entry,
        tables.Order,
        tables.Hold,
        tables.Period,
        tables.Payment,
    )
    times = [(entry.kind == kind) & (entry.cause == cause) for kind, cause in _TIMES]
    usual = (
        (order.cause == RENEWAL)
        & (order.state == OrderState.PAID)
        & (order.from_plan == "")
        & (order.plan == account.plan)
        & (order.billing == account.billing)
    )
    found = (
        entry.select(entry.seq).where(
            entry.account == account.id, entry.at > now, ~(times[0] | times[1] | times[2])
        ),
        order.select(order.number).where(order.account == account.id, order.at > now, ~usual),
        hold.select(hold.id).where(hold.account == account.id, hold.at > now),
        payment.select(payment.key).where(payment.account == account.id, payment.at > now),
        period.select(period.index_).where(
            period.account == account.id, period.index_ > kept, period.used > 0
        ),
    )
    return bool(account.owed) or any(database.scalar(query.limit(1)) is not None for query in found)


def _undo(database: Database, account_id: int, now: int, kept: int) -> int:
    """Takes away all rows of what is undone; how many terms were paid for in it."""
    entry, movement, lot, order = tables.Entry, tables.Movement, tables.Lot, tables.Order
    undone = entry.select(entry.seq).where(entry.account == account_id, entry.at > now)
    its = (movement.account == account_id) & movement.seq.in_(undone)
    lapsed = (
        movement.select(movement.lot.alias("lot"), peewee.fn.SUM(movement.credits).alias("credits"))
        .where(its, movement.credits < 0)
        .group_by(movement.lot)
    )
    for row in database.find(lapsed):
        back = lot.update(remaining=lot.remaining - row.credits, lapsed=lot.lapsed + row.credits)
        database.run(back.where(lot.id == row.lot))
    database.run(movement.delete().where(its))
    database.run(lot.delete().where(lot.account == account_id, lot.period_index > kept))
    database.run(entry.delete().where(entry.account == account_id, entry.at > now))
    notice, outbox = tables.Notice, tables.Outbox
    told = notice.select(notice.id).where(notice.account == account_id, notice.at > now)
    database.run(outbox.delete().where(outbox.notice.in_(told)))
    database.run(notice.delete().where(notice.account == account_id, notice.at > now))
    terms = int(database.run(order.delete().where(order.account == account_id, order.at > now)))
    period = tables.Period
    database.run(period.delete().where(period.account == account_id, period.index_ > kept))
    last = entry.select(peewee.fn.MAX(entry.seq)).where(entry.account == account_id)
    columns: dict[str, object] = {"seq": database.scalar(last) or 0, "period_index": kept}
    for pool in Pool:
        left = lot.select(peewee.fn.COALESCE(peewee.fn.SUM(lot.remaining), 0))
        columns[f"available_{pool}"] = database.scalar(
            left.where(lot.account == account_id, lot.pool == pool)
        )
    database.run(tables.Account.update(columns).where(tables.Account.id == account_id))
    return terms


def _stand_at(accounts: Accounts, account_id: int, now: datetime, terms: int) -> None:
    """Notes until when the plan is paid for, and what comes next."""
    state = rows.read_state(accounts.database, account_id)
    account, period = state.account, state.period
    today = local_date(now, account.timezone)
    posting = Posting(accounts.database, accounts.product(account), state, now, today)
    if account.billing == YEARLY and posting.plan.price_cents:
        days = (account.billed_from, account.billed_until)
        starts, ends = (add_months(day, -12 * terms, account.anchor.day) for day in days)
    else:
        starts, ends = period.starts, period.ends
    posting.account = account._replace(billed_from=starts, billed_until=ends)
    set_due(posting)
    posting.save()
