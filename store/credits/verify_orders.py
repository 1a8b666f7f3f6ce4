"""Proof of what was ordered: orders against their numbers, against their payments as they were quoted, and
against the lines of the history that they made. Reads only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from store.credits import tables
from store.credits.model import Change, Kind, OrderState
from store.credits.orders import WITHDRAWN
from store.database import Database
from store.sentences import Sentence, sentence

_FREE = (Change.DOWNGRADE, Change.CANCEL, Change.BILLING, WITHDRAWN)
_CAUSES = (*Change, "renewal", WITHDRAWN)
_MOVED = (Kind.GRANTED, Kind.PURCHASED, Kind.TAKEN_BACK)


def problems(database: Database, account_id: int) -> Iterator[Sentence]:
    """What is wrong with an account's orders, a sentence each."""
    order = tables.Order
    found = database.find(order.select().where(order.account == account_id).order_by(order.number))
    orders = {row.number: row for row in found}
    yield from _numbers(orders)
    for row in orders.values():
        yield from _one(row)
    yield from _payments(database, account_id, {row.key: row for row in orders.values()})
    yield from _credits(database, account_id, orders)


def _numbers(orders: dict[int, Any]) -> Iterator[Sentence]:
    expected = 1
    for number in orders:
        if number != expected:
            yield sentence("order {order} is missing", order=expected)
        expected = number + 1


def _one(row: Any) -> Iterator[Sentence]:
    """What an order says of itself."""
    if row.cause not in _CAUSES or row.state not in list(OrderState):
        yield sentence(
            "order {order} has a kind or state that doesn't exist: {cause}, {state}",
            order=row.number,
            cause=str(row.cause),
            state=str(row.state),
        )
    if row.cents and row.cause in _FREE:
        yield sentence(
            "order {order} costs {cents} cents, but orders of its kind are free",
            order=row.number,
            cents=row.cents,
        )
    if row.state == OrderState.PAID and row.cents and not row.card:
        yield sentence("order {order} is marked as paid, but no card was charged", order=row.number)


def _payments(database: Database, account_id: int, by_key: dict[str, Any]) -> Iterator[Sentence]:
    """Whatever was paid before it was done is an order, as it was quoted. An older Textmeter kept no
    payments."""
    payment = tables.Payment
    paid = payment.select().where(payment.account == account_id, payment.state == "paid")
    for asked in database.find(paid.order_by(payment.at, payment.key)):
        order = by_key.get(asked.key)
        if order is None:
            yield sentence("a payment of {cents} cents has no order", cents=asked.cents)
            continue
        change, plan, billing, *_ = json.loads(asked.quote)
        if order.cents != asked.cents:
            yield sentence(
                "order {order} costs {cents} cents, but its quote said {quoted}",
                order=order.number,
                cents=order.cents,
                quoted=asked.cents,
            )
        if (order.cause, order.plan, order.billing) != (change, plan, billing):
            yield sentence(
                "order {order} is {done}, but its quote said {quoted}",
                order=order.number,
                done=f"{order.cause} {order.plan} {order.billing}",
                quoted=f"{change} {plan} {billing}",
            )


def _credits(database: Database, account_id: int, orders: dict[int, Any]) -> Iterator[Sentence]:
    """The lines that orders made, which name them. A renewal may bring nothing, and one that isn't paid
    yet."""
    entry = tables.Entry
    named = database.find(
        entry.select(entry.seq, entry.kind, entry.cause, entry.delta, entry.reference)
        .where(entry.account == account_id, entry.cause.in_(_CAUSES), entry.reference != "")
        .order_by(entry.seq)
    )
    moved: dict[int, int] = {}
    for line in named:
        number = int(line.reference) if line.reference.isascii() and line.reference.isdigit() else 0
        if number not in orders:
            yield sentence(
                "entry {entry} belongs to order {order}, which is missing",
                entry=line.seq,
                order=str(line.reference),
            )
        elif line.kind in _MOVED:
            moved[number] = moved.get(number, 0) + line.delta
    for number, row in orders.items():
        came = moved.get(number, 0)
        if came != row.credits and not _explained(row, number in moved, came):
            yield sentence(
                "credits of order {order}: {number} according to the order, {other} according to the entries",
                order=number,
                number=row.credits,
                other=came,
            )


def _explained(row: Any, moved: bool, came: int) -> bool:
    """Whether an order rightly says other credits than those that its lines moved."""
    match row.cause:
        case "renewal":  # a plan may give nothing, and one that isn't paid gives nothing yet
            return not moved
        case Change.SUBSCRIBE:  # what a trial still had ended with it, in a line of its own
            return bool(row.from_plan and row.credits < came)
        case Change.DOWNGRADE | Change.CANCEL:  # what was held may be taken back when it returns
            return bool(came < row.credits <= 0)
    return False
