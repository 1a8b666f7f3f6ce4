"""A delivery worker in a process of its own, to be killed: python -m tests.store.messages.worker DATABASE
SENT DIE_AT WHEN

SENT: a file in which the provider notes each number that it accepts. It kills its own process at the text
DIE_AT (0: never), WHEN "before" or "after" it has accepted that.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from threading import Event

from store import Store
from store.clock import Clock, SystemClock
from store.messages.messenger import Messenger
from store.messages.providers import Accepted, CantTell, Had, LookedUp, Outcome, Outgoing
from store.messages.senders import only
from tests.store.messages.scripted import Taking


class Noting(Taking):
    """Accepts everything, in a file that outlives it; its list is that file."""

    def __init__(self, sent: Path, die_at: int = 0, when: str = "") -> None:
        self.sent = sent
        self.die_at = die_at
        self.when = when
        self.count = 0

    def send(self, outgoing: Outgoing) -> Outcome:
        self.count += 1
        if self.count == self.die_at and self.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        with self.sent.open("a") as file:
            file.write(f"{outgoing.to}\n")
        if self.count == self.die_at and self.when == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return Accepted(f"noted-{outgoing.id}")

    def lookup(self, outgoing: Outgoing, since: datetime) -> LookedUp:
        there = outgoing.to in self.sent.read_text().split()
        return Had(f"noted-{outgoing.to}") if there else CantTell()


def messenger(store: Store, provider: Noting, real: Clock) -> Messenger:
    return Messenger(
        store.database,
        store.clock,
        store.credits,
        store.people,
        store.consent,
        only(store.database, provider, real),
        real=real,
    )


if __name__ == "__main__":
    database, sent, die_at, when = sys.argv[1:]
    worker = messenger(Store(database), Noting(Path(sent), int(die_at), when), SystemClock())
    worker.deliver(stop=Event())
