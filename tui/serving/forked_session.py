"""A session of a server, however its visitor came: its place, the process behind it, what flows between the
two, and its end."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import shutil
import signal
import struct
import tempfile
import termios
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from store.roles import Person
from store.sentences import Sentence, sentence
from tui.serving.fd_streams import Inflow, Outflow, close_all
from tui.serving.log import SessionInfo
from tui.serving.rate_limits import NO_PLACE, STOPPING
from tui.serving.session_spec import NOT_STARTED, SessionSpec, why_ended

if TYPE_CHECKING:
    from tui.serving.fork_server import ForkServer
    from tui.serving.server import Config, Server, Session

SLOW_AFTER = 30.0
"""Seconds after which a visitor who takes nothing is cut off."""
PATIENCE = 10.0
"""Seconds that a process has to end in order, and beyond the limits that it keeps by itself."""


class ForkedSession(ABC):
    """What all sessions have in common; a subclass knows the visitor's connection."""

    browser = False
    """Whether the visitor has a browser, which opens pages."""

    def __init__(self, server: Server[Config, Session], person: Person, address: str) -> None:
        self._server = server
        self._person = person
        self._address = address
        self._loop = asyncio.get_running_loop()
        self._size = (80, 24)
        self._line: str | None = None
        self._over = False
        self._why = ""
        self._began = self._touched = time.monotonic()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._waits_for: set[str] = set()
        self._descriptors: list[int] = []
        self._outflows: list[Outflow] = []
        self._inflow: Inflow | None = None
        self._flowing = 0
        self._code: int | None = None
        self._forks: ForkServer | None = None
        self._folder = ""

    # Its visitor's connection

    @abstractmethod
    def _tell(self, says: Sentence) -> None:
        """Says something that the process can't, in the visitor's language."""

    @abstractmethod
    def _abort(self) -> None:
        """Ends the connection at once: nobody is there to read."""

    @abstractmethod
    def _exit(self, code: int) -> None:
        """Ends the connection when all is written; code: of the process."""

    @abstractmethod
    def _passed_on(self, size: int) -> None:
        """The process has taken so many bytes of what the visitor sent."""

    @abstractmethod
    def _connect(self) -> list[int]:
        """Makes what the process reads and writes, with `_descriptors`, `_inflow` and `_outflows` at our end;
        the descriptors at its end, which it gets. Raises OSError, and has made nothing then."""

    # Its process

    async def _start(self, terminal: Mapping[str, str], shown: str, key: str = "") -> None:
        """terminal: variables of the visitor's; shown, key: how the log tells of the terminal, and of the key
        that signed in."""
        server, limits = self._server, self._server.config.limits
        if server.stops:
            return self._turn_away("stopping", STOPPING)
        if not server.places.take(self._address):
            return self._turn_away("sessions", NO_PLACE)
        self._told = SessionInfo(
            server.next_number(),
            self._person.name,
            self._person.role,
            self._address,
            key,
            shown,
            self._line or "",
        )
        server.sessions.add(self)
        server.log.began(self._told)
        try:
            self._forks = await server.fork_server()
            if self._why:  # the visitor is gone already
                return self._end(1)
            if server.config.demo:
                self._folder = tempfile.mkdtemp(prefix=f"{self._told.number}-", dir=server.runtime.folder)
            spec = SessionSpec(
                database=str(server.runtime.template) if server.config.demo else server.config.database,
                person=self._person,
                folder=self._folder,
                line=self._line,
                terminal=terminal,
                idle=limits.idle,
                longest=limits.longest,
                browser=self.browser,
            )
            given = self._connect()
            try:
                self._number = self._forks.start(spec, given, self._process_ended)
            finally:
                close_all(*given)
        except OSError as error:
            server.log.says(f"session={self._told.number} could not be started: {error}")
            return self._not_started()
        self._flowing = len(self._outflows)
        if self._waits_for:
            for outflow in self._outflows:
                outflow.pause()
        return self._watch()

    def _turn_away(self, why: str, says: Sentence) -> None:
        self._server.log.refused(why, self._address)
        self._over = True
        self._tell(says)
        self._exit(1)
        self._leave()

    def _not_started(self) -> None:
        self._code = NOT_STARTED  # there is nothing to send signals to
        self._why = self._why or "not-started"
        self._tell(sentence("Couldn't start your session. Nothing was changed. Try again later."))
        self._end(NOT_STARTED)

    def _open_terminal(self, data: Callable[[bytes], None]) -> int:
        """Makes a terminal. data: gets what is written to it; the process's end of it."""
        ours, theirs = pty.openpty()
        self._descriptors = [ours]
        self._resize(self._size)
        self._outflows = [Outflow(ours, data, self._flow_ended)]
        return theirs

    def _resize(self, size: tuple[int, int]) -> None:
        """size: columns and rows, within bounds."""
        self._size = size
        if self._descriptors:
            columns, rows = size
            fcntl.ioctl(self._descriptors[0], termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _signal(self, which: signal.Signals) -> None:
        if self._forks is not None and self._code is None:
            self._forks.signal(self._number, which)

    def dismiss(self) -> None:
        """The server is about to stop: the person is told, and the session ends in order."""
        self._why = self._why or "stopped"
        self._signal(signal.SIGTERM)

    # What flows

    def wait(self, what: str, waits: bool) -> None:
        """Has the process wait as long as the visitor takes nothing, and not for ever. what: it is that isn't
        ready, such as the network."""
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
        self._abort()
        self._hang_up()

    def _hang_up(self) -> None:
        """Nobody is at the other end any more: the process gets a moment to keep what was typed."""
        self._close_flows()
        self._flowing = 0
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
        self._close_flows()
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
        self._exit(code)
        self._leave()

    def _close_flows(self) -> None:
        for flow in (*self._outflows, self._inflow):
            if flow is not None:
                flow.close()
        close_all(*self._descriptors)
        self._descriptors = []

    def _leave(self) -> None:
        for name in list(self._timers):
            self._call_off(name)

    def _after(self, seconds: float, name: str, act: Callable[..., None], *arguments: object) -> None:
        """Does something later, unless it is called off, or put off, by its name."""
        self._call_off(name)
        self._timers[name] = self._loop.call_later(seconds, act, *arguments)

    def _call_off(self, name: str) -> None:
        if timer := self._timers.pop(name, None):
            timer.cancel()


def pipes(count: int) -> list[tuple[int, int]]:
    """So many pipes, or none of them. Raises OSError."""
    made: list[tuple[int, int]] = []
    try:
        for _ in range(count):
            made.append(os.pipe())  # noqa: PERF401 - those made before one can't be are to be closed
    except OSError:
        close_all(*(end for pipe in made for end in pipe))
        raise
    return made
