"""Two changes at the same time, in the order in which they can harm each other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from store.database import Database

T = TypeVar("T")


def meanwhile(database: Database, first: Callable[[], object], second: Callable[[], T]) -> T:
    """Makes the first change, and commits it only when the second one, which another thread makes, waits for
    it or is done. What the second one gave."""
    with ThreadPoolExecutor(1) as pool:
        with database.transaction():
            first()
            started = pool.submit(second)
            _wait(database, started)
        return started.result()


def _wait(database: Database, started: Future[T]) -> None:
    if not database.for_update:
        # The first holds the one lock that there is, so the second can only wait for that.
        wait([started], timeout=0.02)
        return
    blocked = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    )
    for _ in range(3_000):
        (waiting,) = database.execute(blocked).fetchone()
        if waiting or started.done():
            return
        wait([started], timeout=0.01)
