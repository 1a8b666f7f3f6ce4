"""A session of an SSH connection: its terminal or its streams, the process behind them, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import shutil
import signal
import struct
import tempfile
import termios
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import asyncssh

from store.roles import Person
from store.sentences import Sentence, sentence
from tui.i18n.language import Language, requested
from tui.serving.fd_streams import Inflow, Outflow, close_all
from tui.serving.log import SessionInfo
from tui.serving.rate_limits import NO_PLACE, STOPPING
from tui.serving.session_spec import (
    NOT_STARTED,
    SessionSpec,
    Variables,
    clamped,
    harmless,
    seen_code,
    why_ended,
)

if TYPE_CHECKING:
    from tui.serving.fork_server import ForkServer
    from tui.serving.server import Config, Server, Session
    from tui.serving.ssh_bounds import Channel

START_WITHIN = 10.0
"""Seconds within which an opened session must say what it is for."""
SLOW_AFTER = 30.0
"""Seconds after which a client that takes nothing is cut off."""
PATIENCE = 10.0
"""Seconds that a process has to end in order, and beyond the limits that it keeps by itself."""
SIGNALS = {"INT": signal.SIGINT, "TERM": signal.SIGTERM, "HUP": signal.SIGHUP}


class SSHSession(asyncssh.SSHServerSession[bytes]):
    """fork_server: gives the process that starts sessions. gone: called with it when it is over."""

    def __init__(
        self,
        server: Server[Config, Session],
        fork_server: Callable[[], Awaitable[ForkServer]],
        person: Person,
        address: str,
        key: str,
        gone: Callable[[SSHSession], None],
    ) -> None:
        self._server = server
        self._fork_server = fork_server
        self._person = person
        self._address = address
        self._key = key
        self._gone = gone
        self._loop = asyncio.get_running_loop()
        self._terminal = ""
        self._size = (80, 24)
        self._line: str | None = None
        self._started = False
        self._over = False
        self._why = ""
        self._began = self._touched = time.monotonic()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._waits_for: set[str] = set()
        self._descriptors: list[int] = []
        self._outflows: list[Outflow] = []
        self._inflow: Inflow | None = None
        self._early = bytearray()
        self._at_eof = False
        self._flowing = 0
        self._code: int | None = None
        self._forks: ForkServer | None = None
        self._folder = ""

    # What the client asks for

    def connection_made(self, chan: Channel) -> None:  # type: ignore[override] # it gets the one that we made
        self._channel = chan
        chan._env = Variables()
        self._after(START_WITHIN, "start", self._forget)

    def _forget(self) -> None:
        self._channel.abort()
        self._leave()

    def _after(self, seconds: float, name: str, act: Callable[..., None], *arguments: object) -> None:
        """Does something later, unless it is called off, or put off, by its name."""
        self._call_off(name)
        self._timers[name] = self._loop.call_later(seconds, act, *arguments)

    def _call_off(self, name: str) -> None:
        if timer := self._timers.pop(name, None):
            timer.cancel()

    def pty_requested(
        self, term_type: str, term_size: tuple[int, int, int, int], term_modes: Mapping[int, int]
    ) -> bool:
        if self._started:
            return False
        self._terminal = harmless({"TERM": term_type}).get("TERM", "xterm-256color")
        self._size = clamped(*term_size[:2])
        return True

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        self._size = clamped(width, height)
        if self._terminal and self._descriptors:
            _resize(self._descriptors[0], self._size)

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._line = command
        return True

    def session_started(self) -> None:
        self._started = True
        self._call_off("start")
        self._task = self._loop.create_task(self._start())

    def signal_received(self, signal: str) -> None:
        if signal in SIGNALS:
            self._signal(SIGNALS[signal])

    # Its process

    async def _start(self) -> None:
        server, limits = self._server, self._server.config.limits
        variables = harmless(self._channel.get_environment())
        if server.stops:
            return self._turn_away("stopping", STOPPING)
        if not server.places.take(self._address):
            return self._turn_away("sessions", NO_PLACE)
        self._told = SessionInfo(
            server.next_number(),
            self._person.name,
            self._person.role,
            self._address,
            self._key,
            f"{self._terminal} {self._size[0]}x{self._size[1]}" if self._terminal else "",
            self._line or "",
        )
        server.sessions.add(self)
        server.log.began(self._told)
        try:
            self._forks = await self._fork_server()
            if self._why:  # the client is gone already
                self._end(1)
                return None
            if server.config.demo:
                self._folder = tempfile.mkdtemp(prefix=f"{self._told.number}-", dir=server.runtime.folder)
            spec = SessionSpec(
                database=str(server.runtime.template) if server.config.demo else server.config.database,
                person=self._person,
                folder=self._folder,
                line=self._line if self._terminal else self._line or "",
                terminal=variables | ({"TERM": self._terminal} if self._terminal else {}),
                idle=limits.idle,
                longest=limits.longest,
            )
            self._number = self._open(self._forks, spec)
        except OSError as error:
            server.log.says(f"session={self._told.number} could not be started: {error}")
            self._not_started()
            return None
        self._watch()
        return None

    def _turn_away(self, why: str, says: Sentence) -> None:
        self._server.log.refused(why, self._address)
        self._over = True
        self._tell(says)
        self._channel.exit(1)
        self._leave()

    def _not_started(self) -> None:
        self._code = NOT_STARTED  # there is nothing to send signals to
        self._why = self._why or "not-started"
        self._tell(sentence("Your session could not be started. Nothing was changed. Try again in a while."))
        self._end(NOT_STARTED)

    def _tell(self, says: Sentence) -> None:
        """Says something that the process can't, in the client's language."""
        language = Language(requested(harmless(self._channel.get_environment())))
        self._write(f"{language.say(says)}\r\n".encode(), asyncssh.EXTENDED_DATA_STDERR)

    def _open(self, forks: ForkServer, spec: SessionSpec) -> int:
        if self._terminal:
            ours, theirs = pty.openpty()
            _resize(ours, self._size)
            self._descriptors, given = [ours], [theirs]
        else:
            (stdin, into), (out, stdout), (errors, stderr) = _pipes(3)
            self._descriptors, given = [into, out, errors], [stdin, stdout, stderr]
        try:
            number = forks.start(spec, given, self._process_ended)
        finally:
            close_all(*given)
        self._inflow = Inflow(self._descriptors[0], self._channel.passed_on)
        if self._terminal:
            self._outflows = [Outflow(self._descriptors[0], self._write, self._flow_ended)]
        else:
            to_stderr = partial(self._write, to=asyncssh.EXTENDED_DATA_STDERR)
            self._outflows = [
                Outflow(self._descriptors[1], self._write, self._flow_ended),
                Outflow(self._descriptors[2], to_stderr, self._flow_ended),
            ]
        self._flowing = len(self._outflows)
        if self._waits_for:
            for outflow in self._outflows:
                outflow.pause()
        self._inflow.write(self._early)
        self._early.clear()
        if self._at_eof:
            self.eof_received()
        return number

    def _signal(self, which: signal.Signals) -> None:
        if self._forks is not None and self._code is None:
            self._forks.signal(self._number, which)

    def dismiss(self) -> None:
        """The server is about to stop: the person is told, and the session ends in order."""
        self._why = self._why or "stopped"
        self._signal(signal.SIGTERM)

    # What flows

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

    def wait(self, what: str, waits: bool) -> None:
        """Has the process wait as long as the client takes nothing, and not for ever. what: it is that isn't
        ready: the channel's window, the network, or new keys."""
        waited = bool(self._waits_for)
        (self._waits_for.add if waits else self._waits_for.discard)(what)
        if bool(self._waits_for) == waited:
            return
        for outflow in self._outflows:
            if self._waits_for:
                outflow.pause()
            else:
                outflow.resume()
        if self._waits_for:
            self._after(SLOW_AFTER, "slow", self._cut, "slow")
        else:
            self._call_off("slow")

    # Its end

    def _watch(self) -> None:
        """The process keeps its limits by itself; this is for one that doesn't."""
        if self._code is not None:
            return
        ends = self._server.config.limits.end(self._began, self._touched)
        left = ends + PATIENCE - time.monotonic()
        if left <= 0:
            self._cut("overdue")
        else:
            self._after(left + 0.1, "watch", self._watch)

    def _cut(self, why: str) -> None:
        self._why = self._why or why
        self._channel.abort()
        self._hang_up()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._started or self._over:
            self._leave()
            return
        self._why = self._why or "left"
        self._hang_up()

    def _hang_up(self) -> None:
        """Nobody is at the other end any more: the process gets a moment to keep what was typed."""
        for flow in (*self._outflows, self._inflow):
            if flow is not None:
                flow.close()
        self._flowing = 0
        self._close_descriptors()
        if self._code is not None:
            self._end(self._code)
        else:
            self._signal(signal.SIGHUP)
            self._after(PATIENCE, "kill", self._signal, signal.SIGKILL)

    def _flow_ended(self) -> None:
        self._flowing -= 1
        if not self._flowing and self._code is not None:
            self._end(self._code)

    def _process_ended(self, code: int) -> None:
        self._code = code
        if code == NOT_STARTED:
            self._not_started()
        elif not self._flowing:
            self._end(code)
        elif not self._waits_for:  # what it wrote last is still to be read
            self._after(PATIENCE, "flow", self._hang_up)

    def _end(self, code: int) -> None:
        if self._over:
            return
        self._over = True
        for flow in (*self._outflows, self._inflow):
            if flow is not None:
                flow.close()
        self._close_descriptors()
        now = time.monotonic()
        why = self._why or why_ended(
            code,
            command=self._line is not None,
            was_idle=self._server.config.limits.was_idle(now - self._touched),
        )
        self._server.log.ended(self._told, now - self._began, why)
        self._server.places.give_back(self._address)
        self._server.sessions.discard(self)
        if self._folder:
            self._loop.run_in_executor(None, partial(shutil.rmtree, self._folder, ignore_errors=True))
        self._channel.exit(seen_code(code))
        self._leave()

    def _close_descriptors(self) -> None:
        close_all(*self._descriptors)
        self._descriptors = []

    def _leave(self) -> None:
        for name in list(self._timers):
            self._call_off(name)
        self._gone(self)


def _pipes(count: int) -> list[tuple[int, int]]:
    """So many pipes, or none of them. Raises OSError."""
    pipes: list[tuple[int, int]] = []
    try:
        for _ in range(count):
            pipes.append(os.pipe())  # noqa: PERF401 - those made before one can't be are to be closed
    except OSError:
        close_all(*(end for pipe in pipes for end in pipe))
        raise
    return pipes


def _resize(terminal: int, size: tuple[int, int]) -> None:
    columns, rows = size
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
