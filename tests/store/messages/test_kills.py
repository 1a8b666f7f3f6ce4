"""Workers that have several texts under way, killed at any question that they ask their provider: each text
leaves once, or nobody knows whether it did and that is said; credits are conserved.

Each run kills 5; `python3 -m tests -m long` kills 200 on each engine.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from store import Store
from store.messages.model import Draft, Status
from store.messages.outbox import LEASE
from tests.store.messages.lives import Lives, is_gone, lives, messenger
from tests.store.messages.outside import IN_FLIGHT, Carrier, Moment, Outside
from tests.store.messages.providers import loopback
from tests.waiting import wait_until

CREDITS = 3_000
PEOPLE = tuple(f"+1415555{at:04}" for at in range(100, 140))
MOST_QUESTIONS = 12
"""At the latest a worker dies at that one."""


class Scene:
    """Texts that wait on a database, workers that come and go, and the provider outside."""

    def __init__(self, url: str, outside: Outside, lives: Lives) -> None:
        self.outside, self.lives = outside, lives
        self.store = Store(url)
        self.account = self.store.credits.open_account("agent-texts", str(CREDITS), "America/New_York").id
        self.ahead = 0.0

    def send(self) -> int:
        """The number of the blast."""
        return self.store.messages.send(self.account, Draft(body="Hi", to=PEOPLE)).id

    def counts(self) -> dict[Status, int]:
        """Texts by their status."""
        with self.store.connection():
            rows = self.store.database.rows("SELECT status, COUNT(*) AS n FROM message GROUP BY status")
        return {Status(row.status): int(row.n) for row in rows}

    def kill_one(self, chance: random.Random) -> None:
        """A worker that finds what the one before it left, and dies of one of its questions."""
        if self.counts().get(Status.QUEUED, 0) < MOST_QUESTIONS:
            self.send()
        self.ahead += 2 * LEASE.total_seconds()
        at, moment = chance.randint(1, MOST_QUESTIONS), chance.choice(list(Moment))
        milliseconds = chance.uniform(0, 8)
        worker = self.lives.begin(ahead=self.ahead)
        self.outside.kill(partial(os.kill, worker, signal.SIGKILL), at, moment, milliseconds)
        wait_until(lambda: is_gone(worker), lambda: f"a death: {self.lives.wrong.read_text()}")
        assert self.lives.wrong.read_text() == ""
        self.check_credits()

    def finish(self) -> None:
        """A worker that nobody kills."""
        self.ahead += 2 * LEASE.total_seconds()
        carrier = Carrier(self.outside.url, repeatable=self.outside.repeatable)
        messenger(self.store, carrier, self.ahead).deliver(stop=Event())

    def check_credits(self) -> None:
        """What was charged are the texts that are known to have left; what is held, all whose end isn't
        known."""
        with self.store.connection(), self.store.database.snapshot():
            assert self.store.credits.verify().problems == ()
            balance, counts = self.store.credits.balance(self.account), self.counts()
        assert balance.used == counts.get(Status.SENT, 0)
        assert balance.available == CREDITS - sum(counts.values())
        assert balance.held == sum(counts.values()) - balance.used

    def check_texts(self) -> None:
        self.check_credits()
        with self.store.connection():
            rows = self.store.database.rows("SELECT id, status FROM message")
        status = {row.id: Status(row.status) for row in rows}
        assert {id: times for id, times in self.outside.left.items() if times > 1} == {}
        assert self.outside.left.keys() <= status.keys()
        sent = {id for id, one in status.items() if one is Status.SENT}
        unknown = {id for id, one in status.items() if one is Status.UNKNOWN}
        assert sent | unknown == status.keys()
        assert sent <= self.outside.left.keys() <= sent | unknown


@contextmanager
def scene(url: str, folder: Path, *, repeatable: bool) -> Iterator[Scene]:
    outside = Outside(repeatable=repeatable)
    with ExitStack() as stack:
        stack.enter_context(loopback.running(outside))
        made = Scene(url, outside, stack.enter_context(lives(url, outside, folder)))
        stack.callback(made.store.close)
        yield made


def kill(url: str, folder: Path, *, repeatable: bool, times: int) -> None:
    with scene(url, folder, repeatable=repeatable) as it:
        chance = random.Random(times)
        for _ in range(times):
            it.kill_one(chance)
        it.finish()
        it.check_texts()
        unknown = it.counts().get(Status.UNKNOWN, 0)
        # Of those under way at a death, or claimed for it, nobody knows, unless the provider does.
        assert unknown == 0 if repeatable else unknown <= times * IN_FLIGHT


@pytest.mark.parametrize("repeatable", [True, False], ids=["repeatable", "once"])
def test_killed_at_any_question_each_text_leaves_once_or_is_told_as_unknown(
    new_database: Callable[[], str], tmp_path: Path, repeatable: bool
) -> None:
    kill(new_database(), tmp_path, repeatable=repeatable, times=5)


@pytest.mark.long
@pytest.mark.parametrize("repeatable", [True, False], ids=["repeatable", "once"])
def test_killed_a_hundred_times_each_text_leaves_once_or_is_told_as_unknown(
    new_database: Callable[[], str], tmp_path: Path, repeatable: bool
) -> None:
    kill(new_database(), tmp_path, repeatable=repeatable, times=100)
