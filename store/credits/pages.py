"""Pages of the history: found by index whatever the filters, so that a page takes as long as it is, not as
the history is."""

from __future__ import annotations

from datetime import date

from store.credits.model import Entry, Kind, Pool
from store.credits.rows import ENTRY, entry
from store.database import Database


def read_page(
    database: Database,
    account_id: int,
    *,
    pool: Pool | None,
    kind: Kind | None,
    since: date | None,
    until: date | None,
    before: int | None,
    limit: int,
) -> list[Entry]:
    """See Ledger.history."""
    conditions: list[tuple[str, object]] = [("account_id = ?", account_id)]
    if pool:
        conditions.append(("pool = ?", pool))
    if kind:
        conditions.append(("kind = ?", kind))
    if before is not None:
        conditions.append(("seq < ?", before))
    # Days never decrease along seq, so that a span of days is a span of seq.
    if since:
        first = _end(database, account_id, "day >= ? ORDER BY day, seq", since)
        if first is None:
            return []
        conditions.append(("seq >= ?", first))
    if until:
        last = _end(database, account_id, "day <= ? ORDER BY day DESC, seq DESC", until)
        if last is None:
            return []
        conditions.append(("seq <= ?", last))
    statement = f"{ENTRY} WHERE {' AND '.join(sql for sql, _ in conditions)} ORDER BY seq DESC LIMIT ?"
    return [entry(row) for row in database.execute(statement, (*(value for _, value in conditions), limit))]


def _end(database: Database, account_id: int, span: str, day: date) -> int | None:
    """The seq of the first or last line of a span of days, or None where the span has none."""
    row = database.execute(
        f"SELECT seq FROM entry WHERE account_id = ? AND {span} LIMIT 1", (account_id, day.isoformat())
    ).fetchone()
    return None if row is None else int(row[0])
