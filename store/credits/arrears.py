"""A renewal that isn't paid: it is owed, and brings its credits when it is paid, not before.

The card is charged again by itself 1, 3, 5 and 7 days after the first time, then whenever somebody says so.
Until it is paid nothing more is granted or charged: one renewal is owed, that of the present period. Those of
periods that are over are skipped, since nothing was given for them. What rolled over stays usable.

A plan may be changed meanwhile where that costs nothing. What waits for the next renewal waits. A smaller
plan that is taken at once is what is owed from then on; a free one ends what is owed. A plan that was
cancelled is owed until it ends, but the card isn't charged for it by itself any more.
"""

from __future__ import annotations

from datetime import date, timedelta

from store.credits import orders
from store.credits.catalog import NO_PLAN, Plan
from store.credits.model import Account, OrderState
from store.credits.periods import billed_until
from store.credits.posting import Posting
from store.credits.row_mapping import damaged
from store.payments import Declined
from store.payments.declines import declined

RETRY_AFTER = (1, 3, 5, 7)
"""Days after the first time."""


def next_try(account: Account, today: date) -> date | None:
    """The next local day, after today, on which the card is charged by itself for what is owed."""
    if account.owed_since is None or account.pending_plan == NO_PLAN:
        return None
    days = (account.owed_since + timedelta(number) for number in RETRY_AFTER)
    return next((day for day in days if day > today), None)


def owe(
    posting: Posting,
    plan: Plan,
    cents: int,
    outcome: Declined | None,
    *,
    key: str,
    before: str = "",
    attempts: int = 0,
) -> None:
    """Records the order of the present period's renewal, which isn't paid. outcome: why, None where nobody
    was asked yet. before: the plan before, "" where it is the same. attempts: as `orders.insert_order`."""
    orders.insert_order(
        posting,
        key=key,
        cause=orders.RENEWAL,
        from_plan=before,
        plan=plan.id,
        billing=posting.account.billing,
        credits=plan.credits - posting.product.stand_in.credits,
        cents=cents,
        outcome=outcome,
        attempts=attempts,
    )
    posting.account = posting.account._replace(
        owed=cents,
        owed_since=posting.account.owed_since or posting.today,
        billed_until=posting.period.ends,
    )


def skip(posting: Posting) -> Declined | None:
    """Closes what is owed unpaid, since there is nothing to be paid for any more; why it wasn't paid. None
    where nothing is owed."""
    if not posting.account.owed:
        return None
    debt = owed(posting)
    orders.close_debt(posting.database, posting.account.id, debt, OrderState.SKIPPED)
    posting.account = posting.account._replace(owed=0)
    posting.unnotify_unpaid()
    return declined(debt.reason)


def change_plan(posting: Posting, plan: Plan) -> None:
    """Another plan was taken at once: it is what is owed from now on, unless it is free."""
    outcome = skip(posting)
    if outcome is None:
        return
    if cents := posting.product.price(plan, posting.account.billing):
        owe(posting, plan, cents, outcome, key=f"{orders.RENEWAL}:{posting.period.index}:{plan.id}")
    else:
        posting.account = posting.account._replace(owed_since=None)


def pay(posting: Posting) -> None:
    """What was owed is paid: the plan is paid for from the present period's first day on."""
    period, account = posting.period, posting.account
    until = billed_until(posting.plan, account.billing, period.starts, period.ends, account.anchor.day)
    posting.account = account._replace(owed=0, owed_since=None, billed_until=until)


def owed(posting: Posting) -> orders.Debt:
    """The renewal that is owed."""
    debt = orders.owed_renewal(posting.database, posting.account.id)
    if debt is None:
        raise damaged()
    return debt
