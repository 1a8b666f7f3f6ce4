"""The listener of `textmeter run --listen`: takes the calls of providers that tell of receipts and replies.

A call goes to `/SENDER`. It is written down before it is answered, so that what a provider was answered is
never lost; applying it is the worker's. What comes from outside is bounded: a body, the time in which it
comes, how many connections say nothing whole, how many calls wait, how many of an address are no provider's.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from store.errors import TextmeterError, WrongUsage
from store.messages.providers import Forged, Garbled, Request
from store.sentences import sentence
from tui.serving.rate_limits import Buckets

if TYPE_CHECKING:
    from store import Store
    from store.messages.providers import Called

MOST_BYTES = 100_000
"""Of a call. Pictures come as links."""
MOST_FIELDS = 200
"""Of a call's form."""
READ_WITHIN = 20.0
"""Seconds in which a call must be there as a whole, once it has begun."""
KEPT_FOR = 15.0
"""Seconds for which a connection may wait for its next call."""
MOST_SILENT = 300
"""Connections on which no call is there as a whole; the one that was silent the longest goes for the next."""
MOST_WAITING = 200
"""Calls that wait to be written down; others are asked to come again."""
AGAIN_AFTER = "5"
"""Seconds after which they may."""
MOST_WRONG = 60
"""Calls of an address in a minute that are no provider's; its others are refused unread until a second or two
are over."""
CLOSE_WITHIN = 5.0
_FORM = "application/x-www-form-urlencoded"


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether somebody should hear of it: not of what comes in and is no HTTP, which has no end."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


_log = logging.getLogger("textmeter.listener")
_log.addFilter(_is_ours)


class Listener:
    """public_url: how providers reach us, through a proxy perhaps, "" as they say themselves: what they sign
    is that."""

    def __init__(self, store: Store, public_url: str = "") -> None:
        self._store = store
        self._public_url = public_url.rstrip("/")
        self._writer = ThreadPoolExecutor(1)
        self.wrong = Buckets(MOST_WRONG)
        """How many wrong calls each address has left."""
        self._silent: dict[web.RequestHandler, None] = {}  # the longest first
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
        caller = self._caller(request)
        if caller and not self.wrong.has_one(caller):
            refusal = _come_again(429)
            refusal.force_close()  # what it says isn't read
            return refusal
        try:
            async with asyncio.timeout(READ_WITHIN):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        except (web.RequestPayloadError, ConnectionError):
            return web.Response(status=400)
        if self.waiting >= MOST_WAITING:
            return _come_again()
        self.waiting += 1
        self._silent.pop(request.protocol, None)
        try:
            said = self._read(request, body)
            loop = asyncio.get_running_loop()
            called = await loop.run_in_executor(self._writer, self._keep, request.match_info["sender"], said)
        except Forged:
            return self._was_wrong(caller, 403)
        except (Garbled, ValueError):
            return self._was_wrong(caller, 400)
        except WrongUsage:
            return self._was_wrong(caller, 404)
        except TextmeterError:  # it comes again, when it can be kept
            return _come_again()
        finally:
            self.waiting -= 1
            self._is_silent(request.protocol)
        return web.Response(text=called.answer, content_type=called.type)

    def _caller(self, request: web.Request) -> str:
        """From which address a call comes: behind a proxy as that says last; "" where it doesn't, since what
        is wrong must count against nobody else."""
        if not self._public_url:
            return request.remote or ""
        said = ",".join(request.headers.getall("X-Forwarded-For", ())).rpartition(",")[2].strip()
        try:
            return str(ipaddress.ip_address(said))
        except ValueError:
            return ""

    def _was_wrong(self, caller: str, status: int) -> web.Response:
        if caller:
            self.wrong.take(caller)
        return web.Response(status=status)

    def count(self, server: web.Server) -> None:
        """Has each connection pass by us; aiohttp itself takes as many as come."""
        take, leave = server.connection_made, server.connection_lost

        def connection_made(handler: web.RequestHandler, transport: asyncio.Transport) -> None:
            take(handler, transport)
            self._is_silent(handler)

        def connection_lost(handler: web.RequestHandler, error: BaseException | None = None) -> None:
            self._silent.pop(handler, None)
            leave(handler, error)

        server.connection_made = connection_made  # type: ignore[method-assign]
        server.connection_lost = connection_lost  # type: ignore[method-assign, assignment]

    def _is_silent(self, connection: web.RequestHandler) -> None:
        """A connection waits for its next call, if it is still there."""
        if connection.transport is None:
            return
        self._silent[connection] = None
        if len(self._silent) > MOST_SILENT:
            longest = next(iter(self._silent))
            del self._silent[longest]
            longest.force_close()

    def _read(self, request: web.Request, body: bytes) -> Request:
        form: Mapping[str, str] = {}
        if request.content_type == _FORM:
            form = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
        base = self._public_url or f"{request.scheme}://{request.host}"
        query = dict(request.query)
        headers = {name.lower(): value for name, value in request.headers.items()}
        return Request(request.method, base + request.raw_path, query, headers, body, form)

    def _keep(self, sender: str, request: Request) -> Called:
        return self._store.messages.called(sender, request)

    def close(self) -> None:
        self._writer.shutdown()


def _come_again(status: int = 503) -> web.Response:
    return web.Response(status=status, headers={"Retry-After": AGAIN_AFTER})


@contextlib.contextmanager
def listening(store: Store, host: str, port: int, public_url: str = "") -> Iterator[Listener]:
    """A listener that takes calls for the length of the block, in a thread of its own. port 0: any that is
    free, which `port` tells. Raises WrongUsage where nobody may listen there."""
    listener, loop = Listener(store, public_url), asyncio.new_event_loop()
    runner = web.AppRunner(
        listener.application(),
        access_log=None,
        logger=_log,
        auto_decompress=False,
        keepalive_timeout=KEPT_FOR,
        shutdown_timeout=CLOSE_WITHIN,
    )

    async def start() -> None:
        await runner.setup()
        assert runner.server is not None
        listener.count(runner.server)
        await web.TCPSite(runner, host, port).start()
        listener.port = runner.addresses[0][1]

    async def stop() -> None:
        await runner.cleanup()
        # Whoever is still connected is cut off; their end is waited for, or asyncio complains of it.
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=loop.run_forever, name="listener")
    thread.start()
    try:
        try:
            asyncio.run_coroutine_threadsafe(start(), loop).result()
        except OSError as error:
            raise WrongUsage(
                sentence(
                    "Can't listen on {host}, port {port}: {why}. Choose another with --listen.",
                    host=host,
                    port=str(port),
                    why=error.strerror or str(error),
                ),
                code="no-port",
            ) from error
        yield listener
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        listener.close()
