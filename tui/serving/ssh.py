"""The SSH server: who comes in, as whom, and how much of it there is. No shell, no forwarding, no files.

A connection is a `_Door`, a session on it a `Room` (see `tui.serving.rooms`), which runs in a process of its
own. This process only carries bytes.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from store.errors import WrongUsage
from store.roles import LOCAL, Person
from tui.serving.authorized_keys import AuthorizedKeys, host_key
from tui.serving.fork_server import ForkServer
from tui.serving.log import Journal
from tui.serving.rate_limits import Buckets, Limits, Places
from tui.serving.server import Runtime, listening_on, open_once, until_empty
from tui.serving.ssh_session import Room

SIGN_IN_WITHIN = 20
"""Seconds from the first byte until somebody is signed in."""
KEEPALIVE = 15
KEEPALIVES = 3
"""After so many questions, so many seconds apart, that a client doesn't answer, it is gone."""
CHANNELS = 4
"""Sessions of one connection at once; further ones are refused."""
MOST_CHANNELS = 100
"""Sessions that a connection may ask for in all; then it is closed."""
EMPTY_FOR = 60.0
"""Seconds that somebody may be signed in without a session; connections are places too."""


@dataclass(frozen=True, slots=True)
class Config:
    """host, port: where it listens; 0 is any free port. host_key: the file of its key. database: a path or
    URL, of no meaning to a demo. demo: whether each visitor gets invented data of their own.
    authorized_keys: who may come in; None: in a demo whoever has a key. anonymous: whether a demo asks for no
    key. counters: the port of the counters on loopback, None for none."""

    host: str
    port: int
    host_key: Path
    database: str
    demo: bool
    authorized_keys: Path | None
    anonymous: bool
    limits: Limits
    counters: int | None = None


class Server:
    """An SSH server, from `start` to `stop`."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.journal = Journal("ssh")
        self.places = Places(config.limits.sessions, config.limits.sessions_by_address)
        self.attempts = Buckets(config.limits.attempts)
        self.people = AuthorizedKeys(config.authorized_keys) if config.authorized_keys else None
        self.runtime = Runtime.make()
        self.rooms: set[Room] = set()
        self.doors: set[_Door] = set()
        self.stops = False
        self._numbers = 0
        self._starting = asyncio.Lock()
        self._listener: asyncssh.SSHAcceptor | None = None
        self.counters: int | None = None

    async def start(self) -> None:
        """Returns when people can come in. Raises TextmeterError."""
        config = self.config
        if self.people:
            self.people.check()
        key = host_key(config.host_key)
        if config.demo:
            await asyncio.to_thread(self.runtime.make_demo)
        else:
            await asyncio.to_thread(open_once, config.database)
        self.forks = ForkServer(self.runtime.folder)
        await self.forks.ready()
        if config.counters is not None:
            with listening_on("127.0.0.1", config.counters, "--metrics"):
                self.counters = self.journal.serve_counters(config.counters)
        with listening_on(config.host, config.port, "--port"):
            self._listener = await asyncssh.listen(
                config.host,
                config.port,
                server_host_keys=[key],
                server_factory=lambda: _Door(self),
                login_timeout=SIGN_IN_WITHIN,
                keepalive_interval=KEEPALIVE,
                keepalive_count_max=KEEPALIVES,
                encoding=None,
                line_editor=False,
                allow_scp=False,
                agent_forwarding=False,
                x11_forwarding=False,
                password_auth=False,
                kbdint_auth=False,
                host_based_auth=False,
                gss_host=None,
                server_version="Textmeter",
                backlog=256,
            )
        self.fingerprint = key.get_fingerprint()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        assert self._listener is not None
        return self._listener.get_port()

    def next_number(self) -> int:
        """Of a session."""
        self._numbers += 1
        return self._numbers

    async def fork_server(self) -> ForkServer:
        """The process that starts sessions; a new one where it died."""
        async with self._starting:
            if not self.forks.is_alive:
                self.journal.says("the fork server ended and is started again")
                self.forks = ForkServer(self.runtime.folder)
                await self.forks.ready()
        return self.forks

    async def stop(self) -> None:
        """Lets nobody else in, tells all sessions, waits for them to end, and ends those that don't."""
        self.stops = True
        if self._listener is not None:
            self._listener.close()
        for room in list(self.rooms):
            room.stop()
        await until_empty(self.rooms)
        for door in list(self.doors):
            door.close()
        await self.forks.close()
        self.runtime.remove()


class _Door(asyncssh.SSHServer):
    """One connection: who it is, and how many sessions it has."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._asked = 0
        self._rooms: set[Room] = set()
        self._is_full = False
        self._empty: asyncio.TimerHandle | None = None
        self.person: Person | None = None
        self.key = ""

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self.address = str((conn.get_extra_info("peername") or ("?",))[0])
        self._server.journal.connected()
        self._server.doors.add(self)
        # asyncssh lets what a client doesn't take pile up here; instead, its sessions are to wait.
        conn.pause_writing = lambda: self._wait(True)  # type: ignore[method-assign]
        conn.resume_writing = lambda: self._wait(False)  # type: ignore[method-assign]
        if not self._server.attempts.take(self.address):
            self._refuse("attempts")
        elif len(self._server.doors) > 2 * self._server.config.limits.sessions + 50:
            self._refuse("connections")

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.doors.discard(self)
        self._somebody_is_in()

    def close(self) -> None:
        self._connection.abort()

    def _refuse(self, why: str) -> None:
        self._server.journal.refused(why, self.address)
        self._connection.abort()

    def _wait(self, waits: bool) -> None:
        self._is_full = waits
        for room in self._rooms:
            room.network_is_full(waits)

    # Who it is

    def begin_auth(self, username: str) -> bool:
        return not self._server.config.anonymous

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Called for each key that is offered, and again for the one that signs, which so is the last: it is
        the one that counts."""
        self.person, self.key = self._whose(key), key.get_fingerprint()
        if self.person is None and not self._server.attempts.take(self.address):
            self._refuse("attempts")
        return self.person is not None

    def _whose(self, key: asyncssh.SSHKey) -> Person | None:
        people = self._server.people
        if people is None:
            return LOCAL if self._server.config.demo else None
        try:
            found = people.find(key, self.address, self.address)
        except WrongUsage as error:
            self._server.journal.says(str(error))
            return None
        return LOCAL if found and self._server.config.demo else found

    def auth_completed(self) -> None:
        self._nobody_is_in()

    # What it asks for

    def session_requested(self) -> Room | bool:
        self._asked += 1
        if self._asked > MOST_CHANNELS:
            self._refuse("channels")
            return False
        if len(self._rooms) >= CHANNELS or self._server.stops:
            return False
        person = self.person or (LOCAL if self._server.config.anonymous else None)
        if person is None:
            return False
        room = Room(self._server, person, self.address, self.key, self._left)
        self._rooms.add(room)
        self._somebody_is_in()
        if self._is_full:
            room.network_is_full(True)
        return room

    def _left(self, room: Room) -> None:
        self._rooms.discard(room)
        if not self._rooms and self in self._server.doors:
            self._nobody_is_in()

    def _nobody_is_in(self) -> None:
        self._somebody_is_in()
        self._empty = asyncio.get_running_loop().call_later(EMPTY_FOR, self._refuse, "empty")

    def _somebody_is_in(self) -> None:
        if self._empty is not None:
            self._empty.cancel()
