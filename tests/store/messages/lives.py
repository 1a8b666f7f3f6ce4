"""Workers in processes of their own, to be killed: python -m tests.store.messages.lives DATABASE SERVER
REPEATABLE. Each line that comes in, a JSON object, begins one, whose id is printed: all that a worker imports
is there by then, so that two hundred may live and die in a test.

ahead: how many seconds its clock is ahead, by which leases of the dead are over; sender: whether texts go by
the senders of the database, else all go by one without a pace; forever: whether it goes on until it is
killed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import IO

from store import Store
from store.clock import SystemClock
from store.errors import DatabaseTrouble
from store.messages import providers
from store.messages.messenger import Messenger
from store.messages.senders import Senders, only
from tests.environment import CHECKOUT
from tests.store.messages.outside import Carrier, Outside


@dataclass
class Ahead(SystemClock):
    """A clock that is so far ahead."""

    seconds: float = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.seconds)


def messenger(store: Store, carrier: Carrier, ahead: float, *, by_senders: bool = False) -> Messenger:
    """What works some seconds ahead, with one carrier for all texts."""
    real = Ahead(ahead)
    if by_senders:
        senders = Senders(store.database, real, lambda: carrier, demo=False)
    else:
        senders = only(store.database, carrier, real)
    return Messenger(
        store.database, store.clock, store.credits, store.people, store.consent, senders, real=real
    )


@dataclass
class Lives:
    """The process that begins workers. wrong: a file in which they say what nobody foresaw."""

    _process: subprocess.Popen[str]
    wrong: Path

    def begin(self, *, ahead: float = 0.0, sender: bool = False, forever: bool = True) -> int:
        """A worker; its id."""
        said, heard = self._process.stdin, self._process.stdout
        assert said is not None
        assert heard is not None
        said.write(json.dumps({"ahead": ahead, "sender": sender, "forever": forever}) + "\n")
        said.flush()
        return int(heard.readline())


@contextmanager
def lives(database: str, outside: Outside, folder: Path) -> Iterator[Lives]:
    """Ends with all of its workers."""
    wrong = folder / "wrong"
    command = [sys.executable, "-m", "tests.store.messages.lives"]
    with wrong.open("w") as errors:
        process = subprocess.Popen(
            [*command, database, outside.url, str(int(outside.repeatable))],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    try:
        yield Lives(process, wrong)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def is_gone(pid: int) -> bool:
    """Whether a worker is no more: who begins them doesn't wait for them, so the system forgets them."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def _live(database: str, carrier: Carrier, ahead: float, *, by_senders: bool, forever: bool) -> None:
    """Works, and where the database is away goes on when it is there again, as `textmeter run` does."""
    works = messenger(Store(database), carrier, ahead, by_senders=by_senders)
    while True:
        with suppress(DatabaseTrouble):
            works.deliver(stop=Event(), forever=forever)
            return
        Event().wait(0.05)


def _serve(lines: IO[str], database: str, server: str, repeatable: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    carrier = Carrier(server, repeatable=bool(int(repeatable)))
    providers.load = lambda name, setup=None: carrier
    for line in lines:
        wanted = json.loads(line)
        if pid := os.fork():
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()
            continue
        _live(database, carrier, wanted["ahead"], by_senders=wanted["sender"], forever=wanted["forever"])
        return


if __name__ == "__main__":
    _serve(sys.stdin, *sys.argv[1:])
