"""Proof: replays the entries and compares with every number that is kept beside them. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from store.credits.model import Kind, Pool, Verification
from store.database import Database

_TAKEN_AWAY = (Kind.EXPIRED, Kind.FORFEITED, Kind.TAKEN_BACK, Kind.ENDED)


def verify(database: Database) -> Verification:
    """See Ledger.verify. Problems are English lines, each naming the account."""
    accounts = [row[0] for row in database.execute("SELECT id FROM account ORDER BY id")]
    (entries,) = database.execute("SELECT COUNT(*) FROM entry").fetchone()
    problems = [
        f"account {account_id}: {problem}"
        for account_id in accounts
        for problem in _problems(database, account_id)
    ]
    return Verification(len(accounts), entries, tuple(problems))


def _problems(database: Database, account_id: int) -> Iterator[str]:
    totals: dict[tuple[str, str], int] = {}
    yield from _replay(database, account_id, totals)
    yield from _lots(database, account_id, totals)
    yield from _holds(database, account_id)
    yield from _use(database, account_id)
    yield from _periods(database, account_id)
    yield from _notices(database, account_id)


def _replay(database: Database, account_id: int, totals: dict[tuple[str, str], int]) -> Iterator[str]:
    """The entries, one after the other; fills totals: the sum of deltas by pool and kind."""
    seq, day, balances = 0, "", dict.fromkeys(map(str, Pool), 0)
    rows = database.execute(
        "SELECT seq, day, pool, kind, delta, balance FROM entry WHERE account_id = ? ORDER BY seq",
        (account_id,),
    )
    for number, entry_day, pool, kind, delta, balance in rows:
        seq += 1
        if number != seq:
            yield f"entry {seq} is missing"
            seq = number
        if entry_day < day:
            yield f"entry {seq} is of {entry_day}, before the one that it follows"
        day = entry_day
        balances[pool] += delta
        if balances[pool] != balance:
            yield f"entry {seq} leaves {balance} {pool} credits, those up to it add up to {balances[pool]}"
            balances[pool] = balance
        totals[pool, kind] = totals.get((pool, kind), 0) + delta
    row = _row(
        database, "SELECT seq, available_allotted, available_purchased FROM account WHERE id = ?", account_id
    )
    yield from _differ("the last entry's number", "the account", row[0], "the entries", seq)
    for pool, available in zip(Pool, row[1:], strict=True):
        yield from _differ(
            f"{pool} credits available", "the account", available, "the entries", balances[pool]
        )


def _lots(database: Database, account_id: int, totals: dict[tuple[str, str], int]) -> Iterator[str]:
    for pool in Pool:
        remaining, held, spent, lapsed, granted = _row(
            database,
            "SELECT COALESCE(SUM(remaining), 0), COALESCE(SUM(held), 0), COALESCE(SUM(spent), 0), "
            "COALESCE(SUM(lapsed), 0), COALESCE(SUM(granted), 0) FROM lot WHERE account_id = ? AND pool = ?",
            account_id,
            pool,
        )
        account_available, account_held = _row(
            database, f"SELECT available_{pool}, held_{pool} FROM account WHERE id = ?", account_id
        )
        yield from _differ(
            f"{pool} credits available", "the account", account_available, "the lots", remaining
        )
        yield from _differ(f"{pool} credits held", "the account", account_held, "the lots", held)
        sums = {kind: totals.get((pool, kind), 0) for kind in Kind}
        added = sums[Kind.GRANTED] + sums[Kind.PURCHASED]
        busy = -sums[Kind.USED] - sums[Kind.RELEASED]
        gone = -sum(sums[kind] for kind in _TAKEN_AWAY)
        yield from _differ(f"{pool} credits granted", "the lots", granted, "the entries", added)
        yield from _differ(f"{pool} credits used and held", "the lots", spent + held, "the entries", busy)
        yield from _differ(f"{pool} credits lapsed", "the lots", lapsed, "the entries", gone)
    damaged = database.execute(
        "SELECT id FROM lot WHERE account_id = ? AND (remaining + held + spent + lapsed <> granted "
        "OR remaining < 0 OR held < 0 OR spent < 0 OR lapsed < 0)",
        (account_id,),
    )
    for (lot_id,) in damaged:
        yield f"lot {lot_id} doesn't add up to what was granted"


def _holds(database: Database, account_id: int) -> Iterator[str]:
    lots = database.execute(
        "SELECT id, held, spent, (SELECT COALESCE(SUM(held), 0) FROM allocation WHERE lot_id = lot.id), "
        "(SELECT COALESCE(SUM(credits), 0) FROM allocation WHERE lot_id = lot.id) "
        "FROM lot WHERE account_id = ?",
        (account_id,),
    )
    for lot_id, held, spent, allocated, drawn in lots:
        yield from _differ(f"credits held of lot {lot_id}", "the lot", held, "the holds", allocated)
        if spent + held > drawn:
            yield f"lot {lot_id} says {spent + held} credits are used and held, its holds drew {drawn}"
    holds = database.execute(
        "SELECT h.id, h.credits, COALESCE(SUM(a.credits), 0) "
        "FROM hold h LEFT JOIN allocation a ON a.hold_id = h.id "
        "WHERE h.account_id = ? GROUP BY h.id, h.credits HAVING h.credits <> COALESCE(SUM(a.credits), 0)",
        (account_id,),
    )
    for hold_id, credits, drawn in holds:
        yield from _differ(f"credits of hold {hold_id}", "the hold", credits, "its lots", drawn)


def _use(database: Database, account_id: int) -> Iterator[str]:
    (spent,) = _row(database, "SELECT COALESCE(SUM(spent), 0) FROM lot WHERE account_id = ?", account_id)
    for place, table, column in (("the periods", "period", "used"), ("the days", "daily_use", "credits")):
        statement = f"SELECT COALESCE(SUM({column}), 0) FROM {table} WHERE account_id = ?"
        yield from _differ("credits used", "the lots", spent, place, _row(database, statement, account_id)[0])


def _periods(database: Database, account_id: int) -> Iterator[str]:
    rows = database.execute(
        'SELECT "index", starts, ends, (SELECT COUNT(*) FROM lot WHERE lot.account_id = period.account_id '
        'AND grant_key = \'allot:\' || "index") FROM period WHERE account_id = ? ORDER BY "index"',
        (account_id,),
    ).fetchall()
    for expected, (index, starts, _, grants) in enumerate(rows):
        if index != expected:
            yield f"period {expected} is missing"
            return
        if index and starts != rows[index - 1][2]:
            yield f"period {index} starts on {starts}, the one before it ends on {rows[index - 1][2]}"
        if grants != 1:
            yield f"period {index} has no allotment"
    (current,) = _row(database, "SELECT period_index FROM account WHERE id = ?", account_id)
    yield from _differ("the current period", "the account", current, "the periods", len(rows) - 1)


def _notices(database: Database, account_id: int) -> Iterator[str]:
    lost = database.execute(
        "SELECT n.id FROM notice n "
        'LEFT JOIN period p ON p.account_id = n.account_id AND p."index" = n.period_index '
        "WHERE n.account_id = ? AND (p.account_id IS NULL OR n.epoch > p.epoch)",
        (account_id,),
    )
    for (notice_id,) in lost:
        yield f"notice {notice_id} is of a period or an epoch that isn't there"


def _differ(what: str, place: str, number: int, other_place: str, other: int) -> Iterator[str]:
    if number != other:
        yield f"{what}: {place} says {number}, {other_place} say {other}"


def _row(database: Database, statement: str, *values: object) -> tuple[Any, ...]:
    row: tuple[Any, ...] = database.execute(statement, values).fetchone()
    return row
