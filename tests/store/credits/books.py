"""A ledger at hand for tests: a clock that stands where it is put, short words for what happens, plain facts
out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from store.clock import FixedClock
from store.credits.catalog_files import Catalog
from store.credits.ledger import Ledger
from store.credits.model import Account, Balance, Entry, Kind, Pool, Quote
from store.database import Database
from store.engines.urls import is_served
from store.payments.testcard import TestCard
from store.settings import Settings
from tests.store.bystander import TABLES

ZONE = "America/New_York"

KEPT = [str(table._meta.table_name) for table in Ledger.TABLES]
"""The ledger's tables."""


class Books:
    """One account, opened by `join`; instants are local to its time zone."""

    def __init__(self, url: str | Path, zone: str = ZONE) -> None:
        self.zone = zone
        self.clock = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.url = str(url)
        self.database = Database(self.url)
        settings = Settings(self.database)
        self.gateway = TestCard(self.database, settings)
        self.ledger = Ledger(self.database, Catalog.load(), self.clock, self.gateway)
        self.database.migrate([*Settings.TABLES, *TestCard.TABLES, *Ledger.TABLES])
        self.account = 0
        self.last_hold = 0
        self.placed = 0
        self.seen = 0
        self.charged_until = 0

    def at(self, local: str) -> Books:
        """Puts the clock: "2026-05-10", at noon, or "2026-05-10T23:59"; "2026-05-10T23:59Z" is in UTC."""
        instant = datetime.fromisoformat(local if "T" in local else f"{local}T12:00")
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=ZoneInfo(self.zone))
        self.clock.instant = instant.astimezone(UTC)
        return self

    def join(
        self,
        plan: str = "300",
        product: str = "agent-texts",
        billing: str = "monthly",
        anchor: date | None = None,
    ) -> Books:
        opened = self.ledger.open_account(
            product, plan, self.zone, billing=billing, anchor=anchor, demo_clock=True
        )
        self.account = opened.id
        return self

    def order(self, plan: str, billing: str | None = None) -> Quote:
        return self._place(self.ledger.quote_plan(self.account, plan, billing=billing))

    def cancel(self) -> Quote:
        return self._place(self.ledger.quote_cancel(self.account))

    def buy(self, credits: int) -> Quote:
        return self._place(self.ledger.quote_purchase(self.account, credits))

    def _place(self, quote: Quote) -> Quote:
        """Whatever is ordered comes to what was quoted."""
        self.placed += 1
        before = self.available()
        order = self.ledger.place(self.account, quote, key=f"order {self.placed}")
        assert (order.cents, order.credits) == (quote.charge_cents, quote.credits_now)
        assert self.available() - before == quote.credits_now
        return quote

    def use(self, credits: int) -> None:
        self.ledger.charge(self.account, credits)

    def hold(self, credits: int, reference: str = "1") -> int:
        self.last_hold = self.ledger.hold(
            self.account, credits, cause="blast", reference=reference, count=credits
        )
        return self.last_hold

    def settle(self, credits: int) -> None:
        self.ledger.settle(self.last_hold, credits)

    def release(self, credits: int) -> None:
        self.ledger.release(self.last_hold, credits)

    # Facts

    def accounts(self) -> list[Account]:
        """All but those that only stand beside."""
        return [account for account in self.ledger.accounts() if account.id > 0]

    def available(self) -> int:
        return self.ledger.balance(self.account).available

    def lots(self) -> list[int]:
        return [lot.remaining for lot in self.ledger.lots(self.account)]

    def lines(self) -> list[str]:
        """The lines written since this was asked last, the oldest first: "+300 granted", "waived 1"."""
        entries = self.ledger.history(self.account, limit=1_000)[::-1]
        new = [entry for entry in entries if entry.seq > self.seen]
        self.seen = max((entry.seq for entry in new), default=self.seen)
        return self._in_words(new)

    def lines_of_today(self) -> list[str]:
        """All lines of the account's day, likewise."""
        today = self.ledger.today(self.account)
        return self._in_words(self.ledger.history(self.account, since=today, limit=1_000)[::-1])

    def _in_words(self, entries: list[Entry]) -> list[str]:
        return [
            (f"{entry.delta:+} {entry.kind}" if entry.delta else f"{entry.kind} {entry.amount}")
            + (" of purchased" if entry.pool is Pool.PURCHASED and entry.kind is not Kind.PURCHASED else "")
            for entry in entries
        ]

    def charged(self) -> list[int]:
        """What was charged since this was asked last, in cents."""
        orders = self.ledger.orders(self.account, limit=1_000)[::-1]
        new = [order.cents for order in orders if order.number > self.charged_until and order.cents]
        self.charged_until = len(orders)
        return new

    def orders(self) -> list[int]:
        """What was charged, in cents."""
        self.available()
        return [row[0] for row in self.rows('SELECT cents FROM "order" WHERE account_id > 0 ORDER BY number')]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.database.connection():
            return self.database.execute(statement).fetchall()

    def alter(self, statement: str) -> None:
        """Damages the account's rows behind the ledger's back."""
        words = statement.split()
        table = words[2 if words[0] == "DELETE" else 1].strip('"')
        its_own = f"{'AND' if 'WHERE' in words else 'WHERE'} {TABLES[table]} > 0"
        with self.database.transaction():
            self._ignore_checks()
            assert self.database.execute(f"{statement} {its_own}").rowcount == 1

    def _ignore_checks(self) -> None:
        if not is_served(self.url):
            self.database.execute("PRAGMA ignore_check_constraints = ON")
            return
        checks = self.database.execute(
            "SELECT conrelid::regclass, quote_ident(conname) FROM pg_constraint "
            "WHERE contype = 'c' AND connamespace = current_schema()::regnamespace"
        )
        for table, check in checks.fetchall():
            self.database.execute(f"ALTER TABLE {table} DROP CONSTRAINT {check}")

    def newest_hold(self) -> int:
        return int(self.rows("SELECT MAX(id) FROM hold")[0][0])

    # Many in a row

    def hurry(self) -> None:
        """Doesn't wait for the disk: nobody needs what a test leaves."""
        if not is_served(self.url):
            self.database.execute("PRAGMA synchronous = OFF")

    def empty(self) -> None:
        """Forgets all charges, and all accounts but those that only stand beside; the next ones are numbered
        from 1."""
        with self.database.transaction():
            for table in KEPT[::-1]:
                self.database.execute(f'DELETE FROM "{table}" WHERE {TABLES[table]} > 0')
            self.database.execute("DELETE FROM test_charge")
            if is_served(self.url):
                for table in ("account", "lot", "hold", "notice", "test_charge"):
                    self.database.execute(f"SELECT setval('{table}_id_seq', 1, false)")
            else:
                self.database.execute("DELETE FROM sqlite_sequence")
        self.account = self.last_hold = self.placed = self.seen = self.charged_until = 0

    def told(self) -> tuple[object, ...]:
        """All that a person is told of the accounts, which leaves out how rows are numbered: PostgreSQL
        doesn't use a number again that was given in what was undone."""
        return tuple(
            (
                self._balance(account.id),
                [(lot.pool, lot.granted, lot.remaining, lot.held) for lot in self.ledger.lots(account.id)],
                self.ledger.history(account.id, limit=10_000),
                [one._replace(charge="") for one in self.ledger.orders(account.id, limit=10_000)],
                [(one.at, one.threshold, one.kind, one.channels) for one in self.ledger.notices(account.id)],
                self.rows("SELECT cents FROM test_charge ORDER BY id"),
            )
            for account in self.accounts()
        )

    def _balance(self, account: int) -> Balance:
        balance = self.ledger.balance(account)
        return balance._replace(account=balance.account._replace(id=0))

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """All rows of all tables."""
        return {table: self.rows(f'SELECT * FROM "{table}" ORDER BY 1, 2, 3') for table in KEPT}
