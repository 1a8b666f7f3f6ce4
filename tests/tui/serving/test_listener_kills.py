"""The listener killed while a provider calls it, which repeats each call until it is taken: each reply and
each receipt is kept once, applied once and charged once.

Each run kills 3; `python3 -m tests -m long` kills 100 on each engine.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from threading import Event, Lock

import pytest

from store.messages.model import Draft, Status
from store.messages.providers import Outgoing
from store.messages.providers.plain import reference
from tests.tui.serving.listens import Listening, call
from tests.waiting import wait_until

PEOPLE = tuple(f"+1415555{at:04}" for at in range(100, 120))
CALLERS = 4


class Kannel:
    """Calls from several threads until each call is taken, and has the listener die at some of them."""

    def __init__(self, listening: Listening, kills: int) -> None:
        self._listening = listening
        self._chance = random.Random(kills)
        self._lock = Lock()
        self._left = kills
        self._until = self._next()
        self._is_there = Event()
        self._is_there.set()
        self.asked = 0

    def tell(self, calls: list[dict[str, str]]) -> None:
        """Returns when all were taken."""
        with ThreadPoolExecutor(CALLERS) as pool:
            list(pool.map(self._repeat, calls))
        assert self._left == 0, "too few calls to die of"

    def _repeat(self, fields: dict[str, str]) -> None:
        again = True
        while again:
            self._is_there.wait()
            self._perhaps_kill()
            try:
                status = call(self._listening.port, **fields)
                assert status in (200, 503)
                # Some of what was taken is told once more all the same.
                again = status != 200 or self._chance.random() < 0.1
            except (OSError, HTTPException):
                again = True

    def _perhaps_kill(self) -> None:
        with self._lock:
            self.asked += 1
            self._until -= 1
            if self._left == 0 or self._until > 0:
                return
            self._left, self._until = self._left - 1, self._next()
            self._is_there.clear()
        self._listening.kill()  # others are in the middle of their calls
        self._listening.start()
        self._is_there.set()

    def _next(self) -> int:
        """After how many calls the next death comes."""
        return self._chance.randint(3, 12)


def kill(url: str, folder: Path, kills: int) -> None:
    with closing(Listening(url, folder)) as listening:
        store, account = listening.store, listening.account
        blast = store.messages.send(account, Draft(body="Hi", to=PEOPLE)).id
        texts = [Outgoing(one.id, one.to, one.body) for one in store.messages.messages(blast)]
        receipts = [{"type": "1", "id": reference(one), "answer": "stat:DELIVRD"} for one in texts]
        replies = [
            {"from": PEOPLE[at % len(PEOPLE)], "text": f"Reply {at}", "id": f"reply-{at}"}
            for at in range(20 + 10 * kills)
        ]
        told = receipts + replies
        random.Random(kills).shuffle(told)
        listening.start()
        Kannel(listening, kills).tell(told)
        rows = store.database.rows
        due = "SELECT id FROM event WHERE due_at IS NOT NULL"
        with store.connection():
            wait_until(lambda: rows(due) == [], listening.said.read_text)
            kept = Counter(row.event_id for row in rows("SELECT event_id FROM event"))
            bodies = Counter(row.body for row in rows("SELECT body FROM incoming"))
            assert {row.outcome for row in rows("SELECT outcome FROM event")} == {""}
        assert len(kept) == kept.total() == len(told)
        assert bodies == Counter(one["text"] for one in replies)
        assert {one.status for one in store.messages.messages(blast)} == {Status.DELIVERED}
        threads = store.conversations.threads(account)
        assert sum(thread.unread for thread in threads) == len(replies)
        balance = store.credits.balance(account)
        # Each text and each reply is one segment at home, which is one credit.
        assert (balance.held, balance.used) == (0, len(PEOPLE) + len(replies))
        assert store.credits.verify().problems == ()


def test_killed_while_it_is_called_it_keeps_each_event_once(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    kill(new_database(), tmp_path, kills=3)


@pytest.mark.long
def test_killed_a_hundred_times_while_it_is_called_it_keeps_each_event_once(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    kill(new_database(), tmp_path, kills=100)
