"""Lines of the history that are read one after the other, and what is behind one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from store.credits import tables
from store.credits.history_query import ORDERED, Key, Sort
from store.credits.model import Entry, EntryDetails, Movement
from store.credits.orders import read_order
from store.credits.row_mapping import entry, lot
from store.database import Database
from store.errors import WrongUsage
from store.sentences import sentence

PAGE = 1_000
"""Lines that are read at once where all are wanted."""


def in_pages(
    read: Callable[[Key | None, int], list[Entry]], sort: Sort, limit: int | None
) -> Iterator[Entry]:
    """All lines, or so many, read as they are wanted. read: so many lines that follow a place in the order,
    or the first ones."""
    after = None
    while limit is None or limit > 0:
        size = PAGE if limit is None else min(limit, PAGE)
        page = read(after, size)
        yield from page
        if len(page) < size:
            return
        after = sort.key(page[-1])
        limit = None if limit is None else limit - size


def read_details(database: Database, account_id: int, seq: int) -> EntryDetails:
    """A line with the lots that it concerns and what was ordered. Raises WrongUsage where there is none of
    that seq."""
    its = (tables.Entry.account == account_id) & (tables.Entry.seq == seq)
    row = database.first(tables.Entry.select().where(its))
    if row is None:
        raise WrongUsage(sentence("There is no line {line} in the history.", line=seq), code="no-such-line")
    line = entry(row)
    ordered = line.cause in ORDERED and line.reference
    order = read_order(database, account_id, int(line.reference)) if ordered else None
    return EntryDetails(line, _movements(database, account_id, seq), order)


def _movements(database: Database, account_id: int, seq: int) -> tuple[Movement, ...]:
    movement, of = tables.Movement, tables.Lot
    found = (
        movement.select(movement.credits, of)
        .join(of)
        .where(movement.account == account_id, movement.seq == seq)
        .order_by(movement.position)
    )
    return tuple(Movement(lot(row), row.credits) for row in database.find(found))
