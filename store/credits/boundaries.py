"""What happens to an account as time passes: credits expire, a period ends and the next one begins."""

from __future__ import annotations

from datetime import date, datetime

from store.clock import local_midnight
from store.credits import tables
from store.credits.catalog import NOTHING, Plan
from store.credits.lots import Share, spread
from store.credits.model import Kind, Lot, Period, Pool
from store.credits.orders import insert_order
from store.credits.periods import billed_until, lot_expiry, period_end
from store.credits.posting import Posting, damaged
from store.credits.row_mapping import insert_period


def cross(posting: Posting, now: datetime) -> None:
    """Processes the boundary that posting.today is: expires lots, then renews where the period ends. now: how
    far time has come meanwhile, since nobody is told of a threshold reached in a period that is over."""
    renews = posting.today == posting.period.ends
    trial_ends = renews and posting.plan.trial_days > 0
    over = [lot for lot in posting.lots() if lot.expires_on and lot.expires_on <= posting.today]
    kind, cause = (Kind.ENDED, "trial") if trial_ends else (Kind.EXPIRED, "expiry")
    posting.lapse(_all_of(over), kind, cause=cause)
    if renews:
        _renew(posting)
    elif now < local_midnight(posting.period.ends, posting.account.timezone):
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
    posting.account = posting.account._replace(plan=plan.id, pending_plan=None, anchor=anchor)


def bill(posting: Posting, plan: Plan, billing: str) -> int:
    """Notes that a plan is paid for from today on, where today begins a period; the price in cents."""
    period, account = posting.period, posting.account
    posting.account = account._replace(
        billing=billing,
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


def set_due(posting: Posting) -> None:
    """Notes when the next boundary is: the period's end, or the next expiry before it."""
    # Raw, since it is asked at every boundary; see `row_mapping`.
    row = posting.database.row(
        "SELECT MIN(expires_on) AS day FROM lot "
        "WHERE account_id = ? AND expires_on > ? AND (remaining > 0 OR held > 0)",
        (posting.account.id, posting.today.isoformat()),
    )
    ends = posting.period.ends
    posting.due_on = min(ends, date.fromisoformat(row.day)) if row.day else ends


def _renew(posting: Posting) -> None:
    account, before = posting.account, posting.plan
    if account.pending_plan is not None:
        plan = posting.product.plan(account.pending_plan)
    else:
        plan = NOTHING if before.trial_days else before
    cancelled = plan is NOTHING is not before and not before.trial_days
    if cancelled and posting.product.changes.cancelled_credits == "end":
        end_allotted(posting, cause="cancel")
    begin_period(posting, plan, anchor=posting.today if before.trial_days else account.anchor)
    cents = 0
    if plan is NOTHING or posting.today >= account.billed_until:
        cents = bill(posting, plan, account.pending_billing or account.billing)
    reference = ""
    if cents:
        number = insert_order(
            posting,
            key=f"renewal:{posting.period.index}",
            cause="renewal",
            from_plan=before.id if plan is not before else "",
            plan=plan.id,
            billing=posting.account.billing,
            credits=plan.credits,
            cents=cents,
        )
        reference = str(number)
    posting.add(
        Pool.ALLOTTED,
        plan.credits,
        key=f"allot:{posting.period.index}",
        expires_on=lot_expiry(posting.product, plan, posting.today, posting.period.ends),
        cause="renewal",
        reference=reference,
    )
    _forfeit(posting, plan)
    posting.carry("renewal")


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
