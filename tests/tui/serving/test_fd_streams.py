"""Streams of sessions share the numbers of descriptors: what is over touches none that has its number now."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.serving.clients import connected
from tests.tui.serving.conftest import Serving
from tests.waiting import until
from tui.serving.fd_streams import Inflow, Outflow, close_all
from tui.serving.ssh_session import SSHSession

Pipe = tuple[int, int]


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    ends = os.pipe()
    yield ends
    close_all(*ends)


async def test_an_outflow_that_is_over_lets_others_read(pipe: Pipe) -> None:
    reads, writes = pipe
    over = Outflow(reads, lambda data: None, lambda: None)
    over.close()
    read: list[bytes] = []
    Outflow(reads, read.append, lambda: None)  # another session's, of the same number
    over.pause()
    os.write(writes, b"heard")
    await until(lambda: read == [b"heard"])


async def test_an_inflow_that_is_over_lets_others_write(pipe: Pipe) -> None:
    reads, writes = pipe
    closed: list[bool] = []
    over = Inflow(writes, lambda size: None)
    over.end(lambda: closed.append(True))
    assert closed == [True]
    much = os.urandom(1 << 20)
    Inflow(writes, lambda size: None).write(much)  # another session's, of the same number
    over.close()
    over.end(lambda: closed.append(False))
    os.set_blocking(reads, False)
    read = bytearray()

    def arrived() -> bool:
        with contextlib.suppress(BlockingIOError):
            read.extend(os.read(reads, 1 << 16))
        return len(read) == len(much)

    await until(arrived)
    assert read == much
    assert closed == [True]


async def test_what_is_written_arrives_in_order_and_whole_before_the_end(pipe: Pipe) -> None:
    reads, writes = pipe
    passed_on: list[int] = []
    flow = Inflow(writes, passed_on.append)
    for _ in range(20):
        flow.write(b"x" * 50_000)
    flow.end(lambda: os.close(writes))
    flow.write(b"too late")
    read = await asyncio.to_thread(lambda: b"".join(iter(lambda: os.read(reads, 1 << 16), b"")))
    assert read == b"x" * 1_000_000
    assert sum(passed_on) == len(read)


async def test_the_end_may_come_as_soon_as_there_is_room_again(pipe: Pipe) -> None:
    reads, writes = pipe
    ended: list[bool] = []

    def end() -> None:
        ended.append(True)
        close_all(writes)

    flow = Inflow(writes, lambda size: flow.end(end))
    flow.write(b"x" * 1_000_000)
    await asyncio.to_thread(lambda: [*iter(lambda: os.read(reads, 1 << 16), b"")])
    assert ended == [True]


async def test_what_comes_as_soon_as_there_is_room_again_is_written_before_the_end(pipe: Pipe) -> None:
    reads, writes = pipe
    later = [b"y" * 900_000]

    def more(size: int) -> None:
        if later and not flow._waiting:
            flow.write(later.pop())  # may be read while it is written, and then there is room at once
            flow.end(lambda: close_all(writes))

    size = fcntl.fcntl(writes, fcntl.F_SETPIPE_SZ, 1 << 20)
    os.write(writes, b"." * size)
    flow = Inflow(writes, more)
    flow.write(b"x" * 600_000)
    assert len(os.read(reads, size)) == size  # there is room for all of it, but not for what comes then
    read = await asyncio.to_thread(lambda: b"".join(iter(lambda: os.read(reads, 1 << 16), b"")))
    assert read == b"x" * 600_000 + b"y" * 900_000


async def test_whoever_no_longer_reads_is_written_to_in_vain(pipe: Pipe) -> None:
    reads, writes = pipe
    flow = Inflow(writes, lambda size: None)
    os.close(reads)
    flow.write(b"lost")
    closed: list[bool] = []
    flow.end(lambda: closed.append(True))
    assert closed == [True]


@pytest.mark.parametrize("on_a_terminal", [False, True])
async def test_a_session_that_is_over_touches_no_other(serving: Serving, on_a_terminal: bool) -> None:
    sessions: set[SSHSession] = set()
    async with connected(serving, "vera") as connection:
        terminal = {"term_type": "xterm"} if on_a_terminal else {}
        async with connection.create_process("segments -", **terminal) as process:
            await until(lambda: [session for session in serving.server.sessions if session._inflow])
            sessions |= serving.server.sessions
            number = next(iter(sessions))._descriptors[0]
            process.terminate()
            await until(lambda: not serving.server.sessions)
    mine = os.open(os.devnull, os.O_RDONLY)
    try:
        os.dup2(mine, number)  # whose number it is now
        for session in sessions:

            async def late(session: SSHSession = session) -> None:
                session.eof_received()
                session.terminal_size_changed(100, 30, 0, 0)
                session.pause_writing()
                session.resume_writing()

            serving.call(late())
        assert os.fstat(number).st_rdev == Path(os.devnull).stat().st_rdev
    finally:
        close_all(mine, number)
