"""What the ledger's rules cost: a year away caught up with, and credits held and settled, against the bare
library and the bare statements."""

from __future__ import annotations

import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile

from store.clock import FixedClock
from store.credits.catalog_files import Catalog
from store.credits.ledger import Ledger
from store.database import Database
from store.payments.testcard import TestCard
from store.settings import Settings
from tests.benchmarks.report import Figure

OPENED = datetime(2026, 1, 31, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
ROUNDS = 25
PAIRS = 400

PLANS = {"agent-texts": "300", "agent-email": "10000", "community-texts": "200"}

Statement = tuple[str, Sequence[object]]


def figures() -> list[Figure]:
    """Medians; ours and the peer's in turns."""
    return [*_catch_up(), _hold_and_settle()]


def _catch_up() -> list[Figure]:
    """Twelve months of renewals, all charged, and what expires or is forfeited, in the databases of accounts
    that used a part of their credits."""
    ours: dict[str, list[float]] = {product: [] for product in PLANS}
    peer = []
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(ROUNDS):
            for product, plan in PLANS.items():
                ledger, clock, account = _ledger(Path(folder) / f"{product}-{turn}", product, plan)
                ledger.charge(account, 50)
                clock.instant += YEAR
                start = time.perf_counter()
                crossed = ledger.catch_up(account).boundaries
                ours[product].append(time.perf_counter() - start)
                assert crossed >= 12
                assert not ledger.owing(account)
            peer.append(_import_peewee())
    return [
        Figure.of_times(
            f"Twelve months of catch-up, `{product}`",
            statistics.median(times),
            "`import peewee`",
            statistics.median(peer),
            1,
        )
        for product, times in ours.items()
    ]


def _import_peewee() -> float:
    """Seconds that a new interpreter takes for it, without PostgreSQL's driver, which peewee would import
    too."""
    code = (
        "import sys, time; sys.modules['psycopg'] = None; start = time.perf_counter(); import peewee; "
        "print(time.perf_counter() - start)"
    )
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)


def _hold_and_settle() -> Figure:
    """A hold of three credits, settled, each in a transaction of its own, against the same statements run by
    `sqlite3` itself on a copy of the database."""
    with tempfile.TemporaryDirectory() as folder:
        path, recorded, copy = (Path(folder) / name for name in ("ours", "recorded", "raw"))
        _ledger(path, "agent-texts", "3000")
        for target in (recorded, copy):
            copyfile(path, target)
        statements = _record(recorded)
        ledger, database = _open(path)
        raw = sqlite3.connect(copy, isolation_level=None)
        for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on"):
            raw.execute(f"PRAGMA {pragma}")
        ours, peer = [], []
        with database.connection():
            for pair in statements:
                start = time.perf_counter()
                _pair(ledger)
                ours.append(time.perf_counter() - start)
                start = time.perf_counter()
                for statement, parameters in pair:
                    raw.execute(statement, parameters).fetchall()
                peer.append(time.perf_counter() - start)
        with database.connection():
            assert [row[0] for row in database.execute("SELECT SUM(spent) FROM lot")] == list(
                raw.execute("SELECT SUM(spent) FROM lot").fetchone()
            )
        raw.close()
        database.close()
        return Figure.of_times(
            "A hold and its settling", statistics.median(ours), "raw `sqlite3`", statistics.median(peer), 4
        )


def _record(path: Path) -> list[list[Statement]]:
    """The statements of each pair, with the transactions that they run in."""
    ledger, database = _open(path)
    recorded: list[list[Statement]] = []
    execute = database.execute

    def record(statement: str, parameters: Sequence[object] = ()) -> object:
        recorded[-1].append((statement, parameters))
        return execute(statement, parameters)

    transaction = database.transaction

    class Recorded:
        def __enter__(self) -> None:
            self.inner = transaction()
            self.inner.__enter__()
            recorded[-1].append(("BEGIN IMMEDIATE", ()))

        def __exit__(self, *error: object) -> None:
            self.inner.__exit__(None, None, None)
            recorded[-1].append(("COMMIT", ()))

    database.execute = record  # type: ignore[assignment, method-assign]
    database.transaction = Recorded  # type: ignore[assignment, method-assign]
    with database.connection():
        for _ in range(PAIRS):
            recorded.append([])
            _pair(ledger)
    database.close()
    return recorded


def _pair(ledger: Ledger) -> None:
    ledger.settle(ledger.hold(1, 3, cause="blast", reference="1", count=3), 3)


def _ledger(path: Path, product: str, plan: str) -> tuple[Ledger, FixedClock, int]:
    clock = FixedClock(OPENED)
    ledger, database = _open(path, clock)
    settings = Settings(database)
    database.migrate([*settings.TABLES, *TestCard.TABLES, *Ledger.TABLES])
    account = ledger.open_account(product, plan, "America/New_York", demo_clock=True)
    with database.connection():
        database.execute("PRAGMA wal_checkpoint(truncate)").fetchall()
    database.close()
    return ledger, clock, account.id


def _open(path: Path, clock: FixedClock | None = None) -> tuple[Ledger, Database]:
    database = Database(str(path))
    gateway = TestCard(database, Settings(database))
    return Ledger(database, Catalog.load(), clock or FixedClock(OPENED), gateway), database
