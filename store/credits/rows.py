"""Rows become values and back: the statements that read the ledger's tables, and the one that adds a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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

    due_on, due_at: the next boundary, as a local day and its first instant (microseconds).
    """

    account: Account
    period: Period
    pending_plan: str | None
    seq: int
    due_on: date
    due_at: int
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
            pending_plan=self.pending_plan,
            period=self.period,
        )


_ACCOUNT = (
    "a.id, a.product, a.plan, a.billing, a.timezone, a.country, a.anchor, a.demo_clock, a.opened_at, "
    "a.clock_floor"
)

_STATE = (
    f'SELECT {_ACCOUNT}, p."index", p.starts, p.ends, p.used, p.epoch, a.pending_plan, a.seq, a.due_on, '
    "a.due_at, a.available_allotted, a.available_purchased, a.held_allotted, a.held_purchased "
    'FROM account a JOIN period p ON p.account_id = a.id AND p."index" = a.period_index WHERE a.id = ?'
)

_LOT = "SELECT id, pool, granted, remaining, held, effective_on, expires_on FROM lot"

ENTRY = "SELECT seq, day, at, pool, kind, delta, balance, amount, cause, reference, count FROM entry"


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


def read_state(database: Database, account_id: int) -> AccountState:
    """An account as it stands. Raises WrongUsage where there is none of that id."""
    row = database.execute(_STATE, (account_id,)).fetchone()
    if row is None:
        raise no_such_account(account_id)
    return AccountState(
        account=_account(row[:10]),
        period=Period(row[10], date.fromisoformat(row[11]), date.fromisoformat(row[12]), row[13], row[14]),
        pending_plan=row[15],
        seq=row[16],
        due_on=date.fromisoformat(row[17]),
        due_at=row[18],
        available={Pool.ALLOTTED: row[19], Pool.PURCHASED: row[20]},
        held={Pool.ALLOTTED: row[21], Pool.PURCHASED: row[22]},
    )


def read_lots(database: Database, account_id: int) -> list[Lot]:
    """The lots from which something remains to be used, in no order."""
    return [
        _lot(row) for row in database.execute(f"{_LOT} WHERE account_id = ? AND remaining > 0", (account_id,))
    ]


def read_notices(database: Database, selection: str, *values: object) -> list[Notice]:
    """The notices that a selection (what follows FROM notice) picks, the oldest first."""
    rows = database.execute(
        "SELECT n.id, n.account_id, n.at, n.threshold, n.permille, n.kind, n.cause, o.channel "
        f"FROM (SELECT * FROM notice {selection}) n LEFT JOIN outbox o ON o.notice_id = n.id "
        "ORDER BY n.id, o.channel",
        values,
    )
    notices: dict[int, Notice] = {}
    for id, account_id, at, threshold, permille, kind, cause, channel in rows:
        before = notices[id].channels if id in notices else ()
        channels = (*before, channel) if channel else ()
        notices[id] = Notice(id, account_id, instant(at), threshold, permille, kind, cause, channels)
    return list(notices.values())


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
    id, product, plan, billing, timezone, country, anchor, demo_clock, opened_at, clock_floor = row
    return Account(
        id=id,
        product=product,
        plan=plan,
        billing=billing,
        timezone=timezone,
        country=country,
        anchor=date.fromisoformat(anchor),
        demo_clock=bool(demo_clock),
        opened_at=instant(opened_at),
        clock_floor=instant(clock_floor),
    )


def _lot(row: tuple[Any, ...]) -> Lot:
    return Lot(
        row[0],
        Pool(row[1]),
        row[2],
        row[3],
        row[4],
        date.fromisoformat(row[5]),
        date.fromisoformat(row[6]) if row[6] else None,
    )
