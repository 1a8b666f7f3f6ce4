"""What is behind a line of the history."""

from __future__ import annotations

from datetime import date

from store.credits.model import EntryDetails, Lot, Movement, Pool
from store.credits.orders import read_order
from store.credits.pages import ORDERED
from store.credits.rows import ENTRY, entry
from store.database import Database
from store.errors import WrongUsage
from store.sentences import sentence


def read_details(database: Database, account_id: int, seq: int) -> EntryDetails:
    """A line with the lots that it concerns and what was ordered. Raises WrongUsage where there is none of
    that seq."""
    row = database.execute(f"{ENTRY} WHERE account_id = ? AND seq = ?", (account_id, seq)).fetchone()
    if row is None:
        raise WrongUsage(sentence("There is no line {line} in the history.", line=seq), code="no-such-line")
    line = entry(row)
    ordered = line.cause in ORDERED and line.reference
    order = read_order(database, account_id, int(line.reference)) if ordered else None
    return EntryDetails(line, _movements(database, account_id, seq), order)


def _movements(database: Database, account_id: int, seq: int) -> tuple[Movement, ...]:
    rows = database.execute(
        "SELECT m.credits, l.id, l.pool, l.granted, l.remaining, l.held, l.effective_on, l.expires_on, "
        "l.period_index FROM movement m JOIN lot l ON l.id = m.lot_id "
        "WHERE m.account_id = ? AND m.seq = ? ORDER BY m.position",
        (account_id, seq),
    ).fetchall()
    return tuple(
        Movement(
            Lot(
                id,
                Pool(pool),
                granted,
                remaining,
                held,
                date.fromisoformat(granted_on),
                date.fromisoformat(expires_on) if expires_on else None,
                period,
            ),
            credits,
        )
        for credits, id, pool, granted, remaining, held, granted_on, expires_on, period in rows
    )
