"""What is behind a line of the history."""

from __future__ import annotations

from store.credits.history_query import ORDERED
from store.credits.model import EntryDetails, Movement
from store.credits.orders import read_order
from store.credits.row_mapping import ENTRY, LOT, entry, lot
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
        f"SELECT m.credits, {LOT} FROM movement m JOIN lot l ON l.id = m.lot_id "
        "WHERE m.account_id = ? AND m.seq = ? ORDER BY m.position",
        (account_id, seq),
    ).fetchall()
    return tuple(Movement(lot(row), credits) for credits, *row in rows)
