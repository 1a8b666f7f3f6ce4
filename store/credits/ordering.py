"""Plans, purchases and their orders: a quote first, then an order that is paid before it is done. Each is of
an account as it stands within a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import peewee

from store.credits import orders, purchases, quotes, tables
from store.credits.boundaries import set_due
from store.credits.fulfilment import apply, held_of_period, left_of_period
from store.credits.model import Account, Change, OrderState, Pool, PurchaseRoom, Quote
from store.credits.periods import add_months
from store.credits.posting import Posting
from store.credits.quotes import Standing
from store.credits.row_mapping import read_noted
from store.errors import RefusedByRule
from store.prepared import Prepared
from store.sentences import sentence

if TYPE_CHECKING:
    from store.credits.idempotency import Asked


def quote_plan(posting: Posting, plan: str, billing: str | None) -> Quote:
    """What changing to a plan would do now. billing: None leaves it. Raises RefusedByRule where it is no
    change, WrongUsage for a plan or billing that isn't there."""
    product = posting.product
    billing = billing or posting.account.billing
    return quotes.quote_plan(product, product.plan_asked_for(plan), billing, standing(posting))


def quote_cancel(posting: Posting) -> Quote:
    """What cancelling the plan would do now. Raises RefusedByRule where nothing is left to cancel."""
    return quotes.quote_cancel(posting.product, standing(posting))


def quote_purchase(posting: Posting, credits: int) -> Quote:
    """What buying credits would do now. Raises RefusedByRule where so many can't be bought."""
    return quotes.quote_purchase(posting.product, room(posting), credits, standing(posting))


def withdraw(posting: Posting) -> Account:
    """Takes back what was to change at a renewal, and records it among the orders. Raises RefusedByRule where
    nothing is pending."""
    account = posting.account
    if account.pending_plan is None and account.pending_billing is None:
        raise RefusedByRule(
            sentence("There is no pending plan change. Nothing was changed."), code="nothing-pending"
        )
    orders.withdraw_pending(posting)
    posting.account = account._replace(pending_plan=None, pending_billing=None)
    set_due(posting)  # of a plan that isn't cancelled any more, what is owed is tried again
    return posting.account


_BOUGHT = Prepared(
    lambda _, account, since, before: tables.Order.select(peewee.fn.SUM(tables.Order.credits)).where(
        tables.Order.account == account,
        tables.Order.cause == Change.PURCHASE,
        tables.Order.day >= since,
        tables.Order.day < before,
    )
)


def room(posting: Posting) -> PurchaseRoom | None:
    """How many credits may be bought this calendar month; None where the product sells none."""
    first = posting.today.replace(day=1)
    until = add_months(first, 1, 1)
    bought = _BOUGHT(account=posting.account.id, since=first.isoformat(), before=until.isoformat())
    return purchases.room(posting.product, posting.plan, posting.database.scalar(bought) or 0)


def ask(posting: Posting, quote: Quote, key: str, asked: Asked | None) -> int | None:
    """The number of what was ordered under a key, where it is done already or costs nothing, else it is asked
    for. Raises RefusedByRule where the quote isn't what would be done now, or can't be done yet, and where
    somebody's key was used for something else."""
    from store.credits import idempotency

    database, account_id = posting.database, posting.account.id
    noted = idempotency.noted_order(database, account_id, asked) if asked else None
    number = orders.number_of(database, account_id, noted[0] if noted else key)
    if number is None:
        _check(posting, quote)
        if asked:
            idempotency.note_order(database, account_id, asked, key, quote)
        number = order(posting, quote, key)
    return number


def order(posting: Posting, quote: Quote, key: str) -> int | None:
    """Does what costs nothing, and gives the order's number; what costs something is asked for first."""
    if quote.charge_cents:
        orders.ask(posting, key, quote)
        return None
    request = orders.Request(quote.change, quote.to_plan, quote.billing, quote.credits_now)
    return apply(posting, request, key=key, cents=0, paid=None)


def _check(posting: Posting, quote: Quote) -> None:
    """Raises RefusedByRule where a quote isn't what would be done now, or can't be done yet."""
    asked = posting.owing and posting.account.owed and quote.effective is None  # of what this would replace
    if asked or orders.open_payments(posting.database, posting.account.id):
        raise RefusedByRule(
            sentence(
                "Another order is being paid right now. Nothing was changed. Check the plan again, "
                "then order."
            ),
            code="order-open",
        )
    unpaid = [
        order
        for order in orders.read_owed(posting.database, posting.account.id)
        if order.state is OrderState.UNPAID
    ]
    if unpaid and quote.charge_cents:
        raise RefusedByRule(
            sentence(
                "Order {order} isn't paid yet: the card was declined. Nothing was changed. Add "
                "another card and pay it first.",
                order=unpaid[0].number,
            ),
            code="unpaid-order",
            order=unpaid[0].number,
        )
    match quote.change:
        case Change.PURCHASE:
            now = quote_purchase(posting, quote.credits_now)
        case Change.CANCEL:
            now = quote_cancel(posting)
        case _:
            now = quote_plan(posting, quote.to_plan, quote.billing)
    check_same(now, quote)


def check_same(now: Quote, quote: Quote) -> None:
    """Raises RefusedByRule where a quote isn't what would be done now."""
    if _essence(now) != _essence(quote):
        raise RefusedByRule(
            sentence(
                "This order would now do something other than what you were shown. Nothing was "
                "changed. Check it again."
            ),
            code="quote-changed",
        )


def _essence(quote: Quote) -> tuple[object, ...]:
    """What two quotes must have in common to be the same order."""
    return (
        quote.change,
        quote.from_plan,
        quote.to_plan,
        quote.billing,
        quote.effective,
        quote.charge_cents,
        quote.credits_now,
        quote.next_renewal,
    )


def standing(posting: Posting) -> Standing:
    """All of the account that a quote depends on."""
    period = posting.period
    return Standing(
        account=posting.account,
        period=period,
        today=posting.today,
        left_of_period=sum(lot.remaining for lot in left_of_period(posting)),
        held_of_period=held_of_period(posting),
        allotted=posting.available[Pool.ALLOTTED],
        available=sum(posting.available.values()),
        busy=period.used + sum(posting.held.values()),
        noted=read_noted(posting.database, posting.account.id, period),
    )
