"""Clients that don't speak SSH, or stop in the middle: they are cut off, and everybody else goes on."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

from tests.tui.serving.clients import connected, run
from tests.tui.serving.conftest import Serving
from tests.waiting import until

VERSION = b"SSH-2.0-Someone\r\n"


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


def memory() -> int:
    """Our bytes in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def answer(serving: Serving, sent: bytes) -> bytes:
    """All that the server says to these bytes until it hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
    try:
        with contextlib.suppress(ConnectionError):
            writer.write(sent)
            await writer.drain()
            return await reader.read()
        return b""
    finally:
        writer.close()


GARBAGE = {
    "nothing like it": b"GET / HTTP/1.1\r\nHost: textmeter\r\n\r\n",
    "no line": b"\x00" * 300_000,
    "an old version": b"SSH-1.5-Old\r\n",
    "a version that is no ASCII": b"SSH-2.0-\xff\xfe\r\n",
    "a version without end": b"SSH-2.0-" + b"x" * 100_000,
    "random after the version": VERSION + bytes(range(256)) * 500,
    "a packet of four gigabytes": VERSION + b"\xff\xff\xff\xff" + b"\x00" * 100,
    "a packet of nothing": VERSION + b"\x00\x00\x00\x00" * 100,
    "a sign-in before the keys": VERSION + b"\x00\x00\x00\x0c\x0a\x32" + b"\x00" * 10,
}


@pytest.mark.parametrize("sent", GARBAGE.values(), ids=GARBAGE)
async def test_what_is_no_ssh_is_hung_up_on(
    serving: Serving, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    said = await answer(serving, sent)
    assert said == b"" or said.startswith(b"SSH-2.0-Textmeter\r\n")
    assert (await run(serving, "vera", "balance")).exit_status == 0
    assert not [record for record in caplog.records if record.name == "asyncio"]  # nor a traceback of it


@pytest.mark.parametrize("signed_in", [False, True])
async def test_garbage_among_encrypted_packets_ends_that_connection(
    serving: Serving, signed_in: bool
) -> None:
    async with connected(serving, "vera") as other:
        key = serving.keys["maria"] if signed_in else asyncssh.generate_private_key("ssh-ed25519")
        with contextlib.suppress(asyncssh.Error, OSError):
            async with connected(serving, client_keys=[key], client_factory=Spoiler) as connection:
                process = await connection.create_process("segments -")
                transport = connection._transport
                assert transport is not None
                transport.write(os.urandom(10_000))
                await process.wait_closed()
        await until(lambda: len(serving.server.clients) == 1)
        assert (await other.run("balance")).exit_status == 0


class Spoiler(asyncssh.SSHClient):
    """A client that flips bits of all that it sends once it is about to sign in."""

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        self._connection = conn

    def public_key_auth_requested(self) -> None:
        transport = self._connection._transport
        assert transport is not None
        transport.write(os.urandom(10_000))


@contextlib.contextmanager
def few_left_over(serving: Serving) -> Iterator[None]:
    gc.collect()
    before, weighed = descriptors(), memory()
    yield
    gc.collect()
    assert descriptors() <= before + 3
    assert memory() - weighed < 30_000_000


async def test_hundreds_that_say_nothing_keep_nobody_out_for_long(serving: Serving) -> None:
    serving.limit(attempts=10_000)
    assert (await run(serving, "vera", "balance")).exit_status == 0
    with few_left_over(serving):
        silent = [await asyncio.open_connection("127.0.0.1", serving.port) for _ in range(300)]
        too_many = {"server": "ssh", "why": "connections"}
        counters = serving.server.log.registry
        await until(lambda: counters.get_sample_value("textmeter_refused_total", too_many))
        await until(lambda: len(serving.server.clients) <= 250)
        for _, writer in silent:
            writer.transport.abort()
        await until(lambda: not serving.server.clients)
        assert (await run(serving, "vera", "balance")).exit_status == 0
        await until(lambda: not serving.left_over)
        await asyncio.gather(*(writer.wait_closed() for _, writer in silent), return_exceptions=True)


async def test_floods_of_what_is_refused_leave_nothing(serving: Serving) -> None:
    async with connected(serving, "vera") as connection:
        for _ in range(2_000):
            connection.send_packet(80, asyncssh.packet.String(b"tcpip-forward"), b"\x00" * 9)
            connection.send_packet(2, asyncssh.packet.String(b"x" * 1000))  # to be ignored
        assert (await connection.run("balance")).exit_status == 0
