"""A page out of a long history against one out of a short one: reading mustn't grow with what is kept."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from store import Store
from store.clock import FixedClock, micros
from store.credits.history_query import Filter, Sort
from store.credits.ledger import Ledger
from store.credits.model import Kind, Pool
from tests.benchmarks import scrolling
from tests.benchmarks.report import Figure

LONG, SHORT, FEW = 1_000_000, 1_000, 100
ROUNDS = 300

OPENED = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAYS = 28

ALLOTTED = Filter(pool=Pool.ALLOTTED)

Question = Callable[[Ledger, int], object]

QUESTIONS: dict[str, tuple[Question, float]] = {
    "A page of history": (lambda ledger, entries: ledger.history(1, before=entries // 2), 1.5),
    "A page of one kind": (
        lambda ledger, entries: ledger.history(1, kind=Kind.USED, before=entries // 2),
        1.5,
    ),
    "A page up to a day": (lambda ledger, _: ledger.history(1, until=(OPENED + timedelta(14)).date()), 1.5),
    "A page by size": (
        lambda ledger, entries: ledger.page(1, ALLOTTED, Sort.LARGEST, after=(1, entries // 2)),
        1.5,
    ),
    "A balance": (lambda ledger, _: ledger.balance(1), 1.2),
}


def figures() -> list[Figure]:
    """Medians; the long ledger and the short one are asked in turns, each over its own open connection. Then
    keys in the screen."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {lines: Path(folder) / f"{lines}.sqlite3" for lines in (LONG, SHORT, FEW)}
        long, short, few = (_store(path, lines) for lines, path in paths.items())
        with long.connection(), short.connection():
            reading = [
                Figure.of_times(
                    f"{what} out of {LONG:,} lines",
                    *_medians(
                        partial(ask, long.credits, LONG),
                        partial(ask, short.credits, SHORT),
                        f"{SHORT:,} lines",
                    ),
                    bound,
                )
                for what, (ask, bound) in QUESTIONS.items()
            ]
        for store in (long, short, few):
            store.close()
        return [*reading, *scrolling.figures(paths[LONG], LONG, paths[FEW], FEW)]


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


def _store(path: Path, lines: int) -> Store:
    """A store whose ledger agrees with itself, on which a credit was held and released again so often."""
    clock = FixedClock(OPENED)
    store = Store(str(path), clock=clock)
    account = store.credits.open_account("agent-texts", "300", "UTC").id
    with store.database.transaction():
        store.database.executemany(
            "INSERT INTO entry "
            "(account_id, seq, at, day, pool, kind, delta, balance, amount, cause, reference, count) "
            "VALUES (?, ?, ?, ?, 'allotted', ?, ?, ?, 1, 'blast', ?, ?)",
            _lines(account, lines),
        )
        store.database.execute("UPDATE account SET seq = ?", (lines + 1,))
    clock.instant += timedelta(days=DAYS)
    return store


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
            number % 997,  # so that no page looks like another
        )
