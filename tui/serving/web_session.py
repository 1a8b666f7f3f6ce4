"""A session in a browser: its websocket, the process behind it, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from store.roles import Person
from store.sentences import Sentence
from tui.i18n.language import Language
from tui.i18n.sanitize import plain
from tui.serving.log import SessionInfo
from tui.serving.rate_limits import NO_PLACE, STOPPING
from tui.serving.session import VARIABLE
from tui.serving.session_spec import LANGUAGE, TERMINAL, SessionSpec, clamped, python_path, why_ended
from tui.serving.web_driver import NAME as DRIVER

if TYPE_CHECKING:
    from tui.serving.server import Config, Server, Session

KEEPALIVE = 15.0
"""Seconds between questions whether a browser is still there; half of it has it to answer."""
SLOW_AFTER = 30.0
"""Seconds after which a browser that takes nothing is cut off."""
PATIENCE = 10.0
"""Seconds that a process has to end in order, and beyond the limits that it keeps by itself."""
MOST_BYTES = 1 << 20
"""Of a message from a browser: what is pasted comes in one."""
MOST_SAID = 4096
"""Bytes that are kept of what a process says beside the app: a sentence why it ended."""
SESSION = "tui.serving.session"
FIRST_LINE = b"__GANGLION__\n"
"""What a driver for browsers begins with."""
CLEAR = b"\x1b[2J\x1b[H"
PASSWORD = ("TEXTMETER_WEB_PASSWORD", "TEXTMETER_SECRET_WEB_PASSWORD")
NOT_ITS = ("TERM", "COLUMNS", "LINES", "ROWS", "TMUX", *TERMINAL, *LANGUAGE, *PASSWORD)
"""Variables of the server that aren't a session's, as those of Textual aren't."""


class WebSession(AppService):
    """One session. `AppService` knows how to talk to an app; how its process begins and ends is ours.

    transport: of the websocket. language: the tag of the visitor's.
    """

    def __init__(
        self,
        server: Server[Config, Session],
        person: Person,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport,
        address: str,
        language: str,
    ) -> None:
        super().__init__(
            "",
            write_bytes=self._write,
            write_str=socket.send_str,
            close=self._close,
            download_manager=DownloadManager(),  # unused: an app that is served delivers no files
        )
        self._server = server
        self._person = person
        self._socket = socket
        self._transport = transport
        self._address = address
        self._language = language
        self._why = ""
        self._said = b""
        self._began = self._touched = time.monotonic()
        self._folder = ""
        self._watched: int | None = None

    async def stay(self, columns: int, rows: int) -> None:
        """Runs the session to its end. columns, rows: of the browser's terminal, as it says."""
        server, person = self._server, self._person
        columns, rows = clamped(columns, rows)
        if server.stops:
            await self._turn_away("stopping", STOPPING)
            return
        if not server.places.take(self._address):
            await self._turn_away("sessions", NO_PLACE)
            return
        number = server.next_number()
        told = SessionInfo(
            number, person.name, person.role, self._address, "", f"browser {columns}x{rows}", ""
        )
        server.sessions.add(self)
        server.log.began(told)
        try:
            await self.start(columns, rows)
            await self._live()
        except OSError as error:
            server.log.says(f"session={number} could not be started: {error}")
            self._why = "not-started"
        finally:
            self._why = self._why or "stopped"  # where this was cancelled
            server.log.ended(told, time.monotonic() - self._began, self._why)
            server.places.give_back(self._address)
            server.sessions.discard(self)
            if self._watched is not None:
                os.close(self._watched)
            if self._folder:
                shutil.rmtree(self._folder, ignore_errors=True)
        if said := self._said.decode(errors="replace").split():
            server.log.says(f"session={number} said: {plain(' '.join(said))}")
        await self._close()

    async def _close(self) -> None:
        await self._socket.close()

    async def _turn_away(self, why: str, says: Sentence) -> None:
        self._server.log.refused(why, self._address)
        await self._write(f"{Language(self._language).say(says)}\r\n".encode())
        await self._close()

    def dismiss(self) -> None:
        """The server is about to stop: the person is told, and the session ends in order."""
        self._why = self._why or "stopped"
        self._signal(signal.SIGTERM)

    # Its process

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        if self._server.config.demo:
            self._folder = tempfile.mkdtemp(prefix="web-", dir=self._server.runtime.folder)
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", SESSION),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
            start_new_session=True,  # Ctrl-C is the server's
        )
        self._stdin = self._process.stdin
        self._watched = os.pidfd_open(self._process.pid)
        return self._process

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        config = self._server.config
        spec = SessionSpec(
            database=str(self._server.runtime.template) if config.demo else config.database,
            person=self._person,
            folder=self._folder,
            idle=config.limits.idle,
            longest=config.limits.longest,
        )
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in NOT_ITS and not name.startswith("TEXTUAL")
        }
        return kept | {
            VARIABLE: spec.to_json(),
            "LANG": f"{self._language}.UTF-8",
            "TERM": "xterm-256color",
            "COLUMNS": str(width),
            "ROWS": str(height),
            "PYTHONUTF8": "1",
            "PYTHONPATH": python_path(),
            "TEXTUAL_DRIVER": DRIVER,
            "TEXTUAL_FPS": "60",
            "TEXTUAL_COLOR_SYSTEM": "truecolor",
        }

    async def _live(self) -> None:
        """Carries what flows, until the process ends or its browser is gone; then nothing of it is left."""
        process, output = self._process, self._task
        assert process is not None
        assert output is not None
        heard = asyncio.create_task(self._listen())
        errors = asyncio.create_task(self._read_errors(process))
        try:
            while not (output.done() or heard.done()) and (left := self._left()) > 0:
                await asyncio.wait({output, heard}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if not output.done():
                self._why = self._why or ("left" if heard.done() else "overdue")
            code = await self._end(process)
            await asyncio.wait({output, errors}, timeout=PATIENCE)
            was_idle = self._server.config.limits.was_idle(time.monotonic() - self._touched)
            self._why = self._why or why_ended(code, was_idle=was_idle)
            if self._said:
                await self._write(CLEAR + self._said.replace(b"\n", b"\r\n"))
        finally:
            self._signal(signal.SIGKILL)
            for task in (heard, errors, output):
                task.cancel()
            await asyncio.gather(heard, errors, output, return_exceptions=True)

    def _left(self) -> float:
        """Seconds until it should have ended by itself long since."""
        ends = self._server.config.limits.end(self._began, self._touched)
        return ends + PATIENCE - time.monotonic()

    async def _end(self, process: Process) -> int:
        """Has the process end: in order, as its driver takes the end of what it reads, or else at once."""
        self.stdin.close()
        for which in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(process.wait(), PATIENCE)
            self._signal(which)
        return await process.wait()

    def _signal(self, which: signal.Signals) -> None:
        # Not by asyncio, which may take from itself how the process ended by that.
        if self._watched is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._watched, which)

    # What flows

    async def run(self) -> None:
        """Carries what the process writes: packets after a first line, each a letter, a length of four bytes
        and so many bytes."""
        assert self._process is not None
        assert self._process.stdout is not None
        stdout = self._process.stdout
        with contextlib.suppress(asyncio.IncompleteReadError):
            await stdout.readuntil(FIRST_LINE)
            while True:
                head = await stdout.readexactly(5)
                payload = await stdout.readexactly(int.from_bytes(head[1:], "big"))
                if head[:1] == b"D":
                    await self.on_data(payload)
                elif head[:1] == b"M":
                    await self.on_meta(payload)

    async def on_meta(self, data: bytes) -> None:
        """What the app says to the page: of this, only pages to open are passed on, no files."""
        meta = json.loads(data)
        if meta["type"] == "open_url" and urlsplit(meta["url"]).scheme in ("http", "https"):
            with contextlib.suppress(OSError):
                await self._socket.send_json(["open_url", {"url": meta["url"], "new_tab": True}])

    async def _write(self, data: bytes) -> None:
        """To the browser; one that takes nothing for long is cut off. Meanwhile the process waits."""
        try:
            async with asyncio.timeout(SLOW_AFTER):
                await self._socket.send_bytes(data)
        except TimeoutError:
            self._why = self._why or "slow"
            self._transport.abort()
        except OSError:  # it is gone, which `_listen` is told
            pass

    async def _read_errors(self, process: Process) -> None:
        """Keeps what the process says beside the app."""
        assert process.stderr is not None
        while data := await process.stderr.read(MOST_SAID):
            self._said += data[: MOST_SAID - len(self._said)]

    async def _listen(self) -> None:
        """Carries what the browser sends; what makes no sense is passed over."""
        async for message in self._socket:
            if message.type is WSMsgType.TEXT:
                with contextlib.suppress(ValueError, RecursionError):
                    await self._hear(json.loads(message.data))

    async def _hear(self, said: object) -> None:
        match said:
            case ["stdin", str(typed)]:
                self._touched = time.monotonic()
                await self.send_bytes(typed.encode(errors="replace"))
            case ["resize", {"width": int(columns), "height": int(rows)}]:
                await self.set_terminal_size(*clamped(columns, rows))
            case ["ping", str(sent)]:
                await self._socket.send_json(["pong", sent])
            case ["focus"]:
                await self.focus()
            case ["blur"]:
                await self.blur()
