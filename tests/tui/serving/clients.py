"""Those who come to the server: asyncssh's client, and OpenSSH's on a terminal whose screen can be read."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any, cast

import asyncssh
import pytest

from tests.tui.serving.conftest import Serving
from tests.tui.serving.painted import Painted

WAITS = "segments -"
"""A command that goes on until its input ends."""

needs_ssh = pytest.mark.skipif(shutil.which("ssh") is None, reason="needs OpenSSH's client, `ssh`")

# Makes the terminal at its standard input its own, as a shell does for what it starts.
_AT_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""


def ssh(serving: Serving, name: str | None, *arguments: str, options: tuple[str, ...] = ()) -> list[str]:
    """The command line of OpenSSH's client: who, with which options before the host and what after it. name
    None: somebody without a key."""
    settings = [
        f"UserKnownHostsFile={serving.known_hosts}",
        "GlobalKnownHostsFile=/dev/null",
        "StrictHostKeyChecking=yes",
        "IdentityAgent=none",
        "IdentitiesOnly=yes",
        "BatchMode=yes",
        f"IdentityFile={serving.key_file(name) if name else '/dev/null'}",
    ]
    given = [word for setting in settings for word in ("-o", setting)]
    return ["ssh", "-F", "none", *given, "-p", str(serving.port), *options, "visitor@127.0.0.1", *arguments]


@contextlib.asynccontextmanager
async def connected(
    serving: Serving, name: str | None = None, **options: Any
) -> AsyncIterator[asyncssh.SSHClientConnection]:
    """A connection of asyncssh's client."""
    options.setdefault("client_keys", [serving.keys[name]] if name else None)
    async with asyncssh.connect(
        "127.0.0.1",
        serving.port,
        known_hosts=str(serving.known_hosts),
        username="visitor",
        agent_path=None,
        config=None,
        **options,
    ) as connection:
        yield connection


async def run(
    serving: Serving, name: str | None, command: str, **options: Any
) -> asyncssh.SSHCompletedProcess:
    """Runs one command and says how it ended."""
    async with connected(serving, name) as connection:
        return await connection.run(command, **options)


class Sitting(asyncssh.SSHClientSession[bytes]):
    """A client's end of a session, and what came out of it."""

    def __init__(self) -> None:
        self.output, self.errors = bytearray(), bytearray()
        self.over = asyncio.Event()

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        (self.errors if datatype else self.output).extend(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.over.set()


Seat = tuple[Sitting, asyncssh.SSHClientChannel[bytes]]


async def sit(connection: asyncssh.SSHClientConnection, command: str | None = None, **about: Any) -> Seat:
    """Begins a session; on a terminal, unless there is a command."""
    if command is None:
        about = {"term_type": "xterm-256color", "term_size": (80, 24)} | about
    channel, session = await connection.create_session(Sitting, command, encoding=None, **about)
    return cast("Sitting", session), channel


@contextlib.asynccontextmanager
async def sitting(
    serving: Serving, name: str | None = "maria", command: str | None = None, **about: Any
) -> AsyncIterator[Seat]:
    """A session of a connection of its own."""
    async with connected(serving, name) as connection:
        yield await sit(connection, command, **about)


def screen(output: bytes, columns: int = 80, rows: int = 24) -> str:
    """What a terminal of that size shows after this output: its lines, without colours."""
    painted = Painted()
    painted.feed(output)
    return "\n".join(line[:columns].rstrip() for line in [*painted.lines, *[""] * rows][:rows])


class Terminal:
    """A program on a terminal of its own, as a context manager; it is killed at the end. output: all that it
    has written since it was started or its terminal resized."""

    def __init__(self, command: list[str], **variables: str) -> None:
        self._ours, self.theirs = pty.openpty()
        self.size = (80, 24)
        self.output = b""
        self._set_size()
        self.before = termios.tcgetattr(self.theirs)
        self.process = subprocess.Popen(
            [sys.executable, "-ISc", _AT_TERMINAL, *command],
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
            start_new_session=True,
            env={**os.environ, **variables},
        )

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)
        os.close(self.theirs)

    def _set_size(self) -> None:
        columns, rows = self.size
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        self.size, self.output = (columns, rows), b""
        self._set_size()

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    @property
    def shown(self) -> str:
        return screen(self.output, *self.size)

    def until(self, holds: Callable[[], object], within: float = 30) -> None:
        """Reads on until something holds."""
        until = time.monotonic() + within
        while not holds():
            assert time.monotonic() < until, self.shown
            self._read(0.02)

    def until_shown(self, *words: str) -> None:
        self.until(lambda: all(word in self.shown for word in words))

    def _read(self, seconds: float) -> None:
        while select.select([self._ours], [], [], seconds)[0]:
            self.output += os.read(self._ours, 1 << 16)
            seconds = 0

    def exit_code(self) -> int:
        """Waits until the program has ended, and reads what it wrote last."""
        self.until(lambda: self.process.poll() is not None)
        self._read(0)
        return self.process.returncode

    def send_signal(self, which: signal.Signals) -> None:
        self.process.send_signal(which)
