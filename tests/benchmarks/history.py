"""A page out of a long history against one out of a short one: reading mustn't grow with what is kept."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from store.clock import FixedClock, micros
from store.credits.catalog import Catalog
from store.credits.ledger import Ledger
from store.credits.model import Kind
from store.database import Database
from tests.benchmarks.report import Figure

LONG, SHORT = 1_000_000, 1_000
ROUNDS = 300

OPENED = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAYS = 28

Question = Callable[[Ledger, int], object]

QUESTIONS: dict[str, tuple[Question, float]] = {
    "A page of history": (lambda ledger, entries: ledger.history(1, before=entries // 2), 1.5),
    "A page of one kind": (
        lambda ledger, entries: ledger.history(1, kind=Kind.USED, before=entries // 2),
        1.5,
    ),
    "A page up to a day": (lambda ledger, _: ledger.history(1, until=(OPENED + timedelta(14)).date()), 1.5),
    "A balance": (lambda ledger, _: ledger.balance(1), 1.2),
}


def figures() -> list[Figure]:
    """Medians; the long ledger and the short one are asked in turns, each over its own open connection."""
    with tempfile.TemporaryDirectory() as folder:
        long, long_database = _ledger(Path(folder) / "long", LONG)
        short, short_database = _ledger(Path(folder) / "short", SHORT)
        with long_database.connection(), short_database.connection():
            return [
                Figure.of_times(
                    f"{what} out of {LONG:,} lines",
                    *_medians(partial(ask, long, LONG), partial(ask, short, SHORT), f"{SHORT:,} lines"),
                    bound,
                )
                for what, (ask, bound) in QUESTIONS.items()
            ]


def _medians(
    ours: Callable[[], object], peer: Callable[[], object], peer_name: str
) -> tuple[float, str, float]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for act, taken in zip((ours, peer), times, strict=True):
            start = time.perf_counter()
            act()
            taken.append(time.perf_counter() - start)
    return statistics.median(times[0]), peer_name, statistics.median(times[1])


def _ledger(path: Path, lines: int) -> tuple[Ledger, Database]:
    """A ledger that agrees with itself, on which a credit was held and released again so many times."""
    database, clock = Database(str(path)), FixedClock(OPENED)
    ledger = Ledger(database, Catalog.load(), clock)
    database.migrate(Ledger.TABLES)
    account = ledger.open_account("agent-texts", "300", "UTC").id
    with database.transaction():
        database.executemany(
            "INSERT INTO entry "
            "(account_id, seq, at, day, pool, kind, delta, balance, amount, cause, reference, count) "
            "VALUES (?, ?, ?, ?, 'allotted', ?, ?, ?, 1, 'blast', ?, 1)",
            _lines(account, lines),
        )
        database.execute("UPDATE account SET seq = ?", (lines + 1,))
    clock.instant += timedelta(days=DAYS)
    return ledger, database


def _lines(account: int, lines: int) -> Iterator[tuple[object, ...]]:
    for number in range(lines):
        at = OPENED + timedelta(days=DAYS) * number / lines
        kind, delta = (Kind.RELEASED, 1) if number % 2 else (Kind.USED, -1)
        yield (
            account,
            number + 2,
            micros(at),
            str(at.date()),
            kind,
            delta,
            300 + (delta - 1) // 2,
            str(number // 2),
        )
