"""What tests of the SSH server stand on: one server in a thread of this process, which a test may change as
it likes and must leave empty, and the people who come to it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import asyncssh
import pytest

from store import Store
from store.roles import Person, Role
from tests.processes import below
from tests.tui.harness import TIMEZONE
from tests.waiting import WITHIN, wait_until
from tui.serving.log import ServerLog
from tui.serving.rate_limits import Buckets, Limits, Places
from tui.serving.ssh import Config, Server

T = TypeVar("T")

PEOPLE = {"maria": "owner", "sam": "sender", "vera": "viewer"}


def open_here(pid: int) -> list[str]:
    """What the descriptors of a process lead to that others may use up: files and terminals, no sockets."""
    links = []
    for path in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(str(path.readlink()))
        except OSError:
            continue
    return sorted(link for link in links if not link.startswith("socket"))


class Serving:
    """A server that goes on in a thread, and who may come in there. keys: theirs, by their names."""

    def __init__(self, folder: Path, **config: Any) -> None:
        self.folder = folder
        self.database = folder / "textmeter.sqlite3"
        self.keys = {name: asyncssh.generate_private_key("ssh-ed25519", name) for name in PEOPLE}
        for name, key in self.keys.items():
            self.key_file(name).write_bytes(key.export_private_key())
            self.key_file(name).chmod(0o600)
        self.people = folder / "people.keys"
        self.people.write_text("".join(self.line(name) for name in PEOPLE))
        self.as_started = replace(
            Config(
                host="127.0.0.1",
                port=0,
                host_key=folder / "host_key",
                database=str(self.database),
                demo=False,
                authorized_keys=self.people,
                anonymous=False,
                limits=Limits(),
            ),
            **config,
        )
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.server = self.call(self._start())
        self.port = self.server.port
        self.known_hosts = folder / "known_hosts"
        public = asyncssh.read_private_key(folder / "host_key").export_public_key().decode()
        self.known_hosts.write_text(f"[127.0.0.1]:{self.port} {public}")

    async def _start(self) -> Server:
        server = Server(self.as_started)
        await server.start()
        return server

    def key_file(self, name: str) -> Path:
        return self.folder / name

    def line(self, name: str, options: str = "") -> str:
        """A person's line of the authorized keys."""
        return f'{options}role="{PEOPLE[name]}" {self.keys[name].export_public_key().decode()}'

    def call(self, to_do: Coroutine[Any, Any, T]) -> T:
        """Does something in the server's thread."""
        return asyncio.run_coroutine_threadsafe(to_do, self.loop).result(WITHIN)

    def begin_anew(self) -> None:
        """Makes the server one to which nobody has come yet, as it was started."""
        self.server.config = self.as_started
        self.people.write_text("".join(self.line(name) for name in PEOPLE))
        self.server.log = ServerLog("ssh")
        self.limit()
        for name in PEOPLE:
            with self.store(name) as store:
                for draft in store.messages.drafts():
                    assert draft.id is not None
                    store.messages.delete_draft(draft.id)

    def limit(self, **limits: float) -> None:
        """Gives it other limits."""
        made = replace(Limits(), **limits)  # type: ignore[arg-type]
        self.change(limits=made)
        self.server.places = Places(made.sessions, made.sessions_by_address)
        self.server.attempts = Buckets(made.attempts)

    def change(self, **config: Any) -> None:
        """Gives it another configuration."""
        self.server.config = replace(self.server.config, **config)

    def serve_a_demo(self, *, anonymous: bool = True) -> None:
        """Makes it one that serves a demo."""
        if not self.server.runtime.template.exists():
            self.server.runtime.make_demo()
        self.change(demo=True, anonymous=anonymous)

    @property
    def sessions(self) -> set[int]:
        """The processes of sessions."""
        return below(self.server.forks._process.pid)

    @property
    def left_over(self) -> list[object]:
        """What is there of people who come in, and should not be when they are gone."""
        server = self.server
        folders = [path for path in server.runtime.folder.iterdir() if path.is_dir()]
        return [*server.sessions, *server.clients, *self.sessions, *folders, *[1] * server.places.taken]

    def stop(self) -> None:
        if self.loop.is_closed():
            return
        self.call(self.server.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    @contextlib.contextmanager
    def store(self, name: str) -> Iterator[Store]:
        """The database, as somebody who may come in has it."""
        store = Store(str(self.database), person=Person(name, Role(PEOPLE[name])))
        try:
            with store.connection():
                yield store
        finally:
            store.close()

    def drafts(self, name: str) -> list[str]:
        """The texts of the drafts that somebody has, latest first."""
        with self.store(name) as store:
            return [draft.body for draft in store.messages.drafts()]


@contextlib.contextmanager
def serving_in(folder: Path, **config: Any) -> Iterator[Serving]:
    """A server of a test's own, on a database with an account of 300 credits a month."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        store = Store(str(folder / "textmeter.sqlite3"))  # sessions go by the real clock
        store.credits.open_account("agent-texts", "300", TIMEZONE)
        store.close()
        serving = Serving(folder, **config)
        try:
            yield serving
        finally:
            serving.stop()


@pytest.fixture(scope="session")
def kept_serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """What `serving` makes anew for each test."""
    with serving_in(tmp_path_factory.mktemp("serving")) as serving:
        yield serving


@pytest.fixture
def serving(kept_serving: Serving, caplog: pytest.LogCaptureFixture) -> Iterator[Serving]:
    """A server to which nobody has come yet; when a test ends, all have to be gone without a trace."""
    caplog.set_level(logging.INFO, "textmeter.ssh")
    kept_serving.begin_anew()
    yield kept_serving
    wait_until(lambda: not kept_serving.left_over)


@pytest.fixture
def lines(serving: Serving, caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """The lines that the server has logged."""
    return lambda: [record.getMessage() for record in caplog.records if record.name == "textmeter.ssh"]
