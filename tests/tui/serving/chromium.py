"""A headless Chromium, as much of it as our tests need, over its own protocol (CDP)."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

from tests.environment import browser
from tests.tui.serving.painted import Painted
from tests.waiting import WITHIN

FLAGS = (
    "--headless",
    "--no-sandbox",  # it won't run as root with one
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
    "--window-size=1200,800",
)


class Page:
    """A tab. requested: the URLs of all that it asked for, websockets too. painted: what its terminal shows,
    read off the frames that came over its websocket. complaints: what the browser wrote to its console about
    what it refused, and errors of scripts."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, session: str) -> None:
        self._socket = socket
        self._session = session
        self._numbers = count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._came = asyncio.Event()
        self.requested: list[str] = []
        self.complaints: list[str] = []
        self.painted = Painted()

    async def listen(self) -> None:
        """Takes what the browser says, until it is gone."""
        async for message in self._socket:
            said = message.json()
            if answer := self._answers.pop(said.get("id", 0), None):
                answer.set_result(said)
            self._hear(said.get("method"), said.get("params", {}))
            self._came.set()

    def _hear(self, event: str | None, told: dict[str, Any]) -> None:
        match event:
            case "Network.requestWillBeSent":
                self.requested.append(told["request"]["url"])
            case "Network.webSocketCreated":
                self.requested.append(told["url"])
            case "Network.webSocketFrameReceived" if told["response"]["opcode"] == 2:
                self.painted.feed(base64.b64decode(told["response"]["payloadData"]))
            case "Log.entryAdded" if told["entry"]["level"] == "error":
                self.complaints.append(told["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.complaints.append(told["exceptionDetails"]["text"])

    async def call(self, method: str, *, of_the_browser: bool = False, **parameters: object) -> Any:
        """A command of the protocol; its result."""
        number = next(self._numbers)
        self._answers[number] = answer = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": parameters}
        await self._socket.send_json(message if of_the_browser else {**message, "sessionId": self._session})
        said = await asyncio.wait_for(answer, WITHIN)
        assert "error" not in said, f"{method}: {said['error']}"
        return said["result"]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits for something that follows from what the browser tells."""
        try:
            async with asyncio.timeout(WITHIN):
                while not holds():
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            raise AssertionError(f"It did not come. The terminal shows:\n{self.painted.text}") from None

    async def until_shown(self, text: str) -> None:
        await self.until(lambda: text in self.painted.text)

    async def evaluate(self, script: str) -> Any:
        """The value of an expression in the page."""
        return (await self.call("Runtime.evaluate", expression=script))["result"].get("value")

    async def until_true(self, script: str) -> None:
        """Waits until an expression in the page, or in the one that it leads to, holds."""
        async with asyncio.timeout(WITHIN):
            while not await self.evaluate(script):
                await asyncio.sleep(0.02)

    async def open(self, url: str) -> None:
        self.painted = Painted()
        await self.call("Page.navigate", url=url)

    async def type(self, text: str) -> None:
        await self.call("Input.insertText", text=text)

    async def press(self, key: str, code: int, *, ctrl: bool = False) -> None:
        """A key by its name and its code in Windows."""
        about: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 2 * ctrl}
        if key == "Enter":
            about["text"] = "\r"
        for kind in ("keyDown", "keyUp"):
            await self.call("Input.dispatchKeyEvent", type=kind, **about)

    async def tap(self, x: float, y: float) -> None:
        """A finger that touches the page for a moment."""
        await self.swipe((x, y), (x, y), steps=0)

    async def swipe(self, start: tuple[float, float], end: tuple[float, float], steps: int = 20) -> None:
        """A finger that moves over the page."""

        async def touch(kind: str, *points: tuple[float, float]) -> None:
            touches = [{"x": x, "y": y} for x, y in points]
            await self.call("Input.dispatchTouchEvent", type=kind, touchPoints=touches)

        await touch("touchStart", start)
        for step in range(1, steps + 1):
            done = step / steps
            await touch("touchMove", tuple(a + (b - a) * done for a, b in zip(start, end, strict=True)))  # type: ignore[arg-type]
        await touch("touchEnd")

    async def resize(self, width: int, height: int) -> None:
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    async def picture(self) -> bytes:
        """What it looks like, as PNG."""
        return base64.b64decode((await self.call("Page.captureScreenshot"))["data"])

    async def close(self) -> None:
        target = (await self.call("Target.getTargetInfo"))["targetInfo"]["targetId"]
        await self.call("Target.closeTarget", of_the_browser=True, targetId=target)


@asynccontextmanager
async def tab(folder: Path) -> AsyncIterator[Page]:
    """A tab of a browser of its own. folder: an empty one, for its profile."""
    program = browser()
    assert program is not None
    process = await asyncio.create_subprocess_exec(
        *(program, *FLAGS, f"--user-data-dir={folder}", "about:blank"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(WITHIN):
            while not (line := await process.stderr.readline()).startswith(b"DevTools listening on "):
                assert line, "the browser ended before it listened"
        silence = asyncio.create_task(process.stderr.read())
        address = line.split()[-1].decode()
        async with aiohttp.ClientSession() as client, client.ws_connect(address, max_msg_size=0) as socket:
            page = Page(socket, "")
            listening = asyncio.create_task(page.listen())
            targets = await page.call("Target.getTargets", of_the_browser=True)
            target = next(one["targetId"] for one in targets["targetInfos"] if one["type"] == "page")
            attached = await page.call(
                "Target.attachToTarget", of_the_browser=True, targetId=target, flatten=True
            )
            page._session = attached["sessionId"]
            for domain in ("Network", "Page", "Runtime", "Log"):
                await page.call(f"{domain}.enable")
            yield page
            await page.call("Browser.close", of_the_browser=True)
            await asyncio.wait_for(process.wait(), WITHIN)
            await asyncio.gather(listening, silence)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
