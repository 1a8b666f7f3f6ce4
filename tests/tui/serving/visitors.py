"""An SSH server of a test's own, the people who come to it, and what is left of both in the end.

with serving(tmp_path, "--demo", "--anonymous") as server:
    async with connected(server) as connection:
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
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from tests import environment
from tests.processes import children
from tests.tui.serving.painted import Painted

WITHIN = 30.0
"""Seconds within which whatever is waited for must have come."""
FIRST_LOOK = 0.001
"""Seconds after which something that tells nothing by itself is looked at again; twice as long each time."""

ESCAPE, ENTER, QUIT, PALETTE, DRAFTS, NEW = "\x1b", "\r", "\x11", "\x10", "\x0f", "\x0e"
F2, F3, F5, F7 = "\x1bOQ", "\x1bOR", "\x1b[15~", "\x1b[18~"
F9, F10, F12 = "\x1b[20~", "\x1b[21~", "\x1b[24~"


@dataclass
class Server:
    """folder: has all that the server may touch: `home`, `tmp`, its key and its log."""

    folder: Path
    process: subprocess.Popen[bytes]
    port: int

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


@contextlib.contextmanager
def serving(folder: Path, *options: str, database: str = "") -> Iterator[Server]:
    """A server that uses nothing outside a folder; afterwards it is stopped, if it still runs."""
    home, temporary = folder / "home", folder / "tmp"
    home.mkdir(parents=True, exist_ok=True)
    temporary.mkdir(exist_ok=True)
    variables = environment.variables() | {"HOME": str(home), "TMPDIR": str(temporary), "LANG": "C.UTF-8"}
    command = [str(Path(sys.executable).with_name("textmeter"))]
    command += ["--database", database] if database else []
    command += ["serve", "ssh", "--json", "--port", "0", "--host-key", str(folder / "key")]
    command += ["--attempts", "10000", "--sessions-by-address", "100"]
    with (
        (folder / "log").open("ab") as log,
        subprocess.Popen(
            [*command, *options], env=variables, cwd=home, stdout=subprocess.PIPE, stderr=log
        ) as process,
    ):
        assert process.stdout is not None
        server = Server(folder, process, json.loads(process.stdout.readline())["port"])
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
    server: Server, key: asyncssh.SSHKey | None = None
) -> AsyncIterator[asyncssh.SSHClientConnection]:
    """Somebody's connection. key: theirs, None for none."""
    connection = await asyncssh.connect(
        "127.0.0.1",
        server.port,
        known_hosts=None,
        username="visitor",
        client_keys=[key] if key else None,
        agent_path=None,
        config=None,
    )
    try:
        yield connection
    finally:
        connection.abort()
        await connection.wait_closed()


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


class Terminal(asyncssh.SSHClientSession[bytes]):
    """A person's terminal. output: all that came; painted: what stands there now."""

    def __init__(self) -> None:
        self.output = bytearray()
        self.painted = Painted()
        self.code: int | None = None
        self.ended = False
        self._unpainted = b""
        self._came = asyncio.Event()

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self.channel = chan

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        self.output += data
        # A sequence may be cut; each frame ends with one.
        paintable, begun, rest = (self._unpainted + data).rpartition(b"\x1b")
        self.painted.feed(paintable)
        self._unpainted = begun + rest
        self._came.set()

    def exit_status_received(self, status: int) -> None:
        self.code = status

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self._came.set()

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
        await self._until(lambda: self._unpainted.startswith(b"\x1b[%d;" % row), f"the cursor in row {row}")

    async def end(self) -> int | None:
        """Returns when the session has ended; its exit code, None where none came."""
        await self._until(lambda: self.ended, "the end")
        return self.code

    async def _until(self, holds: Callable[[], bool], what: str) -> None:
        try:
            async with asyncio.timeout(WITHIN):
                while not holds():
                    assert not self.ended, f"It ended before {what} came: {bytes(self.output[-2000:])!r}"
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            raise AssertionError(f"{what} never came. The terminal shows:\n{self.painted.text}") from None


async def begin_draft(visitor: Terminal, body: str, to: str = "") -> None:
    """From Compose: begins a new draft, chooses a number and types a text."""
    visitor.type(NEW)
    await visitor.shows("a name, a #group or a number", "Write your text here")
    if to:
        visitor.type(to, ENTER)
        await visitor.shows("1 person")
    visitor.type(ENTER)
    await visitor.stands_in(5)
    visitor.type(body)
    await visitor.shows(body, "kept as you type")


async def at_terminal(connection: asyncssh.SSHClientConnection, line: str | None = None) -> Terminal:
    """A session on a terminal of 120 by 36, for as long as its connection. line: a command line, None for the
    app."""
    _, terminal = await connection.create_session(
        Terminal,
        line,
        term_type="xterm-256color",
        term_size=(120, 36),
        encoding=None,
    )
    assert isinstance(terminal, Terminal)
    return terminal


async def until(holds: Callable[[], bool], what: str) -> None:
    """Returns when something holds that has to be looked at."""
    pause, end = FIRST_LOOK, time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < end, f"never: {what}"
        await asyncio.sleep(pause)
        pause = min(2 * pause, 0.1)
