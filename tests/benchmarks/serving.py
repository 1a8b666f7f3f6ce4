"""Sessions over SSH and in a browser: fifty people who type in Compose at once against one, on the same
server; how long one takes to see the first frame, against a demo's own process; how soon a browser's terminal
gets its first bytes, against SSH's; and what a session weighs.

Server, sessions and the clients that measure share the machine. A key's time ends with the last byte that
came before silence.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median, quantiles

import aiohttp
import asyncssh

from tests import environment
from tests.benchmarks.report import Figure, duration
from tests.benchmarks.startup import COLUMNS, LAST_ROW, ROWS, in_turn, paints
from tests.processes import below
from tests.ssh import TEXTMETER, Server, Sitting, connected, serving, sit
from tests.tui.serving.webserver import served
from tests.waiting import until

SESSIONS = 50
KEYS = 20
"""That each of them types, twice a second."""
ALONE = 40
PAUSE = 0.5
QUIET = 0.15
"""Seconds without output after which an answer counts as complete; not part of what is measured."""
STARTS = 20
WORDS = "the open house is on sunday and the price has dropped again "

ANSWER = {b"\x1b[?2026$p": b"\x1b[?2026;2$y"}
MOST_MS, MOST_RATIO, MOST_START, MOST_WEB, MOST_BYTES, MOST_MB = 60, 2, 0.6, 1.5, 1500, 18


def figures() -> list[Figure]:
    variables = environment.variables() | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    with tempfile.TemporaryDirectory() as folder:
        variables |= {"HOME": folder, "XDG_DATA_HOME": folder}
        with serving(Path(folder), "--demo", "--anonymous") as server:
            started, own = in_turn(
                STARTS,
                lambda: [asyncio.run(first_paint(server.port))],
                lambda: paints([TEXTMETER, "demo"], variables, ("Home",))[:1],
            )
            ssh, web = asyncio.run(first_bytes(server.port, folder))
            found = asyncio.run(measure(server))
    alone, together, size, weight = found
    return [
        Figure.of_times(
            f"A key in Compose over SSH, {SESSIONS} typing, 95th percentile",
            together,
            "one typing",
            alone,
            MOST_RATIO,
        ),
        Figure(
            f"A key in Compose over SSH, {SESSIONS} typing, 95th percentile",
            duration(together),
            "",
            "",
            f"at most {MOST_MS} ms",
            together * 1000 <= MOST_MS,
        ),
        Figure.of_times(
            "Connect to first paint over SSH",
            started[0],
            "`textmeter demo`, start to first paint",
            own[0],
            MOST_START,
        ),
        Figure.of_times(
            "Websocket to first bytes in a browser", web, "session to first bytes over SSH", ssh, MOST_WEB
        ),
        Figure(
            "Bytes a key in Compose over SSH",
            f"{size:,.0f} bytes",
            "",
            "",
            f"at most {MOST_BYTES:,} bytes",
            size <= MOST_BYTES,
        ),
        Figure(
            f"Memory of a session beyond the server's (PSS, mean of {SESSIONS})",
            f"{weight:.1f} MB",
            "",
            "",
            f"at most {MOST_MB} MB",
            weight <= MOST_MB,
        ),
    ]


class Typist(Sitting):
    """A person's terminal that notes when output came, and answers as present-day ones do."""

    def __init__(self) -> None:
        super().__init__()
        self.first = self.last = 0.0

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        super().data_received(data, datatype)
        self.last = time.perf_counter()
        self.first = self.first or self.last
        for question, answer in ANSWER.items():
            if question in data:
                self.channel.write(answer)

    async def quiet(self, seconds: float = QUIET) -> None:
        """Returns when nothing has come for so long."""
        begun = time.perf_counter()
        while (left := max(self.last, begun) + seconds - time.perf_counter()) > 0:
            await asyncio.sleep(left)

    async def press(self, key: str) -> tuple[float, int]:
        """Types a key; seconds to the last byte of its answer, and the bytes."""
        before, began = len(self.output), time.perf_counter()
        self.type(key)
        await self.quiet()
        if len(self.output) == before:
            await self.quiet(1)
        return self.last - began, len(self.output) - before


@contextlib.asynccontextmanager
async def typist(port: int) -> AsyncIterator[Typist]:
    async with connected(port) as connection:
        yield await sit(connection, kind=Typist, size=(COLUMNS, ROWS))


async def first_paint(port: int) -> float:
    """Seconds from the connection until the last row and the screen's name are there."""
    began = time.perf_counter()
    async with typist(port) as session:
        await until(lambda: LAST_ROW in session.output and b"Home" in session.output)
        return session.last - began


async def first_bytes(port: int, home: str) -> tuple[float, float]:
    """Median seconds from asking for a session on an open connection to the first that comes of it, over SSH
    and by a browser's websocket, in turn."""
    taken: list[tuple[float, float]] = []
    limits = ("--attempts", "100000")
    async with (
        served("--demo", *limits, HOME=home) as (_, told),
        aiohttp.ClientSession(told["url"]) as browser,
    ):
        for _ in range(STARTS + 1):
            async with connected(port) as connection:
                began = time.perf_counter()
                session = await sit(connection, kind=Typist, size=(COLUMNS, ROWS))
                await session.quiet()
                ssh = session.first - began
            began = time.perf_counter()
            address = f"/ws?width={COLUMNS}&height={ROWS}"
            async with browser.ws_connect(address, headers={"Origin": told["url"]}) as socket:
                await socket.receive_bytes()
                taken.append((ssh, time.perf_counter() - began))
    over_ssh, in_browser = zip(*taken[1:], strict=True)
    return median(over_ssh), median(in_browser)


async def measure(server: Server) -> tuple[float, float, float, float]:
    """95th percentiles of a key's time with one and with all, the mean of its bytes, MB a session."""
    async with contextlib.AsyncExitStack() as stack:
        sessions = [await stack.enter_async_context(writing(server.port))]
        alone = await types(sessions[0], ALONE)
        await stack.aclose()
    empty = pss(server.process.pid)
    async with contextlib.AsyncExitStack() as stack:
        sessions = [await stack.enter_async_context(writing(server.port)) for _ in range(SESSIONS)]
        answers = await asyncio.gather(*(types(session) for session in sessions))
        full = pss(server.process.pid)
    together = [answer for each in answers for answer in each]
    return (
        quantiles((seconds for seconds, _ in alone), n=20)[-1],
        quantiles((seconds for seconds, _ in together), n=20)[-1],
        sum(size for _, size in together) / len(together),
        (full - empty) / SESSIONS / 1e6,
    )


@contextlib.asynccontextmanager
async def writing(port: int) -> AsyncIterator[Typist]:
    """Somebody in Compose, at the end of a text."""
    async with typist(port) as session:
        await session.shows("1 of 6")
        await session.quiet(0.3)
        for key in ("\x1b", "\x1bOR", "\x1b[1;5F"):  # the tour's end, F3, the text's end
            await session.press(key)
        yield session


async def types(session: Typist, keys: int = KEYS) -> list[tuple[float, int]]:
    """Keys at a steady pace, begun at a random moment of it."""
    await asyncio.sleep(random.random() * PAUSE)
    answers = []
    for key in (WORDS * keys)[:keys]:
        next_key = time.perf_counter() + PAUSE
        answers.append(await session.press(key))
        await asyncio.sleep(max(next_key - time.perf_counter(), 0))
    return answers


def pss(pid: int) -> int:
    """The proportional set size of a process and all below it, in bytes."""
    total = 0
    for one in (pid, *below(pid)):
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += sum(int(size) for size in re.findall(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)) * 1024
    return total
