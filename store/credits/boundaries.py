"""What happens to an account as time passes: credits expire, a period ends and the next one begins; a renewal
that isn't paid is tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeAlias

from store.clock import local_midnight
from store.credits import arrears, orders, tables
from store.credits.catalog import NOTHING, Plan
from store.credits.lots import Share, spread
from store.credits.model import Kind, Lot, OrderState, Period, Pool
from store.credits.periods import billed_until, lot_expiry, period_end, plan_after
from store.credits.posting import Posting
from store.credits.row_mapping import damaged, insert_period, readable
from store.payments import Declined, Paid

Charge: TypeAlias = Callable[[orders.Payment], Paid | Declined | None]
"""Charges the card; None where it isn't charged within a transaction, so that it is due."""


def cross(posting: Posting, now: datetime, charge: Charge) -> None:
    """Processes the boundary that posting.today is: expires lots, then renews where the period ends, or has
    the card charged again for a renewal that isn't paid. now: how far time has come meanwhile, since nobody
    is told of what was reached in a period that is over."""
    renews = posting.today == posting.period.ends
    trial_ends = renews and posting.plan.trial_days > 0
    over = [lot for lot in posting.lots() if lot.expires_on and lot.expires_on <= posting.today]
    kind, cause = (Kind.ENDED, "trial") if trial_ends else (Kind.EXPIRED, "expiry")
    posting.lapse(_all_of(over), kind, cause=cause)
    tries = arrears.next_try(posting.account, posting.today - timedelta(1)) == posting.today
    if renews:
        _renew(posting, now, charge)
    elif tries:
        _try_again(posting, now, charge)
    if not renews and now < _end(posting):
        posting.notify("expiry")
    set_due(posting)
    if posting.due_on <= posting.today:  # else a catch-up would come back to this day for ever
        raise damaged()


def begin_period(posting: Posting, plan: Plan, *, anchor: date) -> None:
    """Begins a period today, on whose plan nothing was granted yet. anchor: as the account's from now on."""
    period = posting.period
    ends = period_end(posting.today, plan, anchor.day)
    posting.period = Period(period.index + 1, posting.today, ends, used=0, granted=0, epoch=0)
    insert_period(posting.database, posting.account.id, posting.period)
    posting.account = posting.account._replace(plan=plan.id, anchor=anchor)


def bill(posting: Posting, plan: Plan, billing: str) -> int:
    """Notes that a plan is paid for from today on, where today begins a period: whatever was pending has come
    with it. The price in cents."""
    period, account = posting.period, posting.account
    posting.account = account._replace(
        billing=billing,
        pending_plan=None,
        pending_billing=None,
        billed_from=period.starts,
        billed_until=billed_until(plan, billing, period.starts, period.ends, account.anchor.day),
    )
    return posting.product.price(plan, billing)


def end_allotted(posting: Posting, *, cause: str) -> None:
    """All that plans have granted ends today; what is held of it, when it comes back."""
    lot = tables.Lot
    left = (lot.remaining > 0) | (lot.held > 0)
    its = (lot.account == posting.account.id) & (lot.pool == Pool.ALLOTTED) & left
    posting.database.run(lot.update(expires_on=posting.today.isoformat()).where(its))
    posting.lapse(_allotted(posting), Kind.ENDED, cause=cause)


@readable
def set_due(posting: Posting) -> None:
    """Notes when the next boundary is: the period's end or, before it, the next expiry or the day on which
    the card is charged again."""
    # Raw, since it is asked at every boundary; see `row_mapping`.
    row = posting.database.row(
        "SELECT MIN(expires_on) AS day FROM lot "
        "WHERE account_id = ? AND expires_on > ? AND (remaining > 0 OR held > 0)",
        (posting.account.id, posting.today.isoformat()),
    )
    expires = date.fromisoformat(row.day) if row.day else None
    tries = arrears.next_try(posting.account, posting.today)
    posting.due_on = min(day for day in (posting.period.ends, expires, tries) if day is not None)


def settle(posting: Posting, debt: orders.Debt, outcome: Paid | Declined, now: datetime) -> None:
    """Notes the answer to the charge of what is owed: once it is paid, it brings its credits. now: as for
    `cross`."""
    if not orders.settle_debt(posting.database, posting.account.id, debt, outcome):
        return
    if isinstance(outcome, Paid):
        plan = posting.product.plan(debt.plan)
        arrears.pay(posting)
        _grant(posting, plan, debt.credits, debt.number)
        posting.new_epoch(orders.RENEWAL)
        posting.unnotify_unpaid()
    elif now < _end(posting):
        posting.notify_unpaid()
    set_due(posting)


def _try_again(posting: Posting, now: datetime, charge: Charge) -> None:
    debt = arrears.owed(posting)
    outcome = charge(debt.payment)
    if outcome is None:
        orders.close_debt(posting.database, posting.account.id, debt, OrderState.DUE)
        posting.owing = True
    else:
        settle(posting, debt, outcome, now)


def _renew(posting: Posting, now: datetime, charge: Charge) -> None:
    account, before = posting.account, posting.plan
    plan = plan_after(posting.product, account, posting.today)
    cancelled = plan is NOTHING is not before and not before.trial_days
    if cancelled and posting.product.changes.cancelled_credits == "end":
        end_allotted(posting, cause="cancel")
    missed = arrears.skip(posting)
    begin_period(posting, plan, anchor=posting.today if before.trial_days else account.anchor)
    cents = 0
    if plan is NOTHING or posting.today >= account.billed_until:
        cents = bill(posting, plan, account.pending_billing or account.billing)
    if cents:
        _charge_renewal(posting, plan, cents, before.id if plan is not before else "", missed, charge)
    else:
        posting.account = posting.account._replace(owed_since=None)
        _grant(posting, plan, plan.credits)
    posting.carry(orders.RENEWAL)
    if posting.account.owed and not posting.owing and now < _end(posting):
        posting.notify_unpaid()


def _charge_renewal(
    posting: Posting, plan: Plan, cents: int, before: str, missed: Declined | None, charge: Charge
) -> None:
    """Has the card charged for a period that begins. missed: why the one before it isn't paid, so that this
    one is owed instead, without the card being charged by itself."""
    key = f"{orders.RENEWAL}:{posting.period.index}"
    outcome = missed or charge(orders.attempt(posting.account.id, key, 0, cents, plan.id))
    if isinstance(outcome, Paid):
        number = orders.insert_order(
            posting,
            key=key,
            cause=orders.RENEWAL,
            from_plan=before,
            plan=plan.id,
            billing=posting.account.billing,
            credits=plan.credits,
            cents=cents,
            outcome=outcome,
        )
        _grant(posting, plan, plan.credits, number)
        return
    attempts = orders.counts_as_attempt(outcome) if outcome and not missed else 0
    arrears.owe(posting, plan, cents, outcome, key=key, before=before, attempts=attempts)
    posting.add(
        Pool.ALLOTTED,
        posting.product.stand_in.credits,
        key=f"meanwhile:{posting.period.index}",
        expires_on=lot_expiry(posting.product, plan, posting.today, posting.period.ends),
        cause=orders.RENEWAL,
        reference="",
    )


def _grant(posting: Posting, plan: Plan, credits: int, number: int | None = None) -> None:
    """Adds what a plan gives for the period, and takes away what is above the cap. number: of its order."""
    posting.add(
        Pool.ALLOTTED,
        credits,
        key=f"allot:{posting.period.index}",
        expires_on=lot_expiry(posting.product, plan, posting.today, posting.period.ends),
        cause=orders.RENEWAL,
        reference=str(number or ""),
    )
    _forfeit(posting, plan)


def _end(posting: Posting) -> datetime:
    return local_midnight(posting.period.ends, posting.account.timezone)


def _forfeit(posting: Posting, plan: Plan) -> None:
    """Takes away what rolled over beyond the cap, the oldest first. Where there is no plan, all stays."""
    if posting.product.most_allotments is None or plan is NOTHING:
        return
    over = posting.available[Pool.ALLOTTED] - posting.product.most_allotments * plan.credits
    if over > 0:
        posting.lapse(spread(over, _allotted(posting)), Kind.FORFEITED, cause="cap")


def _allotted(posting: Posting) -> list[Share]:
    return _all_of([lot for lot in posting.lots() if lot.pool is Pool.ALLOTTED])


def _all_of(lots: list[Lot]) -> list[Share]:
    return [Share(lot.id, lot.pool, lot.remaining) for lot in lots]
