"""A session of an SSH connection: its terminal or its streams."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import asyncssh

from store.roles import Person
from store.sentences import Sentence
from tui.i18n.language import Language, requested
from tui.serving.fd_streams import Inflow, Outflow, close_all
from tui.serving.forked_session import ForkedSession, pipes
from tui.serving.session_spec import Variables, clamped, harmless, seen_code

if TYPE_CHECKING:
    from tui.serving.server import Config, Server, Session
    from tui.serving.ssh_bounds import Channel

START_WITHIN = 10.0
"""Seconds within which an opened session must say what it is for."""
SIGNALS = {"INT": signal.SIGINT, "TERM": signal.SIGTERM, "HUP": signal.SIGHUP}


class SSHSession(ForkedSession, asyncssh.SSHServerSession[bytes]):
    """key: the fingerprint of the one that signed in. gone: called with it when it is over."""

    def __init__(
        self,
        server: Server[Config, Session],
        person: Person,
        address: str,
        key: str,
        gone: Callable[[SSHSession], None],
    ) -> None:
        super().__init__(server, person, address)
        self._key = key
        self._gone = gone
        self._terminal = ""
        self._started = False
        self._early = bytearray()
        self._at_eof = False

    # What the client asks for

    def connection_made(self, chan: Channel) -> None:  # type: ignore[override] # it gets the one that we made
        self._channel = chan
        chan._env = Variables()
        self._after(START_WITHIN, "start", self._forget)

    def _forget(self) -> None:
        self._channel.abort()
        self._leave()

    def pty_requested(
        self, term_type: str, term_size: tuple[int, int, int, int], term_modes: Mapping[int, int]
    ) -> bool:
        if self._started:
            return False
        self._terminal = harmless({"TERM": term_type}).get("TERM", "xterm-256color")
        self._size = clamped(*term_size[:2])
        return True

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        if self._terminal:
            self._resize(clamped(width, height))

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._line = command
        return True

    def session_started(self) -> None:
        self._started = True
        self._call_off("start")
        variables = harmless(self._channel.get_environment())
        shown = ""
        if self._terminal:
            variables |= {"TERM": self._terminal}
            shown = f"{self._terminal} {self._size[0]}x{self._size[1]}"
        elif self._line is None:
            self._line = ""
        self._task = self._loop.create_task(self._start(variables, shown, self._key))

    def signal_received(self, signal: str) -> None:
        if signal in SIGNALS:
            self._signal(SIGNALS[signal])

    # Its process

    def _tell(self, says: Sentence) -> None:
        language = Language(requested(harmless(self._channel.get_environment())))
        self._write(f"{language.say(says)}\r\n".encode(), asyncssh.EXTENDED_DATA_STDERR)

    def _connect(self) -> list[int]:
        if self._terminal:
            given = [self._open_terminal(self._write)]
            self._inflow = Inflow(self._descriptors[0], self._passed_on)
        else:
            (stdin, into), (out, stdout), (errors, stderr) = pipes(3)
            self._descriptors, given = [into, out, errors], [stdin, stdout, stderr]
            self._inflow = Inflow(into, self._passed_on)
            to_stderr = partial(self._write, to=asyncssh.EXTENDED_DATA_STDERR)
            self._outflows = [
                Outflow(out, self._write, self._flow_ended),
                Outflow(errors, to_stderr, self._flow_ended),
            ]
        self._inflow.write(self._early)
        self._early.clear()
        if self._at_eof:
            self.eof_received()
        return given

    # What flows

    def _passed_on(self, size: int) -> None:
        self._channel.passed_on(size)

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        self._touched = time.monotonic()
        if self._inflow is not None:
            self._inflow.write(data)
        else:  # until there is a process to read it
            self._early += data

    def eof_received(self) -> bool:
        self._at_eof = True
        if self._inflow is not None and not self._terminal:
            self._inflow.end(self._close_input)
        return True

    def _close_input(self) -> None:
        close_all(self._descriptors.pop(0))

    def _write(self, data: bytes, to: Any = None) -> None:
        if not self._terminal:
            self._touched = time.monotonic()
        with contextlib.suppress(OSError):  # it is closed already
            self._channel.write(data, to)

    def pause_writing(self) -> None:
        self.wait("window", True)

    def resume_writing(self) -> None:
        self.wait("window", False)

    # Its end

    def _abort(self) -> None:
        self._channel.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._started or self._over:
            self._leave()
            return
        self._why = self._why or "left"
        self._hang_up()

    def _exit(self, code: int) -> None:
        self._channel.exit(seen_code(code))

    def _leave(self) -> None:
        super()._leave()
        self._gone(self)
