"""Whatever a connection sends or doesn't take, the server keeps little of it: four megabytes at most."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncssh
import pytest
from asyncssh.packet import Boolean, String, UInt32

from tests.ssh import Server, Sitting, at_terminal, authorize, connected, serving, sit
from tests.waiting import until
from tui.serving.ssh_bounds import bound

MOST = 4 << 20
KEYS: dict[str, asyncssh.SSHKey] = {}
KEXINIT, GLOBAL_REQUEST, CHANNEL_DATA = 20, 80, 94


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("memory")
    KEYS.update(authorize(folder, maria="owner"))
    people = str(folder / "people.keys")
    with serving(folder, "--authorized-keys", people, database=str(folder / "textmeter.db")) as server:
        yield server


def memory(server: Server, what: str = "VmRSS") -> int:
    """Bytes of the server's own process, without its sessions'; what: "VmHWM" is the most there ever were."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition(f"{what}:")[2].split()[0]) << 10


def forget_the_most(server: Server) -> None:
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")


@contextlib.asynccontextmanager
async def little_kept(server: Server) -> AsyncIterator[asyncssh.SSHClientConnection]:
    """A connection, while which goes on the server's memory may not grow by more than it should."""
    async with connected(server.port, KEYS["maria"]) as first:
        await first.run("segments once")  # after which the server has imported all that it needs
    forget_the_most(server)
    before = memory(server)
    async with connected(server.port, KEYS["maria"]) as connection:
        yield connection
    await until(lambda: not server.sessions)
    assert memory(server, "VmHWM") - before <= MOST


async def refused(server: Server, connection: asyncssh.SSHClientConnection, send: Callable[[], None]) -> None:
    """Sends and sends until the server has had enough."""
    before = server.log.count("refused why=flood")
    while server.log.count("refused why=flood") == before:
        if connection._transport is not None and not connection._transport.is_closing():
            for _ in range(200):
                send()
        await asyncio.sleep(0.01)
    connection.abort()


@pytest.mark.parametrize("size", [16, 1_000, 32_768])
async def test_what_a_session_is_too_slow_to_read_waits_at_the_client(server: Server, size: int) -> None:
    async with little_kept(server) as connection:
        sessions = [await at_terminal(connection, "segments -") for _ in range(4)]
        await until(lambda: len(server.sessions) == 4)
        for pid in server.sessions:
            os.kill(pid, signal.SIGSTOP)
        try:
            for session in sessions:
                for _ in range((1 << 18) // size):
                    session.channel.write(b"x" * size)
            await until(lambda: all(session.channel._send_window == 0 for session in sessions))
            for pid in server.sessions:  # each reads a little now and then
                for _ in range(5):
                    os.kill(pid, signal.SIGCONT)
                    os.kill(pid, signal.SIGSTOP)
        finally:
            for pid in server.sessions:
                os.kill(pid, signal.SIGCONT)


async def test_all_of_a_long_paste_arrives(server: Server) -> None:
    async with little_kept(server) as connection:
        session = await sit(connection, "segments --jsonl", kind=Sitting, size=None)
        line = b'"' + b"x" * 998 + b'"\n'
        for _ in range(50):
            for _ in range(200):
                session.channel.write(line)
            await asyncio.sleep(0)
        session.channel.write_eof()
        assert await session.end() == 0
        assert session.output.count(b"\n") == 10_000


@pytest.mark.parametrize(
    ("unsent", "unread", "put_off", "cut"),
    [
        (0, 0, 0, False),
        (200_000, 300_000, 100, False),
        (1_000_000, 0, 0, True),
        (0, 1_500_000, 0, True),
        (0, 0, 2_000, True),
    ],
)
def test_who_asks_and_never_takes_the_answers_is_cut_off(
    unsent: int, unread: int, put_off: int, cut: bool
) -> None:
    connection: Any = SimpleNamespace(
        data_received=lambda *_: None,
        _send_kexinit=None,
        _send_deferred_packets=None,
        _inpbuf=bytes(unread),
        _deferred_packets=[None] * put_off,
        _transport=SimpleNamespace(get_write_buffer_size=lambda: unsent),
    )
    cuts: list[bool] = []
    bound(connection, lambda what, waits: None, lambda: cuts.append(True))
    connection.data_received(b"x")
    assert bool(cuts) is cut


async def test_who_asks_for_new_keys_and_never_takes_them_is_cut_off(server: Server) -> None:
    async with little_kept(server) as connection:
        ask_for_new_keys(connection)
        keepalive = String(b"keepalive@openssh.com"), Boolean(True)
        await refused(server, connection, lambda: send_anyway(connection, GLOBAL_REQUEST, *keepalive))


async def test_a_session_waits_for_a_client_that_never_takes_new_keys(server: Server) -> None:
    async with little_kept(server) as connection:
        session = await sit(connection, "segments --jsonl", kind=Sitting, size=None)
        ask_for_new_keys(connection)
        channel = session.channel._send_chan
        assert channel is not None
        lines = (b'"' + b"[" * 12 + b'"\n') * 2_000
        for _ in range(400):
            if session.channel._send_window < len(lines):
                await asyncio.sleep(0.01)
                continue
            session.channel._send_window -= len(lines)
            send_anyway(connection, CHANNEL_DATA, UInt32(channel), String(lines))
            await asyncio.sleep(0)
        connection.abort()


def ask_for_new_keys(connection: asyncssh.SSHClientConnection) -> None:
    """Asks for them, and takes no notice of the answer."""

    async def none(*_: object) -> None:
        pass

    connection._packet_handlers = {**connection._packet_handlers, KEXINIT: none}
    connection._send_kexinit()


def send_anyway(connection: asyncssh.SSHClientConnection, kind: int, *parts: bytes) -> None:
    """Sends a packet although new keys are due."""
    connection._kex_complete = True
    connection.send_packet(kind, *parts)
