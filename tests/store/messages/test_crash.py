"""Killed in the middle of sending: nothing is lost, nothing is sent twice, and the ledger verifies."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from store import Store
from store.clock import FixedClock
from store.messages.model import BlastSummary, Draft, Status
from store.messages.outbox import LEASE
from tests.environment import CHECKOUT
from tests.store.messages.worker import Noting, messenger

PHONES = tuple(f"+1415555{at:04}" for at in range(100, 140))


class Scene:
    """A blast to 40 people on a database that other processes work on."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.sent = folder / "sent"
        self.sent.touch()
        self.store = Store(url)
        self.account = self.store.credits.open_account("agent-texts", "300", "America/New_York").id
        self.blast = self.store.messages.send(self.account, Draft(body="Hi", to=PHONES)).id

    def worker(self, die_at: int = 0, when: str = "") -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.store.messages.worker", self.url, str(self.sent)]
        return subprocess.Popen([*command, str(die_at), when], cwd=CHECKOUT)

    def restart(self) -> BlastSummary:
        """A new start, after the leases are over."""
        later = FixedClock(datetime.now(UTC) + LEASE * 2)
        messenger(self.store, Noting(self.sent), later).deliver(stop=Event())
        return self.store.messages.blast(self.blast)

    def numbers(self) -> tuple[int, int, int]:
        """Available, held and used."""
        assert self.store.credits.verify().ok
        balance = self.store.credits.balance(self.account)
        return balance.available, balance.held, balance.used

    def accepted(self) -> Sequence[str]:
        return self.sent.read_text().split()


@pytest.fixture
def scene(url: str, tmp_path: Path) -> Scene:
    return Scene(url, tmp_path)


def test_killed_before_the_provider_got_it_the_message_is_left_to_a_person(scene: Scene) -> None:
    assert scene.worker(17, "before").wait() == -signal.SIGKILL
    assert scene.store.messages.blast(scene.blast).counts == {
        Status.SENT: 16,
        Status.SENDING: 1,
        Status.QUEUED: 23,
    }
    assert scene.restart().counts == {Status.SENT: 39, Status.UNKNOWN: 1}
    assert sorted(scene.accepted()) == sorted(set(PHONES) - {PHONES[16]})
    assert scene.numbers() == (260, 1, 39)


def test_killed_after_the_provider_got_it_its_list_tells_that_it_left(scene: Scene) -> None:
    assert scene.worker(17, "after").wait() == -signal.SIGKILL
    assert scene.restart().counts == {Status.SENT: 40}
    assert sorted(scene.accepted()) == sorted(PHONES)
    assert scene.numbers() == (260, 0, 40)


def test_killed_from_outside_at_any_moment_nothing_is_sent_twice(scene: Scene) -> None:
    worker = scene.worker()
    while len(scene.accepted()) < 5 and worker.poll() is None:
        pass
    worker.kill()
    worker.wait()
    counts = scene.restart().counts
    assert len(scene.accepted()) == len(set(scene.accepted())) == counts[Status.SENT]
    assert counts[Status.SENT] + counts.get(Status.UNKNOWN, 0) == 40
    assert scene.numbers() == (260, counts.get(Status.UNKNOWN, 0), counts[Status.SENT])


def test_two_processes_send_each_message_once(scene: Scene) -> None:
    workers = [scene.worker(), scene.worker()]
    assert [worker.wait() for worker in workers] == [0, 0]
    assert sorted(scene.accepted()) == sorted(PHONES)
    assert scene.store.messages.blast(scene.blast).counts == {Status.SENT: 40}
    assert scene.numbers() == (260, 0, 40)
