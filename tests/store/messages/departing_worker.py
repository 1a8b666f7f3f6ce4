"""A delivery worker in a process of its own, to be killed while scheduled texts leave: python -m
tests.store.messages.departing_worker DATABASE SENT DIE_AT

It kills its own process before the statement DIE_AT that it gives the database (0: never). SENT: as in
`tests.store.messages.worker`.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from threading import Event
from typing import Any

from store import Store
from store.clock import SystemClock
from store.database import Database
from tests.store.messages.worker import Noting, messenger


def die_at(database: Database, last: int) -> None:
    """Kills this process before so many more statements."""
    connections: Any = database._connections
    left, execute = [last], connections.execute_sql

    def counted(*statement: Any, **how: Any) -> Any:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*statement, **how)

    connections.execute_sql = counted


if __name__ == "__main__":
    url, sent, last = sys.argv[1:]
    store = Store(url)
    die_at(store.database, int(last))
    messenger(store, Noting(Path(sent)), SystemClock()).deliver(stop=Event())
