"""The app in a browser: who comes in, what its pages are, and how much of it there is.

The terminal in the page is textual-serve's; the pages are ours, and fetch nothing from other hosts. A session
is a `WebSession` (see `tui.serving.web_session`), which runs in a process of its own. What is said here is
plain HTTP: TLS is for a proxy in front.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import signal
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qs, urlsplit

import jinja2
import textual_serve
from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from store.roles import Person
from tui.i18n.language import Language
from tui.serving import server
from tui.serving.rate_limits import NO_PLACE, Guesses, one_too_many
from tui.serving.web_auth import WebAuth
from tui.serving.web_session import CLOSE_WITHIN, KEEPALIVE, MOST_BYTES, WebSession

if TYPE_CHECKING:
    from store import Store
    from store.emails.mailbox import Mailbox
    from store.messages.providers import Picture

PAGES = Path(__file__).parent.parent.parent / "assets" / "web"
TERMINAL = Path(textual_serve.__file__).parent / "static"
"""The terminal of the page, its styles and fonts."""
SIGN_IN_WITHIN = 20.0
"""Seconds within which a connection must ask for something, whole."""
KEPT_FOR = 15.0
"""Seconds for which a connection may wait for its next request."""
MOST_OF_A_FORM = 4096
"""Bytes."""
PICTURES_AT_ONCE = 4
"""Read from the database; each takes up to 5 MB of memory."""
HEADERS = {
    "Referrer-Policy": "no-referrer",  # the link to come in is in an address
    "Server": "Textmeter",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# xterm.js writes styles of its own into the page; nothing else may.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self' {websocket}; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_TAG = re.compile(r"\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(server.Config):
    """person: for whom it is. password: what lets people in, "" for a link. public_url: how browsers reach it
    through a proxy, "" without one."""

    person: Person
    password: str
    public_url: str

    @property
    def is_open(self) -> bool:
        """Whether people come in without a link or a password: to a demo that only this machine reaches. Data
        that isn't invented has to be asked for even here, where other people may work too."""
        return self.demo and not self.password and _is_loopback(self.host)


class Server(server.Server[Config, WebSession]):
    """A web server. new_link: told of each link by which one may come in."""

    def __init__(self, config: Config, new_link: Callable[[str], None]) -> None:
        super().__init__(config, "web")
        self.auth = WebAuth(config.password, is_open=config.is_open, longest=config.limits.longest)
        self.port = config.port
        self._new_link = new_link
        self.guesses = Guesses()
        self._silent: set[RequestHandler] = set()
        self._waiting: dict[RequestHandler, str] = {}  # those without a session, oldest first, by address
        self._fetching = asyncio.Semaphore(PICTURES_AT_ONCE)
        self._pages = jinja2.Environment(loader=jinja2.FileSystemLoader(PAGES), autoescape=True)
        self._runner = web.AppRunner(
            self._application(), access_log=None, keepalive_timeout=KEPT_FOR, shutdown_timeout=CLOSE_WITHIN
        )

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=MOST_OF_A_FORM, middlewares=[self._receive])
        application.add_routes(
            [
                web.get("/", self._app),
                web.get("/in/{token}", self._by_link, allow_head=False),
                web.post("/in", self._by_password),
                web.get("/ws", self._websocket, allow_head=False),
                web.get("/media/{token}/{name}", self._picture),
                web.get("/unsubscribe/{token}", self._may_unsubscribe),
                web.post("/unsubscribe/{token}", self._unsubscribe),
                web.static("/ours", PAGES / "static"),
                web.static("/terminal", TERMINAL),
            ]
        )
        application.on_response_prepare.append(self._add_headers)
        return application

    async def start(self) -> None:
        config = self.config
        await self._get_ready()
        await self._runner.setup()
        self._count_connections()
        self._serve_counters()
        with server.listening_on(config.host, config.port, "--port"):
            await web.TCPSite(self._runner, config.host, config.port, backlog=256).start()
        self.port = self._runner.addresses[0][1]
        if self.auth.has_link:
            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self.tell_link)

    @property
    def url(self) -> str:
        """Where browsers find it."""
        if self.config.public_url:
            return self.config.public_url
        host = self.config.host
        if host in ("0.0.0.0", "::"):
            host = socket.gethostname()
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def tell_link(self) -> str:
        """Tells whoever runs this server a new link to come in by; the link."""
        link = f"{self.url}/in/{self.auth.new_link()}"
        self._new_link(link)
        return link

    async def stop(self) -> None:
        self.stops = True
        for site in list(self._runner.sites):
            await site.stop()
        await self._dismiss_all()
        await self._runner.cleanup()
        await self.forks.close()
        self.runtime.remove()

    # Connections

    def _count_connections(self) -> None:
        """Has each connection pass by us; aiohttp itself takes as many as come, and waits for ever for what
        they ask."""
        server = self._runner.server
        assert server is not None
        take, loop = server.connection_made, asyncio.get_running_loop()

        def connection_made(handler: RequestHandler, transport: asyncio.Transport) -> None:
            take(handler, transport)
            self.log.connected()
            self._waiting[handler] = str((transport.get_extra_info("peername") or ("?",))[0])
            self._silent.add(handler)
            loop.call_later(SIGN_IN_WITHIN, self._end_silent, handler)
            if (one := one_too_many(self._waiting.items(), self.config.limits)) is not None:
                self.log.refused("connections", self._waiting.pop(one))
                one.force_close()

        def connection_lost(handler: RequestHandler, error: BaseException | None = None) -> None:
            self._waiting.pop(handler, None)
            self._silent.discard(handler)
            leave(handler, error)

        leave = server.connection_lost
        server.connection_made = connection_made  # type: ignore[method-assign]
        server.connection_lost = connection_lost  # type: ignore[method-assign, assignment]

    def _end_silent(self, handler: RequestHandler) -> None:
        if handler in self._silent:
            self._silent.discard(handler)
            handler.force_close()

    @web.middleware
    async def _receive(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        self._silent.discard(request.protocol)
        # A page elsewhere whose host's name leads here would else be at home here.
        if self.config.is_open and not self._is_ours(request.host):
            self._refuse(request, "host")
        return await handler(request)

    def _is_ours(self, host: str) -> bool:
        name = re.sub(r":\d+$", "", host).strip("[]")
        return _is_loopback(name) or host == urlsplit(self.config.public_url).netloc

    async def _add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(HEADERS)
        response.headers["Content-Security-Policy"] = POLICY.format(websocket=self._websocket_url(request))
        response.headers.setdefault("Cache-Control", "no-store")

    def _websocket_url(self, request: web.Request) -> str:
        return re.sub("^http", "ws", self.config.public_url or f"http://{request.host}") + "/ws"

    def _refuse(self, request: web.Request, why: str) -> NoReturn:
        self.log.refused(why, _address(request))
        raise web.HTTPForbidden

    # Coming in

    @property
    def _cookie(self) -> str:
        return f"textmeter-{self.port}"  # browsers keep those of all ports together

    def _may_stay(self, request: web.Request) -> bool:
        return self.auth.lets_in(request.cookies.get(self._cookie))

    def _try(self, request: web.Request) -> None:
        """Counts an attempt to come in, and refuses it where there were too many."""
        address = _address(request)
        if not self.attempts.take(address):
            self.log.refused("attempts", address)
            raise web.HTTPTooManyRequests(headers={"Retry-After": "60"})

    async def _by_link(self, request: web.Request) -> web.Response:
        self._try(request)
        entered = self.auth.enter_by_link(request.match_info["token"])
        if entered is None:
            self.log.refused("link", _address(request))
            return self._sign_in_page(request, was_wrong=True)
        self.tell_link()
        # Not a redirect: a browser that followed the link from another site would come without its cookie.
        return self._let_in(self._page(request, "welcome.html"), entered)

    async def _by_password(self, request: web.Request) -> web.Response:
        self._try(request)
        try:
            async with asyncio.timeout(SIGN_IN_WITHIN):
                form = parse_qs((await request.read()).decode())
        except (TimeoutError, ValueError) as error:
            raise web.HTTPBadRequest from error
        password, address = form.get("password", [""])[0], _address(request)
        if not self.guesses.may_try(address):
            self.log.refused("attempts", address)
            raise web.HTTPTooManyRequests(headers={"Retry-After": "60"})
        entered = self.auth.enter_by_password(password)
        if entered is None:
            self.guesses.was_wrong(address)
            self.log.refused("password", address)
            return self._sign_in_page(request, was_wrong=True)
        self.guesses.was_right(address)
        return self._let_in(web.Response(status=303, headers={"Location": "/"}), entered)

    def _let_in(self, response: web.Response, entered: str) -> web.Response:
        response.set_cookie(
            self._cookie,
            entered,
            max_age=int(self.config.limits.longest),
            httponly=True,
            samesite="Strict",
            secure=self.config.public_url.startswith("https:"),
        )
        return response

    def _sign_in_page(self, request: web.Request, *, was_wrong: bool = False) -> web.Response:
        _ = Language(_language(request)).gettext
        if self.auth.has_password:
            lines = [_("Wrong password. Try again.")] if was_wrong else []
        else:
            lines = [
                _("This link has expired or was already used.")
                if was_wrong
                else _("You need a link to sign in."),
                _("Ask the person who runs this server for a new link: each one works once, in one browser."),
            ]
        return self._page(
            request,
            "door.html",
            status=403,
            lines=lines,
            password=_("Password") if self.auth.has_password else "",
            enter=_("Sign in"),
        )

    # Pictures

    async def _picture(self, request: web.Request) -> web.Response:
        """A picture of a text that was sent, for whoever has the link: a provider that fetches it."""
        async with self._fetching:
            picture = await asyncio.to_thread(self._linked, request.match_info["token"])
        if picture is None:
            self.log.refused("picture", _address(request))
            raise web.HTTPNotFound
        return web.Response(body=picture.content, content_type=picture.type)

    def _linked(self, token: str) -> Picture | None:
        """What a link means; None for one that is forged or expired, and in a demo."""
        return None if self.config.demo else self._store.senders.picture(token)

    # Unsubscribing

    async def _may_unsubscribe(self, request: web.Request) -> web.Response:
        """A page with one button: programs look at links before people do, so a look changes nothing."""
        _ = Language(_language(request)).gettext
        if not await self._of_email(request, lambda mailbox, token: mailbox.can_unsubscribe(token)):
            return self._page(request, "door.html", status=404, lines=[_("This link doesn't work.")])
        lines = [_("Do you want to stop getting these emails?")]
        return self._page(request, "unsubscribe.html", lines=lines, unsubscribe=_("Unsubscribe"))

    async def _unsubscribe(self, request: web.Request) -> web.Response:
        """By the button, or by a mail program's one click (RFC 8058), which has no cookie and wants no other
        page."""
        _ = Language(_language(request)).gettext
        if not await self._of_email(request, lambda mailbox, token: mailbox.unsubscribe(token)):
            return self._page(request, "door.html", status=404, lines=[_("This link doesn't work.")])
        lines = [_("You won't get these emails anymore.")]
        return self._page(request, "unsubscribe.html", lines=lines)

    async def _of_email(self, request: web.Request, ask: Callable[[Mailbox, str], bool]) -> bool:
        """What is asked of the link in an email; False in a demo."""
        token = request.match_info["token"]
        if self.config.demo:
            return False
        async with self._fetching:
            found = await asyncio.to_thread(lambda: ask(self._store.mailbox, token))
        if not found:
            self.log.refused("link", _address(request))
        return found

    @cached_property
    def _store(self) -> Store:
        """The database, open in each thread only while it is asked."""
        from store import Store
        from store.config import default_catalog

        return Store(self.config.database, catalog=default_catalog(), person=self.config.person)

    # Pages

    def _page(self, request: web.Request, name: str, status: int = 200, **values: object) -> web.Response:
        language = Language(_language(request))
        text = self._pages.get_template(name).render(values, language=language.code)
        return web.Response(text=text, content_type="text/html", status=status)

    async def _app(self, request: web.Request) -> web.Response:
        if not self._may_stay(request):
            return self._sign_in_page(request)
        _ = Language(_language(request)).gettext
        if not self.places.is_one_for(_address(request)):
            lines = [Language(_language(request)).say(NO_PLACE)]
            return self._page(request, "door.html", status=503, lines=lines, again=_("Try again"))
        return self._page(
            request,
            "app.html",
            websocket=self._websocket_url(request),
            starts=_("Textmeter is starting …"),
            ended=(
                _("The session has ended, and its demo data is gone.")
                if self.config.demo
                else _("The session has ended. Your drafts are saved.")
            ),
            again=_("Start again"),
            script=_("This page is a terminal and needs JavaScript."),
        )

    async def _websocket(self, request: web.Request) -> web.WebSocketResponse:
        ours = {f"http://{request.host}", self.config.public_url or None}
        if (origin := request.headers.get("Origin")) is None or origin not in ours:
            self._refuse(request, "origin")
        self._try(request)
        if not self._may_stay(request):
            self._refuse(request, "pass")
        response = web.WebSocketResponse(
            timeout=CLOSE_WITHIN, heartbeat=KEEPALIVE, max_msg_size=MOST_BYTES, compress=False
        )
        await response.prepare(request)
        transport = request.transport
        if transport is not None:  # else it is gone already
            session = WebSession(
                self, self.config.person, response, transport, _address(request), _language(request)
            )
            self._waiting.pop(request.protocol, None)
            await session.stay(_number(request, "width"), _number(request, "height"))
        return response


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _address(request: web.Request) -> str:
    return request.remote or "?"


def _language(request: web.Request) -> str:
    """The tag of the language that a browser likes best."""
    found = _TAG.match(request.headers.get("Accept-Language", ""))
    return found[1].replace("-", "_") if found else "en"


def _number(request: web.Request, name: str) -> int:
    """A number of the query, 0 where there is none."""
    text = request.query.get(name, "")
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0
