"""The SSH server: who comes in, as whom, and how much of it there is. No shell, no forwarding, no files.

A connection is a `_Client`, a session on it a `SSHSession` (see `tui.serving.ssh_session`), which runs in a
process of its own. This process only carries bytes.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import asyncssh

from store.errors import WrongUsage
from store.roles import LOCAL, Person
from tui.serving import server
from tui.serving.authorized_keys import AuthorizedKeys, host_key
from tui.serving.rate_limits import one_too_many
from tui.serving.ssh_bounds import Channel, bound
from tui.serving.ssh_session import SSHSession

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(server.Config):
    """host_key: the file of its key. authorized_keys: who may come in; None: in a demo whoever has a key.
    anonymous: whether a demo asks for no key."""

    host_key: Path
    authorized_keys: Path | None
    anonymous: bool


class Server(server.Server[Config, SSHSession]):
    """An SSH server."""

    def __init__(self, config: Config) -> None:
        super().__init__(config, "ssh")
        self.people = AuthorizedKeys(config.authorized_keys) if config.authorized_keys else None
        self.clients: dict[_Client, None] = {}  # in the order in which they came
        self._listener: asyncssh.SSHAcceptor | None = None

    async def start(self) -> None:
        config = self.config
        if self.people:
            self.people.check()
        key = host_key(config.host_key)
        await self._get_ready()
        self._serve_counters()
        with server.listening_on(config.host, config.port, "--port"):
            self._listener = await asyncssh.listen(
                config.host,
                config.port,
                server_host_keys=[key],
                server_factory=lambda: _Client(self),
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
                # Others are offered: SHA-1 is broken, and nobody needs it any more.
                kex_algs="-*sha1",
                mac_algs="-*sha1*",
                signature_algs="-ssh-rsa",
                compression_algs=["none"],  # four megabytes can become half a gigabyte
                server_version="Textmeter",
                backlog=256,
            )
        self.fingerprint = key.get_fingerprint()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        assert self._listener is not None
        return self._listener.get_port()

    def make_room(self) -> None:
        """Cuts off the connection that has waited longest for a session, where too many do."""
        waiting = [(client, client.address) for client in self.clients if client.waits]
        if (one := one_too_many(waiting, self.config.limits)) is not None:
            one.make_room()

    async def stop(self) -> None:
        self.stops = True
        if self._listener is not None:
            self._listener.close()
        await self._dismiss_all()
        for client in list(self.clients):
            client.close()
        await self.forks.close()
        self.runtime.remove()


class _Client(asyncssh.SSHServer):
    """One connection: who it is, and how many sessions it has."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._asked = 0
        self._sessions: set[SSHSession] = set()
        self._waits_for: set[str] = set()
        self._empty: asyncio.TimerHandle | None = None
        self.person: Person | None = None
        self.key = ""

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self.address = str((conn.get_extra_info("peername") or ("?",))[0])
        self._server.log.connected()
        self._server.clients[self] = None
        bound(conn, self._wait, partial(self._refuse, "flood"))
        if not self._server.attempts.take(self.address):
            self._refuse("attempts")
        else:
            self._server.make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.clients.pop(self, None)
        self._somebody_is_in()

    def close(self) -> None:
        self._connection.abort()

    @property
    def waits(self) -> bool:
        """Whether no session goes on in it, so that it may have to make room."""
        return not any(session in self._server.sessions for session in self._sessions)

    def make_room(self) -> None:
        """It has to go, so that others can come in."""
        self._refuse("connections")

    def _refuse(self, why: str) -> None:
        self._server.log.refused(why, self.address)
        self._connection.abort()

    def _wait(self, what: str, waits: bool) -> None:
        (self._waits_for.add if waits else self._waits_for.discard)(what)
        for session in self._sessions:
            session.wait(what, waits)

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
            self._server.log.says(str(error))
            return None
        return LOCAL if found and self._server.config.demo else found

    def auth_completed(self) -> None:
        self._nobody_is_in()

    # What it asks for

    def session_requested(self) -> tuple[Channel, SSHSession] | bool:
        self._asked += 1
        if self._asked > MOST_CHANNELS:
            self._refuse("channels")
            return False
        if len(self._sessions) >= CHANNELS or self._server.stops:
            return False
        person = self.person or (LOCAL if self._server.config.anonymous else None)
        if person is None:
            return False
        session = SSHSession(self._server, person, self.address, self.key, self._left)
        self._sessions.add(session)
        self._somebody_is_in()
        for what in self._waits_for:
            session.wait(what, True)
        return Channel(self._connection), session

    def _left(self, session: SSHSession) -> None:
        self._sessions.discard(session)
        if not self._sessions and self in self._server.clients:
            self._nobody_is_in()

    def _nobody_is_in(self) -> None:
        self._somebody_is_in()
        self._empty = asyncio.get_running_loop().call_later(EMPTY_FOR, self._refuse, "empty")

    def _somebody_is_in(self) -> None:
        if self._empty is not None:
            self._empty.cancel()
