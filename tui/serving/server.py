"""What all servers have: a folder for their sessions' things, and how they begin and end."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol, TypeVar

from store.errors import TextmeterError, reason
from store.sentences import sentence
from tui.serving.log import Journal

PREFIX = "textmeter-serve-"
LAST_MOMENTS = 10.0
"""Seconds that sessions have to end in order when the server is stopped."""
YOUNG = 60
"""Seconds for which a folder may not have its lock yet."""


@dataclass
class Runtime:
    """A folder for as long as this server runs, gone with it; what servers left that were killed is cleared
    up at the next start."""

    folder: Path
    _lock: IO[str] = field(repr=False)

    @classmethod
    def make(cls) -> Runtime:
        _forget_the_dead()
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        lock = (folder / "alive").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        return cls(folder, lock)

    @property
    def template(self) -> Path:
        """Where the demo is that visitors get copies of."""
        return self.folder / "demo.sqlite3"

    def make_demo(self) -> None:
        """Makes that demo. Takes a second or two."""
        from store.demo import make

        make(self.template)

    def remove(self) -> None:
        self._lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _forget_the_dead() -> None:
    for alive in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/alive"):
        with contextlib.suppress(OSError), alive.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            if time.time() - alive.stat().st_mtime > YOUNG:
                shutil.rmtree(alive.parent, ignore_errors=True)


class Server(Protocol):
    """What `serve` asks of a server."""

    journal: Journal
    runtime: Runtime

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


S = TypeVar("S", bound=Server)


async def serve(server: S, listening: Callable[[S], None]) -> None:
    """Serves until SIGINT or SIGTERM. listening: called once people can come in. Raises TextmeterError."""
    stop = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    try:
        await server.start()
    except BaseException:
        server.runtime.remove()
        raise
    listening(server)
    await stop.wait()
    server.journal.says("stopping")
    await server.stop()


async def until_empty(rooms: Collection[object]) -> None:
    """Returns when all sessions of a server have ended, or have had their last moments."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LAST_MOMENTS):
            while rooms:
                await asyncio.sleep(0.05)


def open_once(database: str) -> None:
    """Opens a database, so that what is wrong with it is said before anybody comes in."""
    from store import Store
    from store.settings import default_catalog

    Store(database, catalog=default_catalog()).close()


@contextlib.contextmanager
def listening_on(host: str, port: int, option: str) -> Iterator[None]:
    """Raises TextmeterError where it can't be listened there; option: the one that names another port."""
    try:
        yield
    except OSError as error:
        raise TextmeterError(
            sentence(
                "{host}:{port} can't be listened on: {why}. Name another port with {option}.",
                host=host,
                port=str(port),
                why=reason(error),
                option=option,
            ),
            code="listen",
        ) from error
