"""Rows become values and back: the statements that read the ledger's tables, and the one that adds a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from store.clock import instant
from store.credits.model import Account, Balance, Entry, Kind, Lot, Notice, Period, Pool
from store.database import Database
from store.errors import WrongUsage
from store.sentences import sentence


@dataclass(frozen=True, slots=True)
class AccountState:
    """An account's row and its current period's: all that a balance is made of.

    due_on, due_at: the next boundary, as a local day and its first instant (microseconds). owing: whether a
    payment isn't known yet or an order is due.
    """

    account: Account
    period: Period
    seq: int
    due_on: date
    due_at: int
    owing: bool
    available: dict[Pool, int]
    held: dict[Pool, int]

    def balance(self) -> Balance:
        available, held = sum(self.available.values()), sum(self.held.values())
        return Balance(
            account=self.account,
            available=available,
            held=held,
            allotted=self.available[Pool.ALLOTTED],
            purchased=self.available[Pool.PURCHASED],
            used=self.period.used,
            capacity=self.period.used + held + available,
            period=self.period,
        )


_ACCOUNT = (
    "a.id, a.product, a.plan, a.billing, a.pending_plan, a.pending_billing, a.billed_from, a.billed_until, "
    "a.timezone, a.country, a.anchor, a.demo_clock, a.opened_at, a.clock_floor"
)
_NAMES = [column.strip().removeprefix("a.") for column in _ACCOUNT.split(",")]
_COLUMNS = len(_NAMES)

_STATE = (
    f'SELECT {_ACCOUNT}, p."index", p.starts, p.ends, p.used, p.granted, p.epoch, a.seq, a.due_on, a.due_at, '
    "a.owing, a.available_allotted, a.available_purchased, a.held_allotted, a.held_purchased "
    'FROM account a JOIN period p ON p.account_id = a.id AND p."index" = a.period_index WHERE a.id = ?'
)

LOT = "l.id, l.pool, l.granted, l.remaining, l.held, l.effective_on, l.expires_on, l.period_index"

ENTRY = "SELECT seq, day, at, pool, kind, delta, balance, amount, cause, reference, count, person FROM entry"


def insert(database: Database, table: str, **values: object) -> None:
    """Adds a row."""
    database.execute(_insertion(table, values), tuple(values.values()))


def insert_numbered(database: Database, table: str, **values: object) -> int:
    """Adds a row to a table that numbers its rows; the number."""
    (number,) = database.execute(
        f"{_insertion(table, values)} RETURNING id", tuple(values.values())
    ).fetchone()
    return int(number)


def _insertion(table: str, columns: Iterable[str]) -> str:
    names = [f'"{column}"' for column in columns]
    return f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({", ".join("?" * len(names))})'


def read_accounts(database: Database) -> list[Account]:
    """All accounts, in the order in which they were opened."""
    return [_account(row) for row in database.execute(f"SELECT {_ACCOUNT} FROM account a ORDER BY a.id")]


def read_state(database: Database, account_id: int, *, to_change: bool = False) -> AccountState:
    """An account as it stands. to_change: nobody else changes it until the transaction ends. Raises
    WrongUsage where there is none of that id."""
    if to_change:
        lock_account(database, account_id)
    row = database.execute(_STATE, (account_id,)).fetchone()
    if row is None:
        raise no_such_account(account_id)
    seq, due_on, due_at, owing, *credits = row[_COLUMNS + 6 :]
    return AccountState(
        account=_account(row[:_COLUMNS]),
        period=_period(row[_COLUMNS : _COLUMNS + 6]),
        seq=seq,
        due_on=date.fromisoformat(due_on),
        due_at=due_at,
        owing=bool(owing),
        available=dict(zip(Pool, credits[:2], strict=True)),
        held=dict(zip(Pool, credits[2:], strict=True)),
    )


def lock_account(database: Database, account_id: int) -> None:
    """Makes everybody else wait who would change the account, until the transaction ends. What is read after
    it is as the one who had the lock before left it."""
    if database.for_update:
        database.execute(
            f"SELECT id FROM account WHERE id = ?{database.for_update}", (account_id,)
        ).fetchone()


def read_lots(database: Database, account_id: int) -> list[Lot]:
    """The lots from which something remains to be used, in no order."""
    found = database.execute(
        f"SELECT {LOT} FROM lot l WHERE l.account_id = ? AND l.remaining > 0", (account_id,)
    )
    return [lot(row) for row in found]


def read_notices(database: Database, selection: str, *values: object) -> list[Notice]:
    """The notices that a selection (what follows FROM notice) picks, the oldest first."""
    rows = database.execute(
        "SELECT n.id, n.account_id, n.at, n.threshold, n.permille, n.kind, n.cause, o.channel, o.done "
        f"FROM (SELECT * FROM notice {selection}) n LEFT JOIN outbox o ON o.notice_id = n.id "
        "ORDER BY n.id, o.channel",
        values,
    )
    notices: dict[int, Notice] = {}
    for id, account_id, at, threshold, permille, kind, cause, channel, done in rows:
        notice = notices.get(id) or Notice(
            id, account_id, instant(at), threshold, permille, kind, cause, channels=(), given=()
        )
        if channel:
            notice = replace(notice, channels=(*notice.channels, channel))
        if done:
            notice = replace(notice, given=(*notice.given, channel))
        notices[id] = notice
    return list(notices.values())


def read_periods(database: Database, account_id: int) -> list[Period]:
    """All of an account's periods, the oldest first."""
    found = database.execute(
        'SELECT "index", starts, ends, used, granted, epoch FROM period '
        'WHERE account_id = ? ORDER BY "index"',
        (account_id,),
    )
    return [_period(row) for row in found]


def read_noted(database: Database, account_id: int, period: Period) -> frozenset[int]:
    """The thresholds (percent) noted in a period's present epoch."""
    found = database.execute(
        "SELECT threshold FROM notice WHERE account_id = ? AND period_index = ? AND epoch = ?",
        (account_id, period.index, period.epoch),
    )
    return frozenset(threshold for (threshold,) in found.fetchall())


def insert_period(database: Database, account_id: int, period: Period) -> None:
    """Adds a period; each is added once, by its index."""
    insert(
        database,
        "period",
        account_id=account_id,
        index=period.index,
        starts=period.starts.isoformat(),
        ends=period.ends.isoformat(),
        used=period.used,
        granted=period.granted,
        epoch=period.epoch,
    )


def no_such_account(account_id: int) -> WrongUsage:
    return WrongUsage(
        sentence(
            "There is no account {account}. `textmeter account list` shows all.", account=str(account_id)
        ),
        code="no-such-account",
    )


def entry(row: tuple[Any, ...]) -> Entry:
    """A row that ENTRY selected."""
    return Entry(
        row[0],
        date.fromisoformat(row[1]),
        instant(row[2]),
        Pool(row[3]),
        Kind(row[4]),
        *row[5:],
    )


def _account(row: tuple[Any, ...]) -> Account:
    values = dict(zip(_NAMES, row, strict=True))
    for name in ("billed_from", "billed_until", "anchor"):
        values[name] = date.fromisoformat(values[name])
    for name in ("opened_at", "clock_floor"):
        values[name] = instant(values[name])
    values["demo_clock"] = bool(values["demo_clock"])
    return Account(**values)


def _period(row: tuple[Any, ...]) -> Period:
    index, starts, ends, *counts = row
    return Period(index, date.fromisoformat(starts), date.fromisoformat(ends), *counts)


def lot(row: tuple[Any, ...]) -> Lot:
    """The columns LOT, of lots as `l`."""
    id, pool, granted, remaining, held, effective_on, expires_on, period = row
    return Lot(
        id,
        Pool(pool),
        granted,
        remaining,
        held,
        date.fromisoformat(effective_on),
        date.fromisoformat(expires_on) if expires_on else None,
        period,
    )
