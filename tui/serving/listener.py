"""The listener of `textmeter run --listen`: takes the calls of providers that tell of receipts and replies.

A call goes to `/SENDER`. It is written down before it is answered, so that what a provider was answered is
never lost; applying it is the worker's. What comes from outside is bounded: a body, how many calls wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from aiohttp import web

from store.errors import TextmeterError, WrongUsage
from store.messages.providers import Forged, Garbled, Request
from store.sentences import sentence

if TYPE_CHECKING:
    from store import Store
    from store.messages.providers import Called

MOST_BYTES = 1_000_000
"""Of a call."""
MOST_WAITING = 200
"""Calls that wait to be written down; others are asked to come again."""
AGAIN_AFTER = "5"
"""Seconds after which they may."""
CLOSE_WITHIN = 5.0
_FORM = "application/x-www-form-urlencoded"


class Listener:
    """public_url: how providers reach us, through a proxy perhaps, "" as they say themselves: what they sign
    is that."""

    def __init__(self, store: Store, public_url: str = "") -> None:
        self._store = store
        self._public_url = public_url.rstrip("/")
        self._writer = ThreadPoolExecutor(1)
        self.waiting = 0
        self.port = 0

    def application(self) -> web.Application:
        application = web.Application(client_max_size=MOST_BYTES)
        for path in ("/{sender}", "/{sender}/{_:.*}"):
            application.router.add_route("*", path, self._called)
        return application

    async def _called(self, request: web.Request) -> web.Response:
        if request.method not in ("GET", "POST"):
            raise web.HTTPMethodNotAllowed(request.method, ["GET", "POST"])
        if self.waiting >= MOST_WAITING:
            return web.Response(status=503, headers={"Retry-After": AGAIN_AFTER})
        self.waiting += 1
        try:
            said = self._read(request, await request.read())
            loop = asyncio.get_running_loop()
            called = await loop.run_in_executor(self._writer, self._keep, request.match_info["sender"], said)
        except Forged:
            return web.Response(status=403)
        except (Garbled, UnicodeError):
            return web.Response(status=400)
        except WrongUsage:
            return web.Response(status=404)
        except TextmeterError:  # it comes again, when it can be kept
            return web.Response(status=503, headers={"Retry-After": AGAIN_AFTER})
        finally:
            self.waiting -= 1
        return web.Response(text=called.answer, content_type=called.type)

    def _read(self, request: web.Request, body: bytes) -> Request:
        form: Mapping[str, str] = {}
        if request.content_type == _FORM:
            form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        base = self._public_url or f"{request.scheme}://{request.host}"
        query = dict(request.query)
        headers = {name.lower(): value for name, value in request.headers.items()}
        return Request(request.method, base + request.raw_path, query, headers, body, form)

    def _keep(self, sender: str, request: Request) -> Called:
        return self._store.messages.called(sender, request)

    def close(self) -> None:
        self._writer.shutdown()


@contextlib.contextmanager
def listening(store: Store, host: str, port: int, public_url: str = "") -> Iterator[Listener]:
    """A listener that takes calls for the length of the block, in a thread of its own. port 0: any that is
    free, which `port` tells. Raises WrongUsage where nobody may listen there."""
    listener, loop = Listener(store, public_url), asyncio.new_event_loop()
    runner = web.AppRunner(listener.application(), access_log=None, shutdown_timeout=CLOSE_WITHIN)

    async def start() -> None:
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
        listener.port = runner.addresses[0][1]

    thread = threading.Thread(target=loop.run_forever, name="listener")
    thread.start()
    try:
        try:
            asyncio.run_coroutine_threadsafe(start(), loop).result()
        except OSError as error:
            raise WrongUsage(
                sentence(
                    "Nobody can listen at {host}, port {port}: {why}. Take another with --listen.",
                    host=host,
                    port=str(port),
                    why=error.strerror or str(error),
                ),
                code="no-port",
            ) from error
        yield listener
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        listener.close()
