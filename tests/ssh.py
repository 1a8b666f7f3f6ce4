"""A server of SSH in a process of its own, and the people who come to one: for tests and benchmarks.

with serving(tmp_path, "--demo", "--anonymous") as server:
    async with connected(server.port) as connection:
        visitor = await at_terminal(connection)
        await visitor.shows("credits left")
        visitor.type(F3)
        said = await ask(connection, "balance --json")
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import asyncssh

from tests import environment
from tests.processes import children
from tests.tui.serving.painted import Painted
from tests.waiting import WITHIN, until

TEXTMETER = str(Path(sys.executable).with_name("textmeter"))
ESCAPE, ENTER, QUIT, PALETTE, DRAFTS, NEW = "\x1b", "\r", "\x11", "\x10", "\x0f", "\x0e"
BACK_TAB = "\x1b[Z"
F2, F3, F5, F7 = "\x1bOQ", "\x1bOR", "\x1b[15~", "\x1b[18~"
F9, F10, F12 = "\x1b[20~", "\x1b[21~", "\x1b[24~"


@dataclass
class Server:
    """folder: has all that the server may touch: `home`, `tmp`, its key and its log. told: what it said when
    people could come in."""

    folder: Path
    process: subprocess.Popen[bytes]
    told: dict[str, Any]

    @property
    def port(self) -> int:
        return int(self.told["port"])

    @property
    def fork_server(self) -> int:
        """The id of the process that sessions are children of."""
        (pid,) = children(self.process.pid)
        return pid

    @property
    def sessions(self) -> list[int]:
        """The ids of the sessions' processes."""
        return children(self.fork_server)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def databases(self) -> list[Path]:
        """A demo's: of each session that goes on, in the order in which they began."""
        found = (self.folder / "tmp").glob("textmeter-serve-*/*-*/demo.sqlite3")
        return sorted(found, key=lambda path: int(path.parent.name.partition("-")[0]))

    def left(self) -> list[int]:
        """The ids of all processes that were started by it, or by those that it started, and go on."""
        mark = f"TMPDIR={self.folder / 'tmp'}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and int(entry.name) != os.getpid():
                with contextlib.suppress(OSError):
                    if mark in (entry / "environ").read_bytes().split(b"\0"):
                        found.append(int(entry.name))
        return found


def command(folder: Path, *options: str, database: str = "") -> tuple[list[str], dict[str, str]]:
    """The command line of a server that uses nothing outside a folder, and its variables."""
    for name in ("home", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    words = [TEXTMETER, *(["--database", database] if database else []), "serve", "ssh", "--json"]
    words += ["--port", "0", "--host-key", str(folder / "key"), *options]
    places = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "LANG": "C.UTF-8"}
    return words, environment.variables() | places


@contextlib.contextmanager
def serving(folder: Path, *options: str, database: str = "") -> Iterator[Server]:
    """A server whose limits nobody meets; afterwards it is stopped, if it still runs."""
    limits = ("--attempts", "100000", "--sessions-by-address", "100")
    words, variables = command(folder, *limits, *options, database=database)
    with (
        (folder / "log").open("ab") as log,
        subprocess.Popen(
            words, env=variables, cwd=folder / "home", stdout=subprocess.PIPE, stderr=log
        ) as process,
    ):
        assert process.stdout is not None
        server = Server(folder, process, json.loads(process.stdout.readline()))
        try:
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            finally:
                for pid in server.left():  # of a test that failed
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)


def authorize(folder: Path, **roles: str) -> dict[str, asyncssh.SSHKey]:
    """Writes the file `people.keys` of people with these roles; the key of each by their name."""
    keys = {name: asyncssh.generate_private_key("ssh-ed25519", comment=name) for name in roles}
    lines = [f'role="{roles[name]}" {key.export_public_key().decode()}' for name, key in keys.items()]
    (folder / "people.keys").write_text("".join(lines), encoding="utf-8")
    return keys


@contextlib.asynccontextmanager
async def connected(
    port: int, key: asyncssh.SSHKey | None = None, *, known_hosts: str | None = None, **options: Any
) -> AsyncIterator[asyncssh.SSHClientConnection]:
    """Somebody's connection. key: theirs, None for none. known_hosts: a file, None where any will do."""
    options.setdefault("client_keys", [key] if key else None)
    async with asyncssh.connect(
        "127.0.0.1",
        port,
        known_hosts=known_hosts,
        username="visitor",
        agent_path=None,
        config=None,
        **options,
    ) as connection:
        yield connection


@dataclass
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str


async def ask(connection: asyncssh.SSHClientConnection, line: str, stdin: bytes = b"") -> Said:
    """Runs a command line on the server, without a terminal."""
    done = await connection.run(line, input=stdin, encoding=None, timeout=WITHIN)
    assert done.exit_status is not None
    out, err = (text.decode() if isinstance(text, bytes) else "" for text in (done.stdout, done.stderr))
    return Said(done.exit_status, out, err)


class Sitting(asyncssh.SSHClientSession[bytes]):
    """A person's end of a session. output, errors: all that came. over: set when it has ended."""

    def __init__(self) -> None:
        self.output, self.errors = bytearray(), bytearray()
        self.over = asyncio.Event()
        self._painted = Painted()
        self._painted_until = 0

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self.channel = chan

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        (self.errors if datatype else self.output).extend(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.over.set()

    @property
    def code(self) -> int | None:
        """Its exit code, None where none has come."""
        return self.channel.get_exit_status()

    @property
    def painted(self) -> Painted:
        """What stands on its terminal now."""
        # A sequence may be cut; each frame ends with one.
        paintable = max(self.output.rfind(b"\x1b"), self._painted_until)
        self._painted.feed(bytes(self.output[self._painted_until : paintable]))
        self._painted_until = paintable
        return self._painted

    def type(self, *keys: str) -> None:
        """Types keys, and texts."""
        self.channel.write("".join(keys).encode())

    async def shows(self, *texts: str) -> None:
        """Returns when all of these stand there."""
        await self._until(lambda: all(text in self.painted.text for text in texts), f"{texts}")

    async def hides(self, text: str) -> None:
        """Returns when this stands there no more."""
        await self._until(lambda: text not in self.painted.text, f"the end of {text}")

    async def stands_in(self, row: int) -> None:
        """Returns when the cursor stands in this row, counted from 1; each frame puts it somewhere."""
        sequence = b"\x1b[%d;" % row
        await self._until(
            lambda: self.output[self.output.rfind(b"\x1b") :].startswith(sequence), f"the cursor in row {row}"
        )

    async def end(self) -> int | None:
        """Returns when the session has ended; its exit code, None where none came."""
        await until(self.over.is_set, "the end")
        return self.code

    async def _until(self, came: Callable[[], bool], what: str) -> None:
        def holds() -> bool:
            if came():
                return True
            assert not self.over.is_set(), f"It ended before {what} came: {bytes(self.output[-2000:])!r}"
            return False

        await until(holds, lambda: f"{what}, in place of\n{self.painted.text}\n,")


S = TypeVar("S", bound=Sitting)


async def sit(
    connection: asyncssh.SSHClientConnection,
    line: str | None = None,
    *,
    kind: type[S],
    size: tuple[int, int] | None = (120, 36),
    **about: Any,
) -> S:
    """Begins a session, which goes on as long as its connection. line: a command line, None for the app.
    kind: what notes what comes. size: columns and rows of its terminal, None for no terminal."""
    if size is not None:
        about = {"term_type": "xterm-256color", "term_size": size} | about
    _, session = await connection.create_session(kind, line, encoding=None, **about)
    return cast("S", session)


async def at_terminal(connection: asyncssh.SSHClientConnection, line: str | None = None) -> Sitting:
    """A session on a terminal of 120 by 36."""
    return await sit(connection, line, kind=Sitting)


async def begin_draft(visitor: Sitting, body: str, to: str = "") -> None:
    """From Compose: begins a new draft, chooses a number and types a text."""
    visitor.type(NEW)
    await visitor.shows("a name, a #group or a number", "Write your text here")
    if to:
        visitor.type(BACK_TAB, to, ENTER)
        await visitor.shows("1 person")
        visitor.type(ENTER)
        await visitor.stands_in(5)
    visitor.type(body)
    await visitor.shows(body, "saved as you type")
