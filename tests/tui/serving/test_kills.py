"""Somebody at work on a team's database over SSH, whose session, server or connection is killed at random
moments: the drafts are there, the proof holds, and nothing is sent or charged twice.

Each run kills a dozen times; `python3 -m tests -m long` kills a hundred.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from threading import Event
from typing import Self

import asyncssh
import pytest

from store import Store
from store.clock import FixedClock
from store.messages.messenger import Messenger
from store.messages.model import Draft, Message, Status
from store.messages.outbox import LEASE
from store.messages.providers.simulated import Simulated
from store.messages.senders import only
from store.roles import Person, Role
from tests.ssh import (
    ENTER,
    F3,
    F5,
    QUIT,
    Server,
    Sitting,
    ask,
    at_terminal,
    authorize,
    begin_draft,
    connected,
    serving,
)
from tests.waiting import until

ANN = Person("ann", Role.OWNER)
PHONES = tuple(f"+1415555{at:04}" for at in range(100, 130))
WORDS = "the open house is on sunday and the price has dropped again "


class Scene:
    """A team's database, the server that is running for it, and what is known of Ann's part in it."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        folder.mkdir(parents=True, exist_ok=True)
        self.database = str(folder / "team.sqlite3")
        self.key = authorize(folder, ann="owner")["ann"]
        self.store = Store(self.database, person=ANN)
        self.account = self.store.credits.open_account("agent-texts", "3000", "America/New_York").id
        self.number = 0
        self._running = AsyncExitStack()
        self._server: Server | None = None

    async def server(self) -> Server:
        """The server; another one where the last was ended, of which nothing is left then."""
        if self._server is None or self._server.process.poll() is not None:
            await self.gone()
            people = str(self.folder / "people.keys")
            self._server = self._running.enter_context(
                serving(self.folder / "server", "--authorized-keys", people, database=self.database)
            )
        return self._server

    async def gone(self) -> None:
        """Returns when nothing is left of a server that was ended: no process, and so no terminal, no
        folder."""
        server = self._server
        if server is not None:
            await until(lambda: not server.left(), "the end of all processes")
            assert list((self.folder / "server" / "tmp").iterdir()) == []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        try:
            if self._server is not None:
                self._server.process.send_signal(signal.SIGTERM)
                await self.gone()
        finally:
            await self._running.aclose()
            self.store.close()

    @asynccontextmanager
    async def at_work(self, line: str | None = None) -> AsyncIterator[tuple[Server, Connection, Sitting]]:
        """Ann, in Compose."""
        server = await self.server()
        async with connected(server.port, self.key) as connection:
            ann = await at_terminal(connection, line)
            await ann.shows("credits left")
            if line is None:
                ann.type(F3)
            await ann.shows("What it costs", "Left now")
            yield server, connection, ann

    def drafts(self) -> list[Draft]:
        with self.store.connection():
            return self.store.messages.drafts()

    def bodies(self) -> list[str]:
        return [draft.body for draft in self.drafts()]

    def messages(self, body: str) -> list[Message]:
        """Of all texts of that body."""
        with self.store.connection():
            blasts = self.store.messages.blasts(self.account, limit=1_000)
            return [
                message
                for blast in blasts
                if blast.body == body
                for message in self.store.messages.messages(blast.id, limit=1_000)
            ]

    def next_body(self) -> str:
        self.number += 1
        return f"Text {self.number}:"

    def check(self) -> None:
        """The proof, and that each charge belongs to one order."""
        with self.store.connection():
            assert self.store.credits.verify().problems == ()
            charged = self.store.database.execute("SELECT cents FROM test_charge WHERE code = ''").fetchall()
            orders = self.store.credits.orders(self.account, limit=1_000)
        assert Counter(cents for (cents,) in charged) == Counter(one.cents for one in orders if one.cents)


Connection = asyncssh.SSHClientConnection
Kill = Callable[[Server, Connection], None]


def _session(server: Server, connection: Connection) -> None:
    for pid in server.sessions:
        os.kill(pid, signal.SIGKILL)


KILLS: dict[str, Kill] = {
    "session": _session,
    "fork server": lambda server, connection: os.kill(server.fork_server, signal.SIGKILL),
    "server": lambda server, connection: server.process.kill(),
    "connection": lambda server, connection: connection.abort(),
    "stop": lambda server, connection: server.process.send_signal(signal.SIGTERM),
}
MOMENTS = ("at once", "shown", "kept")


async def type_and_kill(scene: Scene, how: str, moment: str) -> None:
    """Ann types. What was kept is there; and all that was there to be seen, unless her session was killed."""
    body = scene.next_body()
    async with scene.at_work() as (server, connection, ann):
        await begin_draft(ann, body)
        await until(lambda: body in scene.bodies(), "the first words kept")
        more = " " + (WORDS * 2)[: scene.chance.randrange(1, 60)].strip()
        ann.type(more)
        if moment != "at once":
            await ann.shows(body + more)
        if moment == "kept":
            await until(lambda: body + more in scene.bodies(), "all of it kept")
        await end(server, connection, how)
    (found,) = [one for one in scene.bodies() if one.startswith(body)]
    assert (body + more).startswith(found)
    if moment == "kept" or (moment == "shown" and how != "session"):
        assert found == body + more
    async with scene.at_work() as (_, _, ann):  # and she finds it
        await ann.shows(found)
    scene.check()


async def end(server: Server, connection: Connection, how: str) -> None:
    """Kills, and returns when the session's process is gone."""
    sessions = server.sessions
    KILLS[how](server, connection)
    await until(lambda: not set(sessions) & set(server.left()), "the end of the session")
    if how in ("server", "stop"):
        await until(lambda: server.process.poll() is not None, "the end of the server")


async def quit_and_kill(scene: Scene, how: str) -> None:
    """Ann leaves, and everything is killed while she does."""
    body = scene.next_body()
    async with scene.at_work() as (server, connection, ann):
        await begin_draft(ann, body)
        await until(lambda: body in scene.bodies(), "the first words kept")
        ann.type(QUIT)
        await asyncio.sleep(scene.chance.uniform(0, 0.1))  # any moment will do, and each is another
        await end(server, connection, how)
    assert scene.bodies().count(body) == 1
    scene.check()


async def send_and_kill(scene: Scene, how: str) -> None:
    """Ann sends a text to many, and it is killed after some of them."""
    body = scene.next_body()
    with scene.store.connection():
        before = scene.store.credits.balance(scene.account).available
    some = scene.chance.randrange(len(PHONES))
    async with scene.at_work(f"compose --to {' '.join(PHONES)} -- '{body}'") as (server, connection, ann):
        await ann.shows(f"{len(PHONES)} people", "Send 30 credits")
        ann.type(F5)
        await ann.shows(f"Send this text to {len(PHONES)} people?")
        ann.type(ENTER)
        if scene.chance.random() < 0.8:
            await until(lambda: begun(scene.messages(body)) >= some > 0 or some == 0, f"{some} texts")
        await end(server, connection, how)
    if sent := scene.messages(body):
        assert body not in scene.bodies()
    else:
        assert body in scene.bodies()
    async with scene.at_work():  # whoever connects again sends the rest
        waiting = (Status.QUEUED,)
        await until(lambda: all(one.status not in waiting for one in scene.messages(body)), "the rest")
    settle(scene)
    messages = scene.messages(body)
    assert len(messages) == len(sent)
    assert max(Counter(message.to for message in messages).values(), default=1) == 1
    charged = sum(message.credits for message in messages if message.status is not Status.FAILED)
    with scene.store.connection():
        balance = scene.store.credits.balance(scene.account)
    assert (balance.available, balance.held) == (before - charged, 0)
    scene.check()


def begun(messages: list[Message]) -> int:
    """How many of them have left, or are just leaving."""
    return sum(message.status is not Status.QUEUED for message in messages)


def settle(scene: Scene) -> None:
    """What was on its way is unknown once its worker is taken for dead; then somebody finds out that it
    didn't leave."""
    store, later = scene.store, FixedClock(datetime.now(UTC) + 2 * LEASE)
    with store.connection():
        late = Messenger(
            store.database,
            store.clock,
            store.credits,
            store.people,
            store.consent,
            only(store.database, Simulated(), later),
            real=later,
        )
        late.deliver(stop=Event())
        for blast in store.messages.blasts(scene.account, limit=1_000):
            for message in store.messages.messages(blast.id, limit=1_000):
                if message.status is Status.UNKNOWN:
                    store.messages.resolve_unknown(message.id, left=False)


async def order_and_kill(scene: Scene, how: str) -> None:
    """Ann changes the plan, and it is killed meanwhile; she does it again, and it was done once."""
    with scene.store.connection():
        plan = scene.store.credits.account(scene.account).plan
        before = len(scene.store.credits.orders(scene.account, limit=1_000))
    other = {"3000": "1000", "1000": "3000"}[plan]
    server = await scene.server()
    async with connected(server.port, scene.key) as connection:
        asked = asyncio.create_task(ask(connection, f"plan change {other} --yes"))
        await until(lambda: bool(server.sessions) or asked.done(), "the session")
        await asyncio.sleep(scene.chance.uniform(0, 0.15))  # any moment will do, and each is another
        await end(server, connection, how)
        await asyncio.wait([asked])
        asked.exception()  # it may have been cut off
    async with connected((await scene.server()).port, scene.key) as connection:
        again = await ask(connection, f"plan change {other} --yes")
        assert again.code in (0, 4), again  # 4: that is the plan already
    with scene.store.connection():
        assert scene.store.credits.account(scene.account).plan == other
        assert len(scene.store.credits.orders(scene.account, limit=1_000)) == before + 1
    scene.check()


@pytest.mark.parametrize("how", KILLS)
async def test_what_was_typed_is_there_however_it_ends(tmp_path: Path, how: str) -> None:
    async with Scene(tmp_path / "team", random.Random(how)) as scene:
        for moment in ("shown",) if how != "session" else MOMENTS:
            await type_and_kill(scene, how, moment)


async def test_sessions_of_a_server_that_ignores_hangups_take_them(tmp_path: Path) -> None:
    async with Scene(tmp_path / "team", random.Random(3)) as scene:
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as `nohup` has it
        try:
            await scene.server()
        finally:
            signal.signal(signal.SIGHUP, before)
        await type_and_kill(scene, "connection", "shown")
        await type_and_kill(scene, "fork server", "shown")


async def test_killed_while_texts_leave_orders_are_placed_or_the_app_is_left_nothing_is_done_twice(
    tmp_path: Path,
) -> None:
    async with Scene(tmp_path / "team", random.Random(1)) as scene:
        await send_and_kill(scene, "session")
        await order_and_kill(scene, "session")
        await quit_and_kill(scene, "session")
        await send_and_kill(scene, "server")
        await order_and_kill(scene, "server")


@pytest.mark.long
async def test_killed_a_hundred_times_nothing_is_lost_or_done_twice(tmp_path: Path) -> None:
    chance = random.Random(2)
    typing = list(product(KILLS, MOMENTS))
    for number in range(5):
        async with Scene(tmp_path / str(number), chance) as scene:
            for how, moment in chance.sample(typing, 8):
                await type_and_kill(scene, how, moment)
            for act in (send_and_kill, order_and_kill, quit_and_kill):
                for how in chance.sample(list(KILLS), 4):
                    await act(scene, how)
