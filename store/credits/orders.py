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
from store.credits.row_mapping import insert, no_such_account
from store.database import Database
from store.errors import WrongUsage
from store.payments import NO_CARD, Declined, Paid
from store.payments.declines import declined
from store.sentences import Sentence, sentence

_OWED = (OrderState.DUE, OrderState.UNPAID)


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
    """An order that was done already and is still to be charged. attempts: how often a card was declined."""

    number: int
    attempts: int
    payment: Payment


def insert_order(
    posting: Posting,
    *,
    key: str,
    cause: str,
    from_plan: str,
    plan: str,
    billing: str,
    credits: int,
    cents: int,
    paid: Paid | None = None,
) -> int:
    """Records an order; its number. paid: how it was charged already; where it wasn't, what there is to
    charge is due."""
    database, account_id = posting.database, posting.account.id
    highest = tables.Order.select(peewee.fn.MAX(tables.Order.number)).where(
        tables.Order.account == account_id
    )
    number = (database.scalar(highest) or 0) + 1
    due = cents > 0 and paid is None
    insert(
        database,
        "order",
        account_id=account_id,
        number=number,
        key=key,
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
        state=OrderState.DUE if due else OrderState.PAID,
        reason="",
        attempts=0,
        emailed=False,
        person=posting.person,
    )
    posting.owing = posting.owing or due
    return int(number)


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
            sentence("There is no order {order}. `textmeter orders` shows all.", order=number),
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
    order = tables.Order
    found = (
        order.select(order.number, order.key, order.attempts, order.cents, order.cause, order.plan)
        .where(order.account == account_id, order.state.in_(states))
        .order_by(order.number)
    )
    return [
        Debt(
            row.number,
            row.attempts,
            Payment(row.key, f"{account_id}:{row.key}:{row.attempts}", row.cents, f"{row.cause} {row.plan}"),
        )
        for row in database.find(found)
    ]


def settle_debt(database: Database, account_id: int, debt: Debt, outcome: Paid | Declined) -> None:
    """Notes the answer to the charge of a debt, where another process wasn't faster."""
    if isinstance(outcome, Paid):
        state, card, charge = OrderState.PAID, str(outcome.card), outcome.reference
        reason, attempted = "", 0
    else:
        state, card, charge, reason = OrderState.UNPAID, "", "", outcome.code
        # Another key for the next attempt, where this one was used up: whoever still asks under it would
        # have the card charged a second time that was put on file meanwhile.
        attempted = int(outcome.code != NO_CARD)
    row = tables.Order
    database.run(
        row.update(
            state=state, card=card, charge=charge, reason=reason, attempts=row.attempts + attempted
        ).where(
            row.account == account_id,
            row.number == debt.number,
            row.attempts == debt.attempts,
            row.state.in_(_OWED),
        )
    )


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
