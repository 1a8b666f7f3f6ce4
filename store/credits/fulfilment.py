"""An order is done: the plan changes, credits are added or taken back, what is pending is noted."""

from __future__ import annotations

import peewee

from store.credits import arrears, tables
from store.credits.boundaries import begin_period, bill, end_allotted, set_due
from store.credits.catalog import NOTHING, Plan
from store.credits.lots import Share, spread
from store.credits.model import Change, Kind, Lot, Pool
from store.credits.orders import Request, insert_order
from store.credits.periods import given, lot_expiry, prorated_up
from store.credits.posting import Posting
from store.payments import Paid


def apply(posting: Posting, request: Request, *, key: str, cents: int, paid: Paid | None) -> int:
    """Does what was ordered, and records the order; its number. cents: what was charged for it; paid: how.

    What credits it comes to is worked out anew: it differs from what was quoted only where the payment was
    known so late that a renewal came between.
    """
    before = posting.plan
    plan = posting.product.plan(request.plan)
    held = held_of_period(posting)
    gave = given(before, posting.account, posting.period)
    _change_plan(posting, request, plan)
    added, taken = _credits(posting, request, plan)
    ended = 0
    if request.change is Change.SUBSCRIBE:
        if before.trial_days:
            ended = posting.available[Pool.ALLOTTED]
            end_allotted(posting, cause="trial")
        if posting.product.renewal_day is None:
            posting.change_period(ends=posting.today)
            begin_period(posting, plan, anchor=posting.today)
    if request.change in (Change.JOIN, Change.SUBSCRIBE):
        bill(posting, plan, request.billing)
    number = insert_order(
        posting,
        key=key,
        cause=request.change,
        from_plan=before.id if before not in (NOTHING, plan) else "",
        plan=plan.id,
        billing=request.billing,
        credits=added - taken - ended,
        cents=cents,
        outcome=paid,
    )
    _move_credits(posting, request, plan, number, added, taken)
    _note_to_take(posting, request, gave - plan.credits - taken, held)
    if request.change in (Change.DOWNGRADE, Change.CANCEL) and posting.account.plan == plan.id:
        arrears.change_plan(posting, plan)
    set_due(posting)
    return number


def left_of_period(posting: Posting) -> list[Lot]:
    """The lots that this period's plans gave and something remains of, the newest first."""
    return [lot for lot in posting.lots() if lot.period == posting.period.index][::-1]


def held_of_period(posting: Posting) -> int:
    """Credits held of what this period's plans gave, so far as no smaller plan takes them already."""
    lot = tables.Lot
    its = (lot.account == posting.account.id) & (lot.period_index == posting.period.index)
    held: int = posting.database.scalar(lot.select(peewee.fn.COALESCE(peewee.fn.SUM(lot.held), 0)).where(its))
    return max(held - posting.period.to_take, 0)


def _change_plan(posting: Posting, request: Request, plan: Plan) -> None:
    """Now, or at a renewal to come."""
    account, changes = posting.account, posting.product.changes
    billing = request.billing if request.billing != account.billing else None
    match request.change:
        case Change.PURCHASE:
            return
        case Change.BILLING:
            posting.account = account._replace(pending_billing=billing)
            return
        case Change.DOWNGRADE if changes.downgrade == "renewal":
            posting.account = account._replace(pending_plan=plan.id, pending_billing=billing)
        case Change.CANCEL if changes.cancel == "renewal":
            posting.account = account._replace(pending_plan=plan.id, pending_billing=None)
        case _:
            posting.account = account._replace(plan=plan.id, pending_plan=None, pending_billing=billing)


def _credits(posting: Posting, request: Request, plan: Plan) -> tuple[int, int]:
    """What is added and what is taken back now."""
    in_part = posting.product.changes.upgrade_credits == "prorated"
    match request.change:
        case Change.PURCHASE:
            return request.credits, 0
        case Change.SUBSCRIBE if posting.product.renewal_day is None:
            return plan.credits, 0
        case Change.JOIN | Change.UPGRADE if in_part:
            return request.credits, 0  # for the days that were paid, however late that is known
        case Change.SUBSCRIBE if in_part:
            period = posting.period
            return prorated_up(plan.credits, posting.today, period.starts, period.ends), 0
        case Change.JOIN | Change.SUBSCRIBE | Change.UPGRADE:
            owed = arrears.owed(posting).credits if posting.account.owed else 0
            return max(plan.credits - posting.period.granted - owed, 0), 0
        case Change.DOWNGRADE | Change.CANCEL if posting.account.pending_plan is None:
            return 0, -min(request.credits, 0)
    return 0, 0


def _note_to_take(posting: Posting, request: Request, short: int, held: int) -> None:
    """What a smaller plan could not take because it was held is taken as it comes back; a larger one lets it
    be, so far as it gives as much. short: credits of the difference that were not taken."""
    to_take = posting.period.to_take
    if request.change in (Change.DOWNGRADE, Change.CANCEL) and posting.account.pending_plan is None:
        to_take += max(min(short, held), 0)
    elif request.change is Change.UPGRADE:
        to_take = min(to_take, max(posting.period.granted - posting.plan.credits, 0))
    if to_take != posting.period.to_take:
        posting.change_period(to_take=to_take)


def _move_credits(
    posting: Posting, request: Request, plan: Plan, number: int, added: int, taken: int
) -> None:
    cause, reference = str(request.change), str(number)
    purchase = request.change is Change.PURCHASE
    if added:
        expires_on = lot_expiry(posting.product, plan, posting.today, posting.period.ends)
        posting.add(
            Pool.PURCHASED if purchase else Pool.ALLOTTED,
            added,
            key=f"order:{number}",
            expires_on=None if purchase else expires_on,
            cause=cause,
            reference=reference,
        )
        if request.change is not Change.JOIN:
            posting.new_epoch(cause)
    if taken:
        shares = [Share(lot.id, lot.pool, lot.remaining) for lot in left_of_period(posting)]
        posting.lapse(spread(taken, shares), Kind.TAKEN_BACK, cause=cause, reference=reference)
        posting.change_period(granted=posting.period.granted - taken)
        posting.notify(cause)
