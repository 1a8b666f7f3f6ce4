"""Two workers in processes of their own on one server, each with several texts under way: none leaves twice,
none is lost, they keep one pace and one cap; also where the server's machine dies and its standby takes over.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from store.clock import micros
from store.messages.model import Status
from store.messages.pace import BURST
from tests.store.engines.pair import pair
from tests.store.messages.lives import Ahead, is_gone
from tests.store.messages.outside import IN_FLIGHT, Moment
from tests.store.messages.test_kills import PEOPLE, scene
from tests.waiting import wait_until

on_a_server = pytest.mark.parametrize("engine", ["postgresql"])


@on_a_server
def test_two_workers_send_each_text_once(new_database: Callable[[], str], tmp_path: Path) -> None:
    with scene(new_database(), tmp_path, repeatable=False) as it:
        it.outside.together = 2
        for _ in range(3):
            it.send()
        workers = {it.lives.begin() for _ in range(2)}
        wait_until(lambda: it.counts() == {Status.SENT: 3 * len(PEOPLE)}, lambda: str(it.counts()))
        assert it.outside.hands == workers
        assert it.lives.wrong.read_text() == ""
        it.check_texts()


@on_a_server
def test_two_workers_keep_one_pace_and_one_cap(new_database: Callable[[], str], tmp_path: Path) -> None:
    per_second, per_day = 25, 50
    now = datetime.now(UTC)
    noon = datetime.combine(now.date() + timedelta(days=1), time(12), UTC)
    ahead = Ahead((noon - now).total_seconds())  # or it might become midnight meanwhile
    with scene(new_database(), tmp_path, repeatable=False) as it:
        limits = {"per_second": str(per_second), "per_day": str(per_day), "people_per_month": "0"}
        it.store.senders.set("office", {"provider": "simulated", **limits})
        it.outside.together = 2
        for _ in range(2):
            it.send()
        began = micros(ahead.now())
        workers = [it.lives.begin(ahead=ahead.seconds, sender=True, forever=False) for _ in range(2)]
        wait_until(lambda: all(map(is_gone, workers)), lambda: str(it.counts()))
        ended = micros(ahead.now())
        assert it.outside.hands == set(workers)
        assert it.counts() == {Status.SENT: per_day, Status.QUEUED: 2 * len(PEOPLE) - per_day}
        assert it.outside.left.total() == len(it.outside.left) == per_day
        with it.store.connection():
            day = it.store.database.row("SELECT SUM(texts) AS texts FROM sender_day")
            sender = it.store.database.row("SELECT free_at FROM sender")
        assert day.texts == per_day
        # The bucket was never empty without being filled: each text moved it on, whoever took it.
        interval = 1_000_000 // per_second
        assert began - BURST + (per_day + 1) * interval <= sender.free_at <= ended + interval


@pytest.mark.parametrize("repeatable", [pytest.param(True, marks=pytest.mark.long), False])
def test_a_servers_machine_dies_and_its_standby_takes_over(tmp_path: Path, repeatable: bool) -> None:
    with pair() as servers, scene(servers.url, tmp_path, repeatable=repeatable) as it:
        assert it.store.database.standby() == "synchronous"
        chance = random.Random(11)
        it.outside.together = 2
        for _ in range(3):
            it.send()
        it.outside.kill(servers.kill_primary, chance.randint(40, 80), Moment.LATER, chance.uniform(0, 8))
        for _ in range(2):
            it.lives.begin()
        servers.promote()
        wait_until(
            lambda: (
                Status.QUEUED not in it.counts() and it.counts()[Status.SENT] == it.outside.left.total()
            ),  # what was answered is known
            lambda: str(it.counts()),
        )
        it.finish()
        assert it.lives.wrong.read_text() == ""
        it.check_texts()
        assert it.counts().get(Status.UNKNOWN, 0) <= (0 if repeatable else 2 * IN_FLIGHT)
        assert it.store.database.standby() == "asynchronous"  # it is named, and nobody waits for it
