"""A program in a pseudo terminal, keys typed into it, and how long the terminal takes to hear the last of
each answer.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import NamedTuple

from tests.waiting import wait_until

QUIET = 0.06
"""Seconds without output after which an answer counts as complete; not part of what is measured."""

# What a present-day terminal answers when it is asked for synchronized output: known, and off.
_ANSWERS = {b"\x1b[?2026$p": b"\x1b[?2026;2$y"}


class Answer(NamedTuple):
    """seconds: from the key to the last byte of the answer; size: its bytes."""

    seconds: float
    size: int
    output: bytes


class TypingSession:
    """A child process whose terminal this is, as a context manager."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], columns: int, rows: int
    ) -> None:
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            try:
                os.execvpe(command[0], list(command), dict(environment))
            finally:
                os._exit(127)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self) -> TypingSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._terminal)

    def settle(self, quiet: float = 1.0, longest: float = 20.0) -> bytes:
        """Reads until nothing has come for `quiet` seconds."""
        return self._read(quiet, longest).output

    def wait_for(self, expected: str) -> None:
        """Reads until the output holds a text."""
        seen = bytearray()

        def came() -> bool:
            seen.extend(self._read(0.05, 1.0).output)
            return expected.encode() in seen

        wait_until(came, lambda: f"{expected!r}, in place of {bytes(seen[-2000:])!r},")

    def press(self, key: bytes) -> Answer:
        """Types a key and reads the answer."""
        os.write(self._terminal, key)
        return self._read(QUIET, 5.0)

    def until(self, keys: bytes, came: Callable[[bytes], bool], longest: float = 60.0) -> float:
        """Types keys and hands on what is answered, until that was what one waits for: the seconds from the
        last key."""
        os.write(self._terminal, keys)
        start = time.perf_counter()
        while time.perf_counter() - start < longest:
            if came(self._read(0, 0.005).output):
                return time.perf_counter() - start
        raise AssertionError(f"it didn't come within {longest} seconds")

    def _read(self, quiet: float, longest: float) -> Answer:
        start = last = time.perf_counter()
        output = b""
        while time.perf_counter() - start < longest:
            # The answer may take a while to begin, but once it has begun, silence ends it.
            patience = quiet if output else max(quiet, 0.5)
            if not select.select([self._terminal], [], [], patience)[0]:
                break
            chunk = os.read(self._terminal, 1 << 16)
            last = time.perf_counter()
            output += chunk
            for question, answer in _ANSWERS.items():
                if question in chunk:
                    os.write(self._terminal, answer)
        return Answer(last - start, len(output), output)
