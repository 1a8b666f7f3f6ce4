"""What the ledger has to tell by email: notices, and receipts of orders that are paid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import peewee

from store.clock import micros
from store.credits import orders, tables
from store.credits import row_mapping as rows
from store.credits.model import Notice, Order, OrderState
from store.credits.notices import UNPAID
from store.database import Database, Table


class Due(NamedTuple):
    """One of them. key: its name within the database."""

    key: str
    account_id: int
    about: Notice | Order


def due(database: Database) -> list[Due]:
    """All that was not told yet, each kind with the oldest first. Of thresholds that were reached one after
    the other since the last mail, by a SmartPlan's emails perhaps, only the highest is."""
    notices = _highest(rows.read_notices(database, waiting="email"))
    order = tables.Order
    receipts = order.select().where(_untold()).order_by(order.at, order.account, order.number)
    return [
        *(Due(f"notice-{notice.id}", notice.account_id, notice) for notice in notices),
        *(
            Due(f"order-{row.account}-{row.number}", row.account, orders.order(row))
            for row in database.find(receipts)
        ),
    ]


def is_due(database: Database, one: Due) -> bool:
    """Whether it wasn't told meanwhile."""
    table, its, told = _row(one)
    return not database.scalar(table.select(told).where(its))


def told(database: Database, one: Due) -> None:
    """Notes that nothing more is to be done about it, and about the lower thresholds that it stands for."""
    table, its, told = _row(one)
    database.run(table.update({told: True}).where(its))
    if isinstance(one.about, Notice) and one.about.threshold != UNPAID:
        notice, outbox = tables.Notice, tables.Outbox
        lower = notice.select(notice.id).where(
            notice.account == one.account_id,
            notice.id < one.about.id,
            notice.threshold.between(UNPAID + 1, one.about.threshold),
        )
        database.run(
            outbox.update(done=True).where(outbox.channel == "email", ~outbox.done, outbox.notice.in_(lower))
        )


def forget_before(database: Database, account_id: int, instant: datetime) -> None:
    """Leaves untold what is older than an instant."""
    notice, outbox, order = tables.Notice, tables.Outbox, tables.Order
    old = notice.select(notice.id).where(notice.account == account_id, notice.at < micros(instant))
    database.run(
        outbox.update(done=True).where(outbox.channel == "email", ~outbox.done, outbox.notice.in_(old))
    )
    database.run(
        order.update(emailed=True).where(_untold(), order.account == account_id, order.at < micros(instant))
    )


def _highest(notices: Iterable[Notice]) -> list[Notice]:
    """Those that no later one of their account stands for: it tells of a higher threshold."""
    told: list[Notice] = []
    for notice in sorted(notices, key=lambda one: one.id, reverse=True):
        later = next((one for one in reversed(told) if one.account_id == notice.account_id), None)
        if later is None or notice.threshold == UNPAID or later.threshold <= notice.threshold:
            told.append(notice)
    return told[::-1]


def _untold() -> peewee.Expression:
    """Orders whose receipts wait."""
    untold: peewee.Expression = (tables.Order.state == OrderState.PAID) & ~tables.Order.emailed
    return untold


def _row(one: Due) -> tuple[type[Table], peewee.Expression, peewee.BooleanField]:
    """The table and the row that keep whether one was told, and the column that does."""
    if isinstance(one.about, Notice):
        outbox = tables.Outbox
        return outbox, (outbox.notice == one.about.id) & (outbox.channel == "email"), outbox.done
    order = tables.Order
    its = (order.account == one.account_id) & (order.number == one.about.number)
    return order, its, order.emailed
