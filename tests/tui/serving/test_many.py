"""Many who come and go, in every way there is: afterwards nothing is left of them."""

from __future__ import annotations

import gc
import os

import asyncssh
import pytest

from tests.processes import below
from tests.ssh import Sitting
from tests.tui.serving.clients import connected, sit
from tests.tui.serving.conftest import Serving, open_here
from tests.waiting import until

QUIT = b"\x11"


async def quits(connection: asyncssh.SSHClientConnection) -> None:
    session = await on_a_terminal(connection)
    session.channel.write(QUIT)
    await session.over.wait()


async def closes(connection: asyncssh.SSHClientConnection) -> None:
    await on_a_terminal(connection)


async def vanishes(connection: asyncssh.SSHClientConnection) -> None:
    await on_a_terminal(connection)
    connection.abort()


async def runs_a_command(connection: asyncssh.SSHClientConnection) -> None:
    assert (await connection.run("balance --json")).exit_status == 0


async def vanishes_at_once(connection: asyncssh.SSHClientConnection) -> None:
    await sit(connection)
    connection.abort()


async def asks_for_nothing(connection: asyncssh.SSHClientConnection) -> None:
    pass


WAYS = (quits, closes, vanishes, runs_a_command, vanishes_at_once, asks_for_nothing)


async def on_a_terminal(connection: asyncssh.SSHClientConnection) -> Sitting:
    session = await sit(connection)
    await until(lambda: b"credits left" in session.output or session.over.is_set())
    return session


@pytest.mark.parametrize("times", [24, pytest.param(1_000, marks=pytest.mark.long)])
async def test_whoever_comes_and_goes_leaves_nothing(serving: Serving, times: int) -> None:
    serving.serve_a_demo()
    serving.limit(attempts=100_000)
    forks = serving.server.forks._process.pid
    folder = serving.server.runtime.folder

    async def come(count: int) -> None:
        for number in range(count):
            async with connected(serving) as connection:
                await WAYS[number % len(WAYS)](connection)

    def gone() -> bool:
        return not serving.left_over

    await come(len(WAYS))
    await until(gone)
    gc.collect()
    before = open_here(os.getpid()), open_here(forks), below(os.getpid()), sorted(folder.iterdir())
    await come(times)
    await until(gone)
    gc.collect()
    assert (open_here(os.getpid()), open_here(forks), below(os.getpid()), sorted(folder.iterdir())) == before
    ended = serving.server.log.registry.get_sample_value("textmeter_sessions", {"server": "ssh"})
    assert ended == 0
