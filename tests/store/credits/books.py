"""A ledger at hand for tests: a clock that stands where it is put, short words for what happens, plain facts
out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from store.clock import FixedClock
from store.credits.catalog import Catalog
from store.credits.ledger import Ledger
from store.database import Database
from store.engines.urls import is_served
from store.settings import Settings

ZONE = "America/New_York"

KEPT = ("account", "period", "lot", "hold", "allocation", "entry", "daily_use", '"order"', "notice", "outbox")


class Books:
    """One account of `agent-texts`, opened by `join`; instants are local to its time zone."""

    def __init__(self, url: str | Path, zone: str = ZONE) -> None:
        self.zone = zone
        self.clock = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.url = str(url)
        self.database = Database(self.url)
        self.ledger = Ledger(self.database, Catalog.load(), self.clock)
        self.database.migrate([*Settings.TABLES, *Ledger.TABLES])
        self.account = 0
        self.last_hold = 0
        self.seen = 0

    def at(self, local: str) -> Books:
        """Puts the clock: "2026-05-10", at noon, or "2026-05-10T23:59"."""
        instant = datetime.fromisoformat(local if "T" in local else f"{local}T12:00")
        self.clock.instant = instant.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
        return self

    def join(self, plan: str = "300") -> Books:
        opened = self.ledger.open_account("agent-texts", plan, self.zone, demo_clock=True)
        self.account = opened.id
        return self

    def use(self, credits: int) -> None:
        self.ledger.charge(self.account, credits)

    def hold(self, credits: int) -> int:
        self.last_hold = self.ledger.hold(self.account, credits, cause="blast", reference="1", count=credits)
        return self.last_hold

    def settle(self, credits: int) -> None:
        self.ledger.settle(self.last_hold, credits)

    def release(self, credits: int) -> None:
        self.ledger.release(self.last_hold, credits)

    # Facts

    def available(self) -> int:
        return self.ledger.balance(self.account).available

    def lots(self) -> list[int]:
        return [lot.remaining for lot in self.ledger.lots(self.account)]

    def lines(self) -> list[str]:
        """The lines written since this was asked last, the oldest first: "+300 granted", "waived 1"."""
        entries = self.ledger.history(self.account, limit=1_000)[::-1]
        new = [entry for entry in entries if entry.seq > self.seen]
        self.seen = max((entry.seq for entry in new), default=self.seen)
        return [
            f"{entry.delta:+} {entry.kind}" if entry.delta else f"{entry.kind} {entry.amount}"
            for entry in new
        ]

    def orders(self) -> list[int]:
        """What was charged, in cents."""
        self.available()
        return [row[0] for row in self.rows('SELECT cents FROM "order" ORDER BY number')]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.database.connection():
            return self.database.execute(statement).fetchall()

    def alter(self, statement: str) -> None:
        """Damages the ledger behind its back."""
        with self.database.transaction():
            self._ignore_checks()
            assert self.database.execute(statement).rowcount == 1

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

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """All rows of all tables."""
        return {table: self.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in KEPT}
