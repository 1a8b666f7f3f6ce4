"""What all servers have: a folder for their sessions' things, and how they begin and end."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
import stat
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import IO, Generic, Protocol, TypeVar

from store.errors import TextmeterError, reason
from store.sentences import sentence
from tui.serving.fork_server import ForkServer
from tui.serving.log import ServerLog
from tui.serving.rate_limits import Buckets, Limits, Places

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
        """Where the demo is that visitors get copies of; beside it are those `store.demo.in_language`."""
        return self.folder / "demo.sqlite3"

    def make_demo(self) -> None:
        """Makes that demo, which takes some seconds."""
        from store.demo import make

        make(self.template)

    def translate_demo(self) -> None:
        """Makes it in all other languages, one by one; until it is there in theirs, visitors get it in
        English. Ends when the folder is gone."""
        from store.demo import in_language, languages, make

        with contextlib.suppress(OSError, TextmeterError):
            for language in languages():
                if (made := in_language(self.template, language)) != self.template and self.template.exists():
                    make(new := made.with_suffix(".new"), language)
                    new.rename(made)

    def remove(self) -> None:
        self._lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _forget_the_dead() -> None:
    """Only folders of ours: anybody may put others where temporary files lie."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            status = folder.lstat()
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
                continue
            # Opening a pipe would wait until somebody opens its other end.
            opened = os.open(folder / "alive", os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
            with os.fdopen(opened) as alive:
                fcntl.flock(alive, fcntl.LOCK_SH | fcntl.LOCK_NB)
                if time.time() - os.fstat(alive.fileno()).st_mtime > YOUNG:
                    shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """host, port: where it listens; 0 is any free port. database: a path or URL, of no meaning to a demo.
    demo: whether each visitor gets invented data of their own. counters: the port of the counters on
    loopback, None for none."""

    host: str
    port: int
    database: str
    demo: bool
    limits: Limits
    counters: int | None = None


class Session(Protocol):
    """What a server knows of its sessions."""

    def dismiss(self) -> None:
        """Has it end in order, and its person be told."""


C_co = TypeVar("C_co", bound=Config, covariant=True)
S_co = TypeVar("S_co", bound=Session, covariant=True)


class Server(ABC, Generic[C_co, S_co]):
    """A server, from `start` to `stop`. kind: "ssh" or "web". sessions: those that go on."""

    def __init__(self, config: C_co, kind: str) -> None:
        self.config = config
        self.log = ServerLog(kind)
        self.places = Places(config.limits.sessions, config.limits.sessions_by_address)
        self.attempts = Buckets(config.limits.attempts)
        self.runtime = Runtime.make()
        self.sessions: set[S_co] = set()
        self.forks: ForkServer
        self.stops = False
        self.counters: int | None = None
        self._numbers = 0
        self._starting = asyncio.Lock()

    @abstractmethod
    async def start(self) -> None:
        """Returns when people can come in. Raises TextmeterError."""

    @abstractmethod
    async def stop(self) -> None:
        """Lets nobody else in, tells all sessions, waits for them to end, and ends those that don't."""

    def next_number(self) -> int:
        """Of a session."""
        self._numbers += 1
        return self._numbers

    async def fork_server(self) -> ForkServer:
        """The process that starts sessions; a new one where it died."""
        async with self._starting:
            if not self.forks.is_alive:
                self.log.says("the fork server ended and is started again")
                self.forks = ForkServer(self.runtime.folder)
                await self.forks.ready()
        return self.forks

    async def _get_ready(self) -> None:
        """Makes the demo, or opens the database, so that what is wrong with it is said before anybody comes
        in; and starts the process that starts sessions."""
        if self.config.demo:
            await asyncio.to_thread(self.runtime.make_demo)
        else:
            await asyncio.to_thread(_open_once, self.config.database)
        self.forks = ForkServer(self.runtime.folder)
        await self.forks.ready()
        if self.config.demo:
            Thread(target=self.runtime.translate_demo, daemon=True).start()

    def _serve_counters(self) -> None:
        if self.config.counters is not None:
            with listening_on("127.0.0.1", self.config.counters, "--metrics"):
                self.counters = self.log.serve_counters(self.config.counters)

    async def _dismiss_all(self) -> None:
        """Returns when all sessions have ended, or have had their last moments."""
        for session in list(self.sessions):
            session.dismiss()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_MOMENTS):
                while self.sessions:
                    await asyncio.sleep(0.05)


S = TypeVar("S", bound=Server[Config, Session])


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
    server.log.says("stopping")
    await server.stop()


def _open_once(database: str) -> None:
    from store import Store
    from store.config import default_catalog

    Store(database, catalog=default_catalog()).close()


@contextlib.contextmanager
def listening_on(host: str, port: int, option: str) -> Iterator[None]:
    """Raises TextmeterError where it can't be listened there; option: the one that names another port."""
    try:
        yield
    except OSError as error:
        raise TextmeterError(
            sentence(
                "Can't listen on {host}:{port}: {why}. Choose another port with {option}.",
                host=host,
                port=str(port),
                why=reason(error),
                option=option,
            ),
            code="listen",
        ) from error
