"""Orders and payments as they are kept: a row for what was ordered, and one for each charge that is asked of
the payment provider before its order is done."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, NamedTuple

from store.clock import instant
from store.credits.model import Change, Order, OrderState, Quote
from store.credits.posting import Posting, one_row
from store.credits.row_mapping import insert, no_such_account
from store.database import Database
from store.errors import WrongUsage
from store.payments import NO_CARD, Declined, Paid
from store.sentences import Sentence, sentence

_ORDER = (
    "SELECT number, at, day, cause, from_plan, plan, billing, credits, cents, card, charge, state, reason, "
    "person "
    'FROM "order" WHERE account_id = ?'
)


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
    (number,) = database.execute(
        'SELECT COALESCE(MAX(number), 0) + 1 FROM "order" WHERE account_id = ?', (account_id,)
    ).fetchone()
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
    older, values = ("", ()) if before is None else (" AND number < ?", (before,))
    rows = database.execute(
        f"{_ORDER}{older} ORDER BY number DESC LIMIT ?", (account_id, *values, limit)
    ).fetchall()
    return [_order(row) for row in rows]


def read_order(database: Database, account_id: int, number: int) -> Order:
    """Raises WrongUsage where there is none of that number."""
    row = database.execute(f"{_ORDER} AND number = ?", (account_id, number)).fetchone()
    if row is None:
        raise WrongUsage(
            sentence("There is no order {order}. `textmeter orders` shows all.", order=number),
            code="no-such-order",
        )
    return _order(row)


def number_of(database: Database, account_id: int, key: str) -> int | None:
    """The number of what was ordered under a key."""
    row = database.execute(
        'SELECT number FROM "order" WHERE account_id = ? AND key = ?', (account_id, key)
    ).fetchone()
    return int(row[0]) if row else None


def read_owed(database: Database, account_id: int) -> list[Order]:
    """Orders that are due or unpaid, the oldest first."""
    rows = database.execute(
        f"{_ORDER} AND state IN ('due', 'unpaid') ORDER BY number", (account_id,)
    ).fetchall()
    return [_order(row) for row in rows]


# Payments


def ask(posting: Posting, key: str, quote: Quote) -> None:
    """Notes that the card is about to be charged for a quote; instead of what was declined under that key,
    if so."""
    request = Request(quote.change, quote.to_plan, quote.billing, quote.credits_now, posting.person)
    posting.database.execute(
        "INSERT INTO payment (account_id, key, at, cents, quote, state) VALUES (?, ?, ?, ?, ?, 'open') "
        "ON CONFLICT (account_id, key) "
        "DO UPDATE SET at = excluded.at, cents = excluded.cents, quote = excluded.quote, state = 'open'",
        (posting.account.id, key, posting.at, quote.charge_cents, json.dumps(request)),
    )
    posting.owing = True


def open_payments(database: Database, account_id: int) -> list[Payment]:
    """Charges of which nobody knows yet whether they were made."""
    rows = database.execute(
        "SELECT key, cents, quote FROM payment WHERE account_id = ? AND state = 'open' ORDER BY at, key",
        (account_id,),
    ).fetchall()
    return [_payment(account_id, *row) for row in rows]


def read_payment(database: Database, account_id: int, key: str) -> tuple[Payment, Request]:
    """A charge, and what is done once it is made. Raises WrongUsage where the account is gone, since its
    first one was declined meanwhile."""
    row = database.execute(
        "SELECT cents, quote FROM payment WHERE account_id = ? AND key = ?", (account_id, key)
    ).fetchone()
    if row is None:
        raise no_such_account(account_id)
    cents, quote = row
    change, *rest = json.loads(quote)
    return _payment(account_id, key, cents, quote), Request(Change(change), *rest)


def close_payment(database: Database, account_id: int, key: str, state: str) -> None:
    """Notes the answer to a charge: "paid" or "declined"."""
    one_row(
        database.execute(
            "UPDATE payment SET state = ? WHERE account_id = ? AND key = ?", (state, account_id, key)
        )
    )


def debts(database: Database, account_id: int, *, again: bool) -> list[Debt]:
    """What is due, the oldest first. again: what was declined, too."""
    states = "('due', 'unpaid')" if again else "('due')"
    rows = database.execute(
        'SELECT number, key, attempts, cents, cause, plan FROM "order" '
        f"WHERE account_id = ? AND state IN {states} ORDER BY number",
        (account_id,),
    ).fetchall()
    return [
        Debt(number, attempts, Payment(key, f"{account_id}:{key}:{attempts}", cents, f"{cause} {plan}"))
        for number, key, attempts, cents, cause, plan in rows
    ]


def settle_debt(database: Database, account_id: int, debt: Debt, outcome: Paid | Declined) -> None:
    """Notes the answer to the charge of a debt, where another process wasn't faster."""
    if isinstance(outcome, Paid):
        state, card, charge = OrderState.PAID, str(outcome.card), outcome.reference
        reason, attempted = "", 0
    else:
        state, card, charge, reason = OrderState.UNPAID, "", "", _to_json(outcome.says)
        # Another key for the next attempt, where this one was used up: whoever still asks under it would
        # have the card charged a second time that was put on file meanwhile.
        attempted = int(outcome.code != NO_CARD)
    database.execute(
        'UPDATE "order" SET state = ?, card = ?, charge = ?, reason = ?, attempts = attempts + ? '
        "WHERE account_id = ? AND number = ? AND attempts = ? AND state IN ('due', 'unpaid')",
        (state, card, charge, reason, attempted, account_id, debt.number, debt.attempts),
    )


def is_owing(database: Database, account_id: int) -> bool:
    """Whether anything is still to be asked of the payment provider."""
    (owing,) = database.execute(
        "SELECT EXISTS(SELECT 1 FROM payment WHERE account_id = ? AND state = 'open') "
        "OR EXISTS(SELECT 1 FROM \"order\" WHERE account_id = ? AND state = 'due')",
        (account_id, account_id),
    ).fetchone()
    return bool(owing)


def note_owing(database: Database, account_id: int) -> None:
    """Keeps that on the account."""
    database.execute(
        "UPDATE account SET owing = ? WHERE id = ?", (is_owing(database, account_id), account_id)
    )


def _payment(account_id: int, key: str, cents: int, quote: str) -> Payment:
    change, plan, *_ = json.loads(quote)
    return Payment(key, f"{account_id}:{key}", cents, f"{change} {plan}", opens=change == Change.JOIN)


def _to_json(says: Sentence) -> str:
    return json.dumps([says.template, dict(says.values), says.plural], default=str)


def _order(row: tuple[Any, ...]) -> Order:
    number, at, day, cause, from_plan, plan, billing, credits, cents, card, charge, *rest = row
    state, reason, person = rest
    return Order(
        number=number,
        at=instant(at),
        on=date.fromisoformat(day),
        cause=cause,
        from_plan=from_plan,
        plan=plan,
        billing=billing,
        credits=credits,
        cents=cents,
        card=card,
        charge=charge,
        state=OrderState(state),
        reason=Sentence(*json.loads(reason)) if reason else None,
        person=person,
    )
