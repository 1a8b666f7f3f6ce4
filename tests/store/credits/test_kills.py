"""Two processes that join, send, renew, change plans and buy on one database, killed at random moments: the
proof holds each time, and nothing is granted, charged or sent twice.

Each run kills 12; `python3 -m tests -m long` kills 200 on each engine.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import OrderState
from store.messages.model import Status
from store.messages.outbox import LEASE
from store.payments.testcard import DEFAULT
from tests.environment import CHECKOUT
from tests.store.credits.rival import BEGINNING, Log, messenger

SEEDS = ("1", "2")


class Scene:
    """A database, and what the processes note beside it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        folder.mkdir(parents=True)
        (folder / "sent").touch()
        self.clock = FixedClock(BEGINNING)
        self.store = Store(url, clock=self.clock)

    def kill_two(self, chance: random.Random) -> None:
        """Starts both, and kills them at moments of their own."""
        command = [sys.executable, "-m", "tests.store.credits.rival", self.url, str(self.folder)]
        rivals = [
            subprocess.Popen([*command, seed], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
            for seed in SEEDS
        ]
        for rival in rivals:
            assert rival.stdout is not None
            assert rival.stdout.readline() == "ready\n"
        chance.shuffle(rivals)
        for rival in rivals:
            time.sleep(chance.uniform(0, 0.4))  # any moment will do, and each is another
            assert rival.poll() is None, "it died by itself"
            rival.kill()
            rival.communicate()
            assert self.store.credits.verify().problems == ()

    def recover(self) -> None:
        """The next start: what was under way is brought to its end."""
        accounts = self.store.credits.accounts()
        self.clock.instant = max(account.clock_floor for account in accounts)
        self.store.gateway.use(DEFAULT)
        for account in accounts:
            assert self.store.credits.collect(account.id, again=True, confirmed=True) == []
        messenger(self.store, self.folder, FixedClock(datetime.now(UTC) + 2 * LEASE)).deliver(stop=Event())

    def check(self) -> None:
        assert self.store.credits.verify().problems == ()
        self.check_charges()
        self.check_grants()
        self.check_texts()

    def check_charges(self) -> None:
        """What was charged is what was ordered, each once."""
        charged = Counter(
            (int(key.split(":")[0]), cents)
            for key, cents in self.rows("SELECT key, cents FROM test_charge WHERE code = ''")
        )
        orders = [
            (account.id, order)
            for account in self.store.credits.accounts()
            for order in self.store.credits.orders(account.id, limit=100_000)
        ]
        paid = [(account, order.cents) for account, order in orders if order.state is OrderState.PAID]
        assert charged == Counter((account, cents) for account, cents in paid if cents)
        joined = Counter(account for account, order in orders if order.cause == "join")
        assert joined == Counter(account.id for account in self.store.credits.accounts())
        placed = [line.split(" ")[0] for seed in SEEDS for line in self.noted(f"orders-{seed}")]
        keys = Counter(key for (key,) in self.rows('SELECT key FROM "order"'))
        assert {key: keys[key] for key in placed if keys[key] > 1} == {}

    def check_grants(self) -> None:
        """Each renewal granted once, and each order what it says."""
        renewals = Counter(
            self.rows("SELECT account_id, period_index FROM lot WHERE grant_key LIKE 'allot:%'")
        )
        assert set(renewals.values()) <= {1}
        moved = self.rows(
            "SELECT account_id, reference, SUM(delta) FROM entry "
            "WHERE kind IN ('granted', 'purchased', 'taken-back') GROUP BY account_id, reference"
        )
        ordered = self.rows(
            'SELECT account_id, CAST(number AS TEXT), credits FROM "order" '
            "WHERE credits <> 0 AND from_plan <> 'trial' AND state = 'paid'"
        )
        assert set(ordered) <= set(moved)
        unpaid = self.rows("SELECT account_id, CAST(number AS TEXT) FROM \"order\" WHERE state <> 'paid'")
        assert set(unpaid).isdisjoint({(account, reference) for account, reference, _ in moved})

    def check_texts(self) -> None:
        """What the provider has is what is said to be sent, each once."""
        accepted = Counter(int(id) for id, *_ in Log(self.folder).lines())
        sent = self.rows(f"SELECT id FROM message WHERE status = '{Status.SENT}'")
        assert accepted == Counter(id for (id,) in sent)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.store.connection():
            return self.store.database.execute(statement).fetchall()

    def noted(self, name: str) -> list[str]:
        file = self.folder / name
        return file.read_text().splitlines() if file.exists() else []


def kill(new_database: Callable[[], str], folder: Path, *, databases: int, pairs: int) -> None:
    for number in range(databases):
        scene, chance = Scene(new_database(), folder / str(number)), random.Random(number)
        for _ in range(pairs):
            scene.kill_two(chance)
        scene.recover()
        scene.check()
        scene.store.close()


def test_killed_at_any_moment_nothing_is_granted_charged_or_sent_twice(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    kill(new_database, tmp_path / "kills", databases=1, pairs=3)


@pytest.mark.long
def test_killed_two_hundred_times_nothing_is_granted_charged_or_sent_twice(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    kill(new_database, tmp_path / "kills", databases=10, pairs=10)
