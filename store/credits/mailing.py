"""What the ledger has to tell by email: notices, and receipts of orders that are paid."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from store.clock import micros
from store.credits import orders
from store.credits import row_mapping as rows
from store.credits.model import Notice, Order
from store.database import Database


class Due(NamedTuple):
    """One of them. key: its name within the database."""

    key: str
    account_id: int
    about: Notice | Order


def due(database: Database) -> list[Due]:
    """All that was not told yet, each kind with the oldest first."""
    notices = rows.read_notices(
        database, "WHERE id IN (SELECT notice_id FROM outbox WHERE channel = 'email' AND NOT done)"
    )
    receipts = database.execute(
        "SELECT account_id, number FROM \"order\" WHERE NOT emailed AND state = 'paid' "
        "ORDER BY at, account_id, number"
    ).fetchall()
    return [
        *(Due(f"notice-{notice.id}", notice.account_id, notice) for notice in notices),
        *(
            Due(f"order-{account_id}-{number}", account_id, orders.read_order(database, account_id, number))
            for account_id, number in receipts
        ),
    ]


def is_due(database: Database, one: Due) -> bool:
    """Whether it wasn't told meanwhile."""
    if isinstance(one.about, Notice):
        (told,) = database.execute(
            "SELECT done FROM outbox WHERE notice_id = ? AND channel = 'email'", (one.about.id,)
        ).fetchone()
    else:
        (told,) = database.execute(
            'SELECT emailed FROM "order" WHERE account_id = ? AND number = ?',
            (one.account_id, one.about.number),
        ).fetchone()
    return not told


def told(database: Database, one: Due) -> None:
    """Notes that nothing more is to be done about it."""
    if isinstance(one.about, Notice):
        database.execute(
            "UPDATE outbox SET done = ? WHERE notice_id = ? AND channel = 'email'", (True, one.about.id)
        )
    else:
        database.execute(
            'UPDATE "order" SET emailed = ? WHERE account_id = ? AND number = ?',
            (True, one.account_id, one.about.number),
        )


def forget_before(database: Database, account_id: int, instant: datetime) -> None:
    """Leaves untold what is older than an instant."""
    before = (True, account_id, micros(instant))
    database.execute(
        "UPDATE outbox SET done = ? WHERE channel = 'email' AND NOT done "
        "AND notice_id IN (SELECT id FROM notice WHERE account_id = ? AND at < ?)",
        before,
    )
    database.execute(
        "UPDATE \"order\" SET emailed = ? WHERE account_id = ? AND at < ? AND NOT emailed AND state = 'paid'",
        before,
    )
