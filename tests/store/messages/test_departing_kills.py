"""Workers that are killed while scheduled texts leave, and several at once: each text leaves once for each
person, none is lost, and the credits agree."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from store import Store
from store.clock import FixedClock
from store.messages.model import Draft, Purpose, Repeat, Status, When
from store.messages.outbox import LEASE
from tests.environment import CHECKOUT
from tests.store.messages.worker import Noting, messenger

PEOPLE = 8
TEXTS = 5
MOST_STATEMENTS = 260
"""About as many as a worker takes for all of it."""


class Scene:
    """Scheduled texts that are due by now, each to people of its own; the second is weekly, and one of those
    who get the third has opted out since."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.sent = url, folder / "sent"
        self.sent.touch()
        now = datetime.now(UTC)
        store = Store(url, clock=FixedClock(now - timedelta(minutes=30)))
        with store.connection():
            self.account = store.credits.open_account("agent-texts", "300", "America/New_York").id
            for text in range(TEXTS):
                repeat = Repeat.WEEKLY if text == 1 else Repeat.NEVER
                when = When(now - timedelta(minutes=20 - text), repeat=repeat)
                draft = Draft(body="Out!", to=_people(text), purpose=Purpose.NOTICE)
                store.messages.send(self.account, draft, when=when)
            store.consent.opt_out(_people(2)[0], self.account, how="noted")
        store.close()

    def begin(self, die_at: int = 0) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.store.messages.departing_worker", self.url, str(self.sent)]
        return subprocess.Popen([*command, str(die_at)], cwd=CHECKOUT)

    def check(self) -> None:
        """After a worker that nobody kills, once the leases of the dead are over."""
        store = Store(self.url)
        with store.connection():
            later = FixedClock(datetime.now(UTC) + LEASE * 2)
            last = messenger(store, Noting(self.sent), later)
            last.deliver(stop=Event())
            assert store.credits.verify().problems == ()
            rows = store.database.rows("SELECT phone, status, credits FROM message")
            expected = {phone for text in range(TEXTS) for phone in _people(text)} - {_people(2)[0]}
            assert Counter(row.phone for row in rows) == Counter(expected)
            counts = Counter(Status(row.status) for row in rows)
            assert set(counts) <= {Status.SENT, Status.UNKNOWN}
            accepted = Counter(self.sent.read_text().split())
            assert set(accepted.values()) == {1}
            assert {row.phone for row in rows if row.status == Status.SENT} <= accepted.keys() <= expected
            [weekly] = last.scheduled(self.account)
            waits = weekly.credits if weekly.held else 0
            balance = store.credits.balance(self.account)
            assert (weekly.blast_id > TEXTS, weekly.credits) == (
                True,
                PEOPLE,
            )
            assert (balance.held, balance.used) == (waits + counts[Status.UNKNOWN], counts[Status.SENT])
        store.close()


_AREA = "808" if 3 <= datetime.now(UTC).hour < 6 else "415"
"""Where quiet hours don't begin about now, for which a text that is late would ask."""


def _people(text: int) -> tuple[str, ...]:
    return tuple(f"+1{_AREA}555{1000 + text * PEOPLE + number}" for number in range(PEOPLE))


def kill(url: str, folder: Path, times: int) -> None:
    scene, chance = Scene(url, folder), random.Random(times)
    ends = [scene.begin(chance.randint(1, MOST_STATEMENTS)).wait() for _ in range(times)]
    assert {-signal.SIGKILL} <= set(ends) <= {-signal.SIGKILL, 0}
    scene.check()


def test_killed_at_any_statement_each_text_leaves_once(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    kill(new_database(), tmp_path, 4)


@pytest.mark.long
def test_killed_again_and_again_each_text_leaves_once(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    for time in range(20):
        folder = tmp_path / str(time)
        folder.mkdir()
        kill(new_database(), folder, 5 + time % 3)


@pytest.mark.parametrize("engine", ["postgresql"])
def test_two_workers_at_once_see_each_text_off_once(new_database: Callable[[], str], tmp_path: Path) -> None:
    scene = Scene(new_database(), tmp_path)
    workers = [scene.begin() for _ in range(2)]
    assert [worker.wait() for worker in workers] == [0, 0]
    scene.check()
