"""Programs that aren't ours, started for a test and gone with it."""

from __future__ import annotations

import random
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

_PORTS = range(20_000, 30_000)
"""Below those that systems hand out by themselves, so that no other test is given one meanwhile."""


def missing(*programs: str) -> list[str]:
    """Which of these this machine lacks."""
    return [program for program in (*programs, "setpriv") if not shutil.which(program)]


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at."""
    with ExitStack() as held:
        found: list[int] = []
        while len(found) < count:
            one = held.enter_context(socket.socket())
            port = random.choice(_PORTS)
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
        return found


def listens(port: int) -> bool:
    """Whether somebody takes connections at a port of this machine."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(
    command: Sequence[str], folder: Path, log: Path, *, end: str = "KILL"
) -> Iterator[subprocess.Popen[bytes]]:
    """A program whose output goes to a file. It is killed at the end, also where the test run itself is. end:
    by which signal; one that has processes of its own ends them when it gets TERM."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", end, "--", *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.Signals[f"SIG{end}"])
        process.wait()
