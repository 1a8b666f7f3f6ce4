"""A session in a browser: what its websocket carries to and from its process.

The process writes to a terminal, which tells it of sizes, and reads a pipe: of a terminal that is gone, what
was typed last would be gone too.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import time
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import ClientError, WSMsgType, web

from store.roles import Person
from store.sentences import Sentence
from tui.i18n.language import Language
from tui.serving.fd_streams import Inflow, Outflow, close_all
from tui.serving.forked_session import PATIENCE, ForkedSession, pipes
from tui.serving.session_spec import clamped

if TYPE_CHECKING:
    from tui.serving.server import Config, Server, Session

KEEPALIVE = 15.0
"""Seconds between questions whether a browser is still there; half of it has it to answer."""
CLOSE_WITHIN = 2.0
"""Seconds that a browser has to answer that its session is over."""
MOST_BYTES = 1 << 20
"""Of a message from a browser: what is pasted comes in one."""
MOST_UNREAD = 1 << 16
"""Bytes that wait for the process before nothing more is taken from the browser."""


class WebSession(ForkedSession):
    """transport: of the websocket. language: the tag of the visitor's."""

    browser = True

    def __init__(
        self,
        server: Server[Config, Session],
        person: Person,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport,
        address: str,
        language: str,
    ) -> None:
        super().__init__(server, person, address)
        self._socket = socket
        self._transport = transport
        self._language = language
        self._outgoing: asyncio.Queue[bytes | str | None] = asyncio.Queue()  # None is the end
        self._pages = b""
        self._unread = 0
        self._has_room = asyncio.Event()
        self._gone = False

    async def stay(self, columns: int, rows: int) -> None:
        """Runs the session to its end. columns, rows: of the browser's terminal, as it says."""
        self._size = columns, rows = clamped(columns, rows)
        sends = asyncio.create_task(self._send())
        try:
            terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": f"{self._language}.UTF-8"}
            await self._start(terminal, f"browser {columns}x{rows}")
            await self._listen()
        finally:
            self._left()
            self._outgoing.put_nowait(None)
            await asyncio.wait({sends}, timeout=CLOSE_WITHIN)
            if not sends.done():
                self._transport.abort()
            await sends

    # Its process

    def _tell(self, says: Sentence) -> None:
        self._write(f"{Language(self._language).say(says)}\r\n".encode())

    def _connect(self) -> list[int]:
        (stdin, into), (asked, pages) = pipes(2)
        try:
            terminal = self._open_terminal(self._write)
        except OSError:
            close_all(stdin, into, asked, pages)
            raise
        self._descriptors += [into, asked]
        self._inflow = Inflow(into, self._passed_on)
        self._outflows.append(Outflow(asked, self._open_pages, self._flow_ended))
        return [stdin, terminal, terminal, pages]

    # What flows

    def _write(self, data: bytes | str) -> None:
        """To the browser, bytes for its terminal or a message; the process waits until they are gone."""
        if not self._gone:
            self._outgoing.put_nowait(data)
            self.wait("network", True)

    async def _send(self) -> None:
        with contextlib.suppress(OSError, ClientError):  # it is gone, which `_listen` is told
            while (data := await self._outgoing.get()) is not None:
                if isinstance(data, bytes):
                    await self._socket.send_bytes(data)
                else:
                    await self._socket.send_str(data)
                if self._outgoing.empty():
                    self.wait("network", False)
            await self._socket.close()

    def _open_pages(self, data: bytes) -> None:
        *lines, self._pages = (self._pages + data).split(b"\n")
        for url in map(partial(str, encoding="utf-8", errors="replace"), lines):
            if urlsplit(url).scheme in ("http", "https"):
                self._write(json.dumps(["open_url", {"url": url, "new_tab": True}]))

    def _passed_on(self, size: int) -> None:
        self._unread -= size
        if self._unread < MOST_UNREAD:
            self._has_room.set()

    async def _listen(self) -> None:
        """Carries what the browser sends; what makes no sense is passed over."""
        async for message in self._socket:
            if message.type is WSMsgType.TEXT:
                with contextlib.suppress(ValueError, RecursionError):
                    await self._hear(json.loads(message.data))

    async def _hear(self, said: object) -> None:
        match said:
            case ["stdin", str(typed)]:
                await self._type(typed.encode(errors="replace"))
            case ["resize", {"width": int(columns), "height": int(rows)}]:
                self._resize(clamped(columns, rows))
            case ["ping", str(sent)]:
                with contextlib.suppress(OSError, ClientError):
                    await self._socket.send_json(["pong", sent])

    async def _type(self, data: bytes) -> None:
        self._touched = time.monotonic()
        if self._inflow is None or not self._descriptors:
            return
        self._unread += len(data)
        self._inflow.write(data)
        if self._unread >= MOST_UNREAD:
            self._has_room.clear()
            await self._has_room.wait()

    # Its end

    def _left(self) -> None:
        """Nobody is there any more: the process reads what was typed, and its end."""
        self._gone = True
        if self._over or self._inflow is None:
            return
        self._why = self._why or "left"
        self.wait("network", False)
        self._inflow.end(self._close_input)
        self._after(PATIENCE, "kill", self._signal, signal.SIGKILL)

    def _close_input(self) -> None:
        close_all(self._descriptors.pop(1))

    def _abort(self) -> None:
        self._transport.abort()

    def _exit(self, code: int) -> None:
        self._outgoing.put_nowait(None)

    def _close_flows(self) -> None:
        super()._close_flows()
        self._has_room.set()
