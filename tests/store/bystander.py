"""Two busy accounts that stand beside the one that is tested, and that nothing may happen to.

They are made once a process by the store itself, in a database of their own; then their rows are copied into
each test's database, under numbers from 0 down, so that whatever the test makes is numbered from 1.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account, Use
from store.database import Database
from store.errors import NotEnoughCredits
from store.messages.model import Draft, Repeat, When
from store.payments import NO_CARD, Card, Declined, Paid, PaymentUnreachable
from store.payments.declines import declined
from store.sentences import sentence

Rows: TypeAlias = dict[str, list[tuple[Any, ...]]]

TABLES = {
    "account": "id",
    "period": "account_id",
    "lot": "account_id",
    "hold": "account_id",
    "allocation": "hold_id",
    "entry": "account_id",
    "movement": "account_id",
    "use_by_day": "account_id",
    "order": "account_id",
    "payment": "account_id",
    "operation": "account_id",
    "notice": "account_id",
    "outbox": "notice_id",
    "blast": "account_id",
    "message": "blast_id",
    "schedule": "account_id",
}
"""Where rows of an account are, in an order in which they can be added; by which number they are its."""

TRUTHS = {"demo_clock", "owing", "emailed", "done", "cancelled", "notice", "scheduled", "later", "withdraws"}
"""The columns that are true or false, which are numbers in SQLite."""

NEVER = 4_000_000_000_000_000
"""In the year 2096, in microseconds."""

ACCOUNTS = (-8, -7)
"""The busy accounts' numbers; none is another's with its sign turned."""

IN_FLIGHT = {
    "queued": "",
    "sending": f"claim = 'another worker', claimed_at = {NEVER}",
    "sent": f"claim = 'another worker', claimed_at = 1, provider_id = 'a', sent_at = 1, receipt_at = {NEVER}",
    "delivered": "claim = 'another worker', claimed_at = 1, provider_id = 'b', sent_at = 1",
    "undelivered": "claim = 'another worker', claimed_at = 1, provider_id = 'c', sent_at = 1",
    "failed": "claim = 'another worker', claimed_at = 1, reason = 'refused'",
    "unknown": f"claim = 'another worker', claimed_at = 1, reason = 'no-answer', lookup_at = {NEVER}",
    "cancelled": "",
}
"""A message in every status, in which it stays whatever the time: nobody asks about it before NEVER."""


class Beside:
    """The busy accounts in a database whose tables are made. queued: whether one of their messages waits to
    be sent, which every worker would do."""

    def __init__(self, database: Database, *, queued: bool = False) -> None:
        self._database = database
        with database.transaction():
            there = database._connections.get_tables()
            self._tables = [table for table in TABLES if table in there]
            for table in self._tables:
                names, rows = _made()[table]
                if table == "message" and not queued:
                    rows = [row for row in rows if "queued" not in row]
                one = f"({', '.join('?' * len(names))})"
                database.execute(
                    f'INSERT INTO "{table}" ({", ".join(map(_quoted, names))}) '
                    f"VALUES {', '.join([one] * len(rows))}",
                    [value for row in rows for value in row],
                )
        self._before = self._rows()

    def assert_unchanged(self) -> None:
        """All that the busy accounts have is as it was."""
        assert self._rows() == self._before

    def _rows(self) -> Rows:
        with self._database.connection():
            return {
                table: sorted(
                    self._database.execute(f'SELECT * FROM "{table}" WHERE {TABLES[table]} <= 0').fetchall(),
                    key=repr,
                )
                for table in self._tables
            }


@contextmanager
def beside(database: Database, request: pytest.FixtureRequest) -> Iterator[None]:
    """The busy accounts stand in a test's database, and are as they were at its end; not where it is marked
    `alone`."""
    if request.node.get_closest_marker("alone"):
        yield
        return
    others = Beside(database)
    yield
    others.assert_unchanged()


def leave_alone(database: Database) -> None:
    """Forgets all other accounts."""
    with database.transaction():
        for table in reversed(TABLES):
            database.execute(f'DELETE FROM "{table}" WHERE {TABLES[table]} > 0')


def prepare() -> None:
    """Makes the accounts where they aren't yet. To be called before a test's own database is opened: a
    process works on the one that it opened last."""
    _made()


def _quoted(name: str) -> str:
    return f'"{name}"'


@cache
def _made() -> dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]:
    """Of each table: the names of its columns, and the rows."""
    with tempfile.TemporaryDirectory() as folder:
        bank = _Bank()
        clock = FixedClock(datetime(2026, 1, 20, 12, tzinfo=UTC))
        store = Store(str(Path(folder) / "bystander.sqlite3"), clock=clock, gateway=bank)
        store.database.execute("PRAGMA synchronous = OFF")
        with store.connection():
            community = store.credits.open_account("community-texts", "200", "America/Chicago")
            agent = store.credits.open_account("agent-texts", "300", "America/New_York")
            _be_busy(store, bank, community)
            _owe(store, clock, bank, agent)
            assert store.credits.verify().ok
            made = {table: _read(store.database, table) for table in TABLES}
        store.close()
    return _numbered_down(made)


class _Bank:
    """A gateway behind a network."""

    local = False

    def __init__(self) -> None:
        self.answer: Paid | Declined | None = Paid("paid", Card("Visa", "4242"))

    def card(self) -> Card | None:
        return None

    def use(self, number: str) -> Card:
        raise NotImplementedError

    def card_link(self) -> str:
        return ""

    def charge(self, *, key: str, cents: int, description: str) -> Paid | Declined:
        if self.answer is None:
            raise PaymentUnreachable(sentence("Nobody answers."))
        return self.answer


def _be_busy(store: Store, bank: _Bank, account: Account) -> None:
    """A purchase, and one of which nobody knows whether it is paid; notices that nobody was told of; holds
    that are settled in part; what was asked for under a key; a plan that is to change; a blast whose messages
    are in every status, and a text that leaves again and again."""
    credits = store.credits
    credits.place(account.id, credits.quote_purchase(account.id, 500), key="buy")
    texts = tuple(f"+1415555267{digit}" for digit in range(1, 1 + len(IN_FLIGHT)))
    blast = store.messages.send(account.id, Draft(body="See you there", to=texts), idempotency_key="blast")
    for message, (status, columns) in zip(store.messages.messages(blast.id), IN_FLIGHT.items(), strict=True):
        changes = f"status = '{status}'" + (columns and f", {columns}")
        store.database.execute(f"UPDATE message SET {changes} WHERE id = ?", (message.id,))
    later = When(blast.created_at + timedelta(days=1), repeat=Repeat.WEEKLY)
    store.messages.send(account.id, Draft(body="Again", to=texts[:2]), when=later)
    store.database.execute(f"UPDATE schedule SET next_at = {NEVER}")
    hold = credits.hold(account.id, 250, cause="blast", reference="7", count=250)  # of both pools
    credits.settle(hold, 120)
    credits.release(hold, 30)
    credits.hold(account.id, 560, cause="blast", reference="8", count=560, use=Use.MMS)
    with suppress(NotEnoughCredits):
        credits.once(
            account.id, "too-many", "", lambda: credits.hold(account.id, 9_999, cause="blast", reference="9")
        )
    credits.place(account.id, credits.quote_plan(account.id, "100"), key="downgrade")
    bank.answer = None
    with suppress(PaymentUnreachable):
        credits.place(account.id, credits.quote_purchase(account.id, 100), key="buy again")


def _owe(store: Store, clock: FixedClock, bank: _Bank, account: Account) -> None:
    """A renewal for which there was no card, and of which nobody knows whether the next attempt paid it."""
    credits = store.credits
    clock.instant = datetime(2026, 2, 3, 12, tzinfo=UTC)
    bank.answer = Declined(declined("card_declined").says, NO_CARD)
    credits.collect(account.id)
    bank.answer = None
    clock.instant = datetime(2026, 2, 5, 12, tzinfo=UTC)
    credits.catch_up(account.id)
    hold = credits.hold(account.id, 290, cause="blast", reference="3", count=290)
    credits.settle(hold, 280)


def _read(database: Database, table: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """A table's columns and rows, as every engine takes them."""
    names = tuple(column[1] for column in database.execute(f'PRAGMA table_info("{table}")').fetchall())
    rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
    assert rows, table
    return names, [
        tuple(bool(value) if name in TRUTHS else value for name, value in zip(names, row, strict=True))
        for row in rows
    ]


def _numbered_down(
    made: dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]],
) -> dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]:
    """The last row of each table that numbers its rows gets 0, since SQLite goes on from there."""
    shift = {
        table: max(row[names.index("id")] for row in rows)
        for table, (names, rows) in made.items()
        if "id" in names
    }
    shift["account"] = 1 - ACCOUNTS[0]

    def renumbered(table: str, name: str, value: Any) -> Any:
        of = table if name == "id" else name.removesuffix("_id")
        return value - shift[of] if of in shift and (name == "id" or name.endswith("_id")) else value

    return {
        table: (names, [tuple(map(renumbered, [table] * len(names), names, row)) for row in rows])
        for table, (names, rows) in made.items()
    }
