"""Web servers for tests, in this process or one of their own, and what a browser does, without one."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from store import Store
from store.clock import SystemClock
from store.messages.drafts import Drafts
from store.roles import LOCAL, Person
from tests.processes import children
from tests.tui.serving.painted import Painted
from tests.waiting import WITHIN, until
from tui.serving.rate_limits import Limits
from tui.serving.web import Config, Server

RUN = "import sys; from tui.commands import main; sys.exit(main(sys.argv[1:]))"


def make_database(folder: Path) -> str:
    """A database with an account, by the real clock; its path."""
    path = str(folder / "textmeter.sqlite3")
    store = Store(path)
    store.credits.open_account("agent-texts", "300", "America/New_York")
    store.close()
    return path


def drafts(database: str, person: Person = LOCAL) -> list[str]:
    """The texts of all drafts of a person's that are kept."""
    store = Store(database, person=person)
    try:
        with store.connection():
            return [draft.body for draft in Drafts(store.database, SystemClock()).all()]
    finally:
        store.close()


class Links(list[str]):
    """Those that a server told of; the last one is good."""

    @property
    def path(self) -> str:
        return "/in/" + self[-1].rpartition("/")[2]


@asynccontextmanager
async def serving(
    database: str = "", *, limits: Limits | None = None, links: Links | None = None, **config: Any
) -> AsyncIterator[Server]:
    """A server in this process, for whoever is here and asks on loopback, unless `config` says otherwise."""
    asked: dict[str, Any] = {"host": "127.0.0.1", "port": 0, "demo": False, "person": LOCAL}
    asked |= {"password": "", "public_url": ""}
    told = Links() if links is None else links
    server = Server(Config(database=database, limits=limits or Limits(), **asked | config), told.append)
    try:
        await server.start()
        if server.auth.has_link:
            server.tell_link()
        yield server
    finally:
        await server.stop()


@asynccontextmanager
async def served(*arguments: str, **variables: str) -> AsyncIterator[tuple[Process, dict[str, Any]]]:
    """`textmeter serve web` in a process of its own, with what it printed as JSON."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", RUN, "serve", "web", "--port", "0", "--json", *arguments),
        stdout=PIPE,
        stderr=PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **variables},
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(WITHIN):
            line = await process.stdout.readline()
            yield process, json.loads(line)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


class Browser:
    """What asks a server as a browser does, and keeps its cookies."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.ws_connect = session.ws_connect

    async def get(self, path: str, **options: Any) -> aiohttp.ClientResponse:
        return await self._ask("GET", path, **options)

    async def head(self, path: str) -> aiohttp.ClientResponse:
        return await self._ask("HEAD", path)

    async def post(self, path: str, data: object, **options: Any) -> aiohttp.ClientResponse:
        return await self._ask("POST", path, data=data, **options)

    async def _ask(self, method: str, path: str, **options: Any) -> aiohttp.ClientResponse:
        async with self._session.request(method, path, **options) as answer:
            await answer.read()
        return answer


@asynccontextmanager
async def client(server: Server | str) -> AsyncIterator[Browser]:
    """server: or its URL."""
    url = server if isinstance(server, str) else server.url
    # Cookies of hosts without a name are kept, too.
    async with aiohttp.ClientSession(url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Browser(session)


class Tab:
    """A terminal in a page, with a session."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.painted = Painted()
        self.texts: list[str] = []

    async def say(self, *message: object) -> None:
        await self.socket.send_json(message)

    async def type(self, text: str) -> None:
        await self.say("stdin", text)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Takes what comes until something holds."""
        try:
            async with asyncio.timeout(WITHIN):
                while not holds():
                    message = await self.socket.receive()
                    if message.type is aiohttp.WSMsgType.BINARY:
                        self.painted.feed(message.data)
                    elif message.type is aiohttp.WSMsgType.TEXT:
                        self.texts.append(message.data)
                    else:
                        break
        except TimeoutError:
            pass
        assert holds(), f"It did not come. The terminal shows:\n{self.painted.text}"

    async def until_shown(self, text: str) -> None:
        await self.until(lambda: text in self.painted.text)

    async def compose(self, text: str) -> None:
        """Writes a text, once the app is there."""
        await self.until_shown("credits left")
        await self.type(F3)
        await self.until_shown("To ")
        await self.type(text)


F3 = "\x1bOR"


@asynccontextmanager
async def tab(browser: Browser, url: str, query: str = "?width=120&height=36") -> AsyncIterator[Tab]:
    """Opens a session, as the page does. url: of the server."""
    headers = {"Origin": re.sub("/$", "", url)}
    async with browser.ws_connect(f"/ws{query}", headers=headers, max_msg_size=0) as socket:
        yield Tab(socket)


def sessions_of(pid: int) -> list[int]:
    """The processes of a server's sessions, by its process id."""
    forks = [
        child for child in children(pid) if b"fork_server" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    return [session for one in forks for session in children(one)]


async def gone(pid: int) -> None:
    """Returns when a process has ended."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(watched, ended.set)
    try:
        await asyncio.wait_for(ended.wait(), WITHIN)
    finally:
        loop.remove_reader(watched)
        os.close(watched)


async def emptied(server: Server) -> None:
    """Returns when a server in this process has no sessions."""
    await until(lambda: not server.sessions)
