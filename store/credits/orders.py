"""Orders and payments as they are kept: a row for what was ordered, and one for each charge that is asked of
the payment provider before its order is done."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, NamedTuple

import peewee

from store.clock import instant
from store.credits import tables
from store.credits.model import Change, Order, OrderState, Quote
from store.credits.posting import Posting, one_row
from store.credits.row_mapping import insert, no_such_account, readable
from store.database import Database
from store.errors import WrongUsage
from store.payments import NO_CARD, Declined, Paid
from store.payments.declines import declined
from store.sentences import Sentence, sentence

RENEWAL = "renewal"
"""The cause of what time orders, and what its keys begin with."""

_OWED = (OrderState.DUE, OrderState.UNPAID)

WITHDRAWN = "withdrawn"
"""The cause of an order that takes back what was pending."""


class Request(NamedTuple):
    """What is done once it is paid, and who asked for it; one of an older Textmeter doesn't say."""

    change: Change
    plan: str
    billing: str
    credits: int
    person: str = ""


class Payment(NamedTuple):
    """A charge asked for. order_key: under which it was ordered; key: the provider's, for this attempt;
    opens: whether it is for an account's first order."""

    order_key: str
    key: str
    cents: int
    description: str
    opens: bool = False


class Debt(NamedTuple):
    """An order of time's that is still to be charged. attempts: how often a card was declined; reason: the
    word with which it was last, "" where nobody was asked yet. credits: those that paying it adds."""

    number: int
    plan: str
    credits: int
    state: OrderState
    attempts: int
    reason: str
    payment: Payment


def insert_order(
    posting: Posting,
    *,
    key: str = "",
    cause: str,
    from_plan: str,
    plan: str,
    billing: str,
    credits: int,
    cents: int,
    outcome: Paid | Declined | None = None,
    attempts: int = 0,
) -> int:
    """Records an order; its number. key: makes sure that it is recorded once, where it might be asked for
    again. outcome: what came of charging the card; where nobody was asked, what there is to charge is due.
    attempts: how often a card was declined for it."""
    database, account_id = posting.database, posting.account.id
    highest = tables.Order.select(peewee.fn.MAX(tables.Order.number)).where(
        tables.Order.account == account_id
    )
    number = (database.scalar(highest) or 0) + 1
    paid = outcome if isinstance(outcome, Paid) else None
    state, reason = OrderState.PAID, ""
    if isinstance(outcome, Declined):
        state, reason = OrderState.UNPAID, outcome.code
    elif cents and paid is None:
        state = OrderState.DUE
    insert(
        database,
        "order",
        account_id=account_id,
        number=number,
        key=key or f"{cause}:{number}",
        at=posting.at,
        day=posting.today.isoformat(),
        cause=cause,
        from_plan=from_plan,
        plan=plan,
        billing=billing,
        credits=credits,
        cents=cents,
        card=str(paid.card) if paid else "",
        charge=paid.reference if paid else "",
        state=state,
        reason=reason,
        attempts=attempts,
        emailed=False,
        person=posting.person,
        billing_address=posting.account.billing_address,
    )
    posting.owing = posting.owing or state is OrderState.DUE
    return int(number)


def withdraw_pending(posting: Posting) -> None:
    """Records that what is pending was taken back. Whoever wasn't told by email yet of what had been ordered
    needs neither mail; who was is told."""
    account, row = posting.account, tables.Order
    pending = (row.cause == Change.BILLING) | (
        (row.plan == account.pending_plan) & row.cause.in_([Change.DOWNGRADE, Change.CANCEL])
    )
    untold = row.update(emailed=True).where(row.account == account.id, ~row.emailed, pending)
    number = insert_order(
        posting,
        cause=WITHDRAWN,
        from_plan=account.pending_plan or "",
        plan=account.plan,
        billing=account.billing,
        credits=0,
        cents=0,
    )
    if posting.database.run(untold):
        its_own = (row.account == account.id) & (row.number == number)
        posting.database.run(row.update(emailed=True).where(its_own))


def read_orders(database: Database, account_id: int, before: int | None, limit: int) -> list[Order]:
    """The newest first."""
    found = _orders(account_id).order_by(tables.Order.number.desc()).limit(limit)
    if before is not None:
        found = found.where(tables.Order.number < before)
    return [order(row) for row in database.find(found)]


def read_order(database: Database, account_id: int, number: int) -> Order:
    """Raises WrongUsage where there is none of that number."""
    row = database.first(_orders(account_id).where(tables.Order.number == number))
    if row is None:
        raise WrongUsage(
            sentence("There is no order {order}. `textmeter orders` lists them all.", order=number),
            code="no-such-order",
        )
    return order(row)


def number_of(database: Database, account_id: int, key: str) -> int | None:
    """The number of what was ordered under a key."""
    found = tables.Order.select(tables.Order.number).where(
        tables.Order.account == account_id, tables.Order.key == key
    )
    number: int | None = database.scalar(found)
    return number


def read_owed(database: Database, account_id: int) -> list[Order]:
    """Orders that are due or unpaid, the oldest first."""
    found = _orders(account_id).where(tables.Order.state.in_(_OWED)).order_by(tables.Order.number)
    return [order(row) for row in database.find(found)]


# Payments


def ask(posting: Posting, key: str, quote: Quote) -> None:
    """Notes that the card is about to be charged for a quote; instead of what was declined under that key,
    if so."""
    request = Request(quote.change, quote.to_plan, quote.billing, quote.credits_now, posting.person)
    payment = tables.Payment
    posting.database.run(
        payment.insert(
            account=posting.account.id,
            key=key,
            at=posting.at,
            cents=quote.charge_cents,
            quote=json.dumps(request),
            state="open",
        ).on_conflict(
            conflict_target=[payment.account, payment.key],
            preserve=[payment.at, payment.cents, payment.quote, payment.state],
        )
    )
    posting.owing = True


def open_payments(database: Database, account_id: int) -> list[Payment]:
    """Charges of which nobody knows yet whether they were made."""
    payment = tables.Payment
    found = (
        payment.select(payment.key, payment.cents, payment.quote)
        .where(payment.account == account_id, payment.state == "open")
        .order_by(payment.at, payment.key)
    )
    return [_payment(account_id, row) for row in database.find(found)]


def read_payment(database: Database, account_id: int, key: str) -> tuple[Payment, Request]:
    """A charge, and what is done once it is made. Raises WrongUsage where the account is gone, since its
    first one was declined meanwhile."""
    row = database.first(tables.Payment.select().where(_keyed(account_id, key)))
    if row is None:
        raise no_such_account(account_id)
    change, *rest = json.loads(row.quote)
    return _payment(account_id, row), Request(Change(change), *rest)


def close_payment(database: Database, account_id: int, key: str, state: str) -> None:
    """Notes the answer to a charge: "paid" or "declined"."""
    one_row(database.run(tables.Payment.update(state=state).where(_keyed(account_id, key))))


def debts(database: Database, account_id: int, *, again: bool) -> list[Debt]:
    """What is due, the oldest first. again: what was declined, too."""
    states = _OWED if again else (OrderState.DUE,)
    return _debts(database, account_id, tables.Order.state.in_(states))


def owed_renewal(database: Database, account_id: int) -> Debt | None:
    """The newest renewal that isn't paid."""
    isnt_paid = (tables.Order.cause == RENEWAL) & tables.Order.state.in_(_OWED)
    return next(reversed(_debts(database, account_id, isnt_paid)), None)


def attempt(account_id: int, key: str, attempts: int, cents: int, plan: str) -> Payment:
    """A charge for a renewal."""
    return Payment(key, f"{account_id}:{key}:{attempts}", cents, f"{RENEWAL} {plan}")


def counts_as_attempt(outcome: Declined) -> int:
    """Whether the next attempt takes another key, since this one was used up: whoever still asks under it
    would have the card charged a second time that was put on file meanwhile."""
    return int(outcome.code != NO_CARD)


def _debts(database: Database, account_id: int, which: peewee.Expression) -> list[Debt]:
    found = _orders(account_id).where(which).order_by(tables.Order.number)
    return [
        Debt(
            row.number,
            row.plan,
            row.credits,
            OrderState(row.state),
            row.attempts,
            row.reason,
            attempt(account_id, row.key, row.attempts, row.cents, row.plan),
        )
        for row in database.find(found)
    ]


def settle_debt(database: Database, account_id: int, debt: Debt, outcome: Paid | Declined) -> bool:
    """Notes the answer to the charge of a debt; False where another process was faster."""
    if isinstance(outcome, Paid):
        paid = {"card": str(outcome.card), "charge": outcome.reference, "reason": ""}
        return _change_debt(database, account_id, debt, state=OrderState.PAID, **paid)
    attempts = debt.attempts + counts_as_attempt(outcome)
    return _change_debt(
        database, account_id, debt, state=OrderState.UNPAID, reason=outcome.code, attempts=attempts
    )


def close_debt(database: Database, account_id: int, debt: Debt, state: OrderState) -> None:
    """Gives a debt another state, without an answer: DUE, SKIPPED."""
    one_row(int(_change_debt(database, account_id, debt, state=state)))


def _change_debt(database: Database, account_id: int, debt: Debt, **values: object) -> bool:
    row = tables.Order
    changed = database.run(
        row.update(values).where(
            row.account == account_id,
            row.number == debt.number,
            row.attempts == debt.attempts,
            row.state.in_(_OWED),
        )
    )
    return bool(changed)


def is_owing(database: Database, account_id: int) -> bool:
    """Whether anything is still to be asked of the payment provider."""
    # Raw, since it is asked at every renewal; see `row_mapping`.
    row = database.row(
        "SELECT EXISTS(SELECT 1 FROM payment WHERE account_id = ? AND state = 'open') "
        "OR EXISTS(SELECT 1 FROM \"order\" WHERE account_id = ? AND state = 'due') AS owing",
        (account_id, account_id),
    )
    return bool(row.owing)


def note_owing(database: Database, account_id: int) -> None:
    """Keeps that on the account."""
    owing = is_owing(database, account_id)
    database.run(tables.Account.update(owing=owing).where(tables.Account.id == account_id))


@readable
def order(row: Any) -> Order:
    """A row of `order`."""
    return Order(
        number=row.number,
        at=instant(row.at),
        on=date.fromisoformat(row.day),
        cause=row.cause,
        from_plan=row.from_plan,
        plan=row.plan,
        billing=row.billing,
        credits=row.credits,
        cents=row.cents,
        card=row.card,
        charge=row.charge,
        state=OrderState(row.state),
        reason=_reason(row.reason) if row.reason else None,
        person=row.person,
        billing_address=row.billing_address,
    )


def _reason(kept: str) -> Sentence:
    """Why a card was declined: by the provider's word for it or, of an older Textmeter whose words nobody
    knows any more, the sentence itself, as JSON."""
    return Sentence(*json.loads(kept)) if kept.startswith("[") else declined(kept).says


def _orders(account_id: int) -> peewee.ModelSelect[tables.Order]:
    return tables.Order.select().where(tables.Order.account == account_id)


def _keyed(account_id: int, key: str) -> peewee.Expression:
    return (tables.Payment.account == account_id) & (tables.Payment.key == key)


def _payment(account_id: int, row: Any) -> Payment:
    change, plan, *_ = json.loads(row.quote)
    return Payment(
        row.key, f"{account_id}:{row.key}", row.cents, f"{change} {plan}", opens=change == Change.JOIN
    )
