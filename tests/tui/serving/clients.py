"""Those who come to the server: asyncssh's client, and OpenSSH's on a terminal whose screen can be read."""

from __future__ import annotations

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
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any

import asyncssh
import pytest

import tests.ssh
from tests.ssh import Sitting
from tests.tui.serving.conftest import Serving
from tests.tui.serving.painted import Painted
from tests.waiting import wait_until

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


def connected(
    serving: Serving, name: str | None = None, **options: Any
) -> contextlib.AbstractAsyncContextManager[asyncssh.SSHClientConnection]:
    """Somebody's connection of asyncssh's client."""
    key = serving.keys[name] if name else None
    return tests.ssh.connected(serving.port, key, known_hosts=str(serving.known_hosts), **options)


async def run(
    serving: Serving, name: str | None, command: str, **options: Any
) -> asyncssh.SSHCompletedProcess:
    """Runs one command and says how it ended."""
    async with connected(serving, name) as connection:
        return await connection.run(command, **options)


async def sit(connection: asyncssh.SSHClientConnection, command: str | None = None, **about: Any) -> Sitting:
    """Begins a session; on a terminal of 80 by 24, unless there is a command."""
    size = None if command else (80, 24)
    return await tests.ssh.sit(connection, command, kind=Sitting, size=size, **about)


@contextlib.asynccontextmanager
async def sitting(
    serving: Serving, name: str | None = "maria", command: str | None = None, **about: Any
) -> AsyncIterator[Sitting]:
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

    def until(self, holds: Callable[[], object]) -> None:
        """Reads on until something holds."""

        def read_on() -> object:
            self._read(0.02)
            return holds()

        wait_until(read_on, lambda: f"It, in place of\n{self.shown}\n,")

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
