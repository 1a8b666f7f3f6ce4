"""The app in a browser, without one: who comes in, what a session takes and refuses, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import itertools
import json
import os
import re
import signal
import socket
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from store.errors import TextmeterError, WrongUsage
from store.roles import Person, Role
from tests.tui.serving import webserver
from tests.tui.serving.conftest import open_here
from tests.tui.serving.webserver import (
    Browser,
    Links,
    client,
    drafts,
    emptied,
    gone,
    make_database,
    serving,
    sessions_of,
    tab,
)
from tests.waiting import WITHIN, until
from tui.base.looks import NIGHT
from tui.commands import main
from tui.serving import forked_session, web, web_session
from tui.serving.rate_limits import Limits
from tui.serving.session_spec import PAGES

HOLES = re.compile(r"""(?:href|src|action|url|data-session-websocket-url)\s*[=(]\s*["']?([^"')\s>]+)""")
"""Addresses in a page or its styles."""


@pytest.fixture
def database(tmp_path: Path) -> str:
    return make_database(tmp_path)


# Coming in


async def test_a_link_lets_one_browser_in_once(database: str) -> None:
    links = Links()
    async with serving(database, links=links) as server, client(server) as mine, client(server) as another:
        first = links.path
        assert (await mine.get("/")).status == 403
        welcome = await mine.get(first)
        assert welcome.status == 200
        assert 'http-equiv="refresh" content="0; url=/"' in await welcome.text()
        assert (await mine.get("/")).status == 200
        again = await another.get(first)
        assert again.status == 403
        assert "expired or was already used" in await again.text()
        assert (await another.get("/")).status == 403
        # A new one was told as that one was used.
        assert len(links) == 2
        assert (await another.get(links.path)).status == 200
        assert (await another.get("/")).status == 200


async def test_looking_at_a_link_does_not_use_it_up(database: str) -> None:
    links = Links()
    async with serving(database, links=links) as server, client(server) as browser:
        assert (await browser.head(links.path)).status == 405
        assert (await browser.get(links.path)).status == 200


async def test_a_signal_asks_for_a_new_link(database: str) -> None:
    links = Links()
    async with serving(database, links=links) as server, client(server) as browser:
        first = links.path
        os.kill(os.getpid(), signal.SIGUSR1)
        while len(links) == 1:
            await asyncio.sleep(0)
        assert (await browser.get(first)).status == 403
        assert (await browser.get(links.path)).status == 200


async def test_a_password_lets_in_and_the_pass_is_for_this_server_alone(database: str) -> None:
    async with serving(database, password="open sesame") as server, client(server) as browser:
        door = await browser.get("/")
        assert door.status == 403
        assert '<form method="post" action="/in">' in await door.text()
        wrong = await browser.post("/in", data={"password": "open barley"})
        assert wrong.status == 403
        assert "Wrong password. Try again." in await wrong.text()
        assert not wrong.cookies
        right = await browser.post("/in", data={"password": "open sesame"}, allow_redirects=False)
        assert (right.status, right.headers["Location"]) == (303, "/")
        (cookie,) = right.cookies.values()
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
        assert int(cookie["max-age"]) == 4 * 60 * 60
        assert not cookie["secure"]
        assert (await browser.get("/")).status == 200


async def test_behind_a_proxy_with_tls_the_pass_is_for_tls_alone(database: str) -> None:
    public = "https://texts.example.org"
    async with serving(database, password="open sesame", public_url=public) as server:
        here = f"http://127.0.0.1:{server.port}"
        async with client(here) as browser:
            done = await browser.post("/in", data={"password": "open sesame"}, allow_redirects=False)
            (cookie,) = done.cookies.values()
            assert cookie["secure"] is True
            passed = {"Cookie": f"{cookie.key}={cookie.value}"}
            page = await browser.get("/", headers=passed)
            assert 'data-session-websocket-url="wss://texts.example.org/ws"' in await page.text()
            assert "wss://texts.example.org/ws;" in page.headers["Content-Security-Policy"]
            async with browser.ws_connect("/ws", headers={**passed, "Origin": public}) as opened:
                await webserver.Tab(opened).until_shown("credits left")


async def test_tries_of_an_address_are_limited_right_or_wrong(database: str) -> None:
    limits = Limits(attempts=3)
    async with serving(database, password="open sesame", limits=limits) as server, client(server) as browser:
        for _ in range(3):
            assert (await browser.post("/in", data={"password": "guess"})).status == 403
        refused = await browser.post("/in", data={"password": "open sesame"})
        assert refused.status == 429
        assert refused.headers["Retry-After"] == "60"
        assert 'textmeter_refused_total{server="web",why="attempts"} 1.0' in counters(server)


@pytest.mark.parametrize("body", [b"\xff\xfe", b"", b"password", b"password=%ff", b"=&=&;"])
async def test_a_form_of_no_sense_is_refused(database: str, body: bytes) -> None:
    async with serving(database, password="open sesame") as server, client(server) as browser:
        assert (await browser.post("/in", data=body)).status in (400, 403)


async def test_a_large_form_is_refused(database: str) -> None:
    async with serving(database, password="open sesame") as server, client(server) as browser:
        assert (await browser.post("/in", data=b"password=" + b"x" * 10_000)).status == 413


async def test_a_session_needs_a_pass(database: str) -> None:
    async with serving(database) as server, client(server) as browser:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with tab(browser, server.url):
                pass
        assert refused.value.status == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1", "null", "", None])
async def test_a_page_from_elsewhere_opens_no_session(database: str, origin: str | None) -> None:
    links = Links()
    async with serving(database, links=links) as server, client(server) as browser:
        await browser.get(links.path)
        headers = {} if origin is None else {"Origin": origin}
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await browser.ws_connect("/ws", headers=headers)
        assert refused.value.status == 403
        assert 'textmeter_refused_total{server="web",why="origin"} 1.0' in counters(server)


async def test_a_demo_on_loopback_is_open_to_this_machine_by_its_own_names() -> None:
    async with serving(demo=True) as server, client(server) as browser:
        for host, status in {
            f"localhost:{server.port}": 200,
            f"127.0.0.1:{server.port}": 200,
            "[::1]": 200,
            # A name of somebody else's that leads here: their page would be at home here.
            "evil.example": 403,
            f"127.0.0.1.evil.example:{server.port}": 403,
        }.items():
            assert (await browser.get("/", headers={"Host": host})).status == status, host
        async with tab(browser, server.url) as mine, tab(browser, server.url) as other:
            await mine.until_shown("Demo, not saved")
            await other.until_shown("Demo, not saved")
            folders = list(server.runtime.folder.glob("*-*"))
            assert len(folders) == 2
        await emptied(server)
        await until(lambda: not any(folder.exists() for folder in folders), "the end of what they had")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "texts.example.org"])
def test_a_demo_for_others_is_not_open(host: str) -> None:
    config = web.Config(
        host=host,
        port=8000,
        database="",
        demo=True,
        person=Person("", Role.OWNER),
        password="",
        public_url="",
        limits=Limits(),
    )
    assert not config.is_open


# Pages


async def test_pages_fetch_nothing_from_elsewhere_and_keep_to_themselves(database: str) -> None:
    links = Links()
    async with serving(database, links=links) as server, client(server) as browser:
        door, welcome, page = await browser.get("/"), await browser.get(links.path), await browser.get("/")
        pages = [door, welcome, page, await browser.get("/ours/textmeter.css")]
        pages.append(await browser.get("/terminal/css/xterm.css"))
        found = {address for one in pages for address in HOLES.findall(await one.text())}
        assert f"ws://127.0.0.1:{server.port}/ws" in found
        for address in found - {f"ws://127.0.0.1:{server.port}/ws", "data:,"}:
            assert re.match(r"/[a-z]?", address), address
            assert not address.startswith("//"), address
            if address.startswith(("/ours", "/terminal")):
                assert (await browser.get(address)).status == 200, address
        for one in pages:
            policy = one.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; script-src 'self';")
            assert "frame-ancestors 'none'" in policy
            assert one.headers["X-Frame-Options"] == "DENY"
            assert one.headers["Referrer-Policy"] == "no-referrer"
            assert one.headers["X-Content-Type-Options"] == "nosniff"
            assert one.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/terminal/", "/terminal/js", "/ours/", "/ours/..%2fapp.html", "/ours/%2e%2e/app.html", "/download/x"],
)
async def test_files_are_not_listed_and_others_not_found(database: str, path: str) -> None:
    async with serving(database) as server, client(server) as browser:
        assert (await browser.get(path)).status in (403, 404)


async def test_pages_speak_the_language_of_the_browser(database: str) -> None:
    async with serving(database, password="x") as server, client(server) as browser:
        page = await browser.get("/", headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.8"})
        assert '<html lang="es">' in await page.text()
        await browser.post("/in", data={"password": "x"})
        headers = {"Origin": server.url, "Accept-Language": "es-MX"}
        async with browser.ws_connect("/ws", headers=headers) as opened:
            await webserver.Tab(opened).until_shown("créditos")


def test_pages_have_the_colours_of_the_app() -> None:
    styles = (web.PAGES / "static" / "textmeter.css").read_text(encoding="utf-8")
    ours = {NIGHT.primary, NIGHT.secondary, NIGHT.foreground, NIGHT.background, NIGHT.surface}
    assert set(re.findall(r"#[0-9a-f]{6}", styles)) == ours | {NIGHT.variables["border"]}


# A session


@pytest.fixture
def passed(database: str) -> dict[str, Any]:
    """A server's configuration, by whose password `come_in` comes in."""
    return {"database": database, "password": "open sesame"}


async def come_in(browser: Browser) -> None:
    assert (await browser.post("/in", data={"password": "open sesame"})).status == 200


async def test_a_text_is_typed_and_kept_when_the_tab_is_closed(
    passed: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "textmeter")
    person = Person("maria", Role.SENDER)
    async with serving(**passed, person=person) as server, client(server) as browser:
        await come_in(browser)
        async with tab(browser, server.url) as page:
            await page.compose("Open house on Sunday")
            await page.until_shown("1 segment")
            (pid,) = sessions_of(os.getpid())
            assert 'textmeter_sessions{server="web"} 1.0' in counters(server)
        await gone(pid)
        await emptied(server)
        assert 'textmeter_sessions_ended_total{server="web",why="left"} 1.0' in counters(server)
        began, ended = (
            record.getMessage() for record in caplog.records if "session=1" in record.getMessage()
        )
        assert began == ('session=1 began person=maria role=sender from=127.0.0.1 terminal="browser 120x36"')
        assert re.match(r"session=1 ended why=left seconds=\d+\.\d person=maria", ended)
    assert drafts(passed["database"], person) == ["Open house on Sunday"]
    assert drafts(passed["database"]) == []


async def test_what_is_typed_just_before_the_tab_is_closed_is_kept(passed: dict[str, Any]) -> None:
    text = "Open house on Sunday, and coffee for all " * 5
    async with serving(**passed) as server, client(server) as browser:
        await come_in(browser)
        async with tab(browser, server.url) as page:
            await page.compose("")
            await page.until_shown("The text is empty")
            await page.type(text)
        await emptied(server)
    assert drafts(passed["database"]) == [text]


async def test_a_session_knows_nothing_of_the_server(
    passed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMETER_WEB_PASSWORD", "open sesame")
    monkeypatch.setenv("TEXTMETER_SECRET_WEB_PASSWORD", "open sesame")
    monkeypatch.setenv("TEXTUAL_LOG", "/nowhere")
    monkeypatch.setenv("TEXTMETER_MAIL", "smtp://mail.example.org")
    monkeypatch.setenv("TMUX", "/tmp/tmux")
    async with serving(**passed) as server, client(server) as browser:
        await come_in(browser)
        async with tab(browser, server.url) as page:
            await page.until(lambda: bool(page.painted.text.strip()))
            (pid,) = sessions_of(os.getpid())
            variables = Path(f"/proc/{pid}/environ").read_text().split("\0")
    names = {variable.partition("=")[0] for variable in variables}
    assert "open sesame" not in " ".join(variables)
    assert not names & {"TEXTMETER_WEB_PASSWORD", "TEXTUAL_LOG", "TMUX"}
    assert "TEXTMETER_MAIL=smtp://mail.example.org" in variables


async def test_what_makes_no_sense_is_passed_over(
    passed: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(**passed) as server, client(server) as browser:
        await come_in(browser)
        async with tab(browser, server.url) as page:
            await page.until_shown("credits left")
            for nonsense in (
                *("", "{", "[]", "{}", "null", "[1]", '["stdin"]', '["stdin", 1]', '["stdin", ["x"]]'),
                *('["resize"]', '["resize", {}]', '["resize", {"width": "80", "height": null}]'),
                *('["resize", {"width": NaN, "height": 1e400}]', '["ping", {}]', '["quit"]', "[" * 100_000),
                *('["stdin", "\\ud800"]', '["deliver_chunk_request", "x"]', '[["stdin"], "x"]'),
            ):
                await page.socket.send_str(nonsense)
            await page.socket.send_bytes(b"\x00\xff")
            await page.say("ping", "7")
            await page.until(lambda: page.texts == ['["pong", "7"]'])
            await page.compose("Still here")
            await page.until_shown("Still here")
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_size_is_taken_within_bounds(passed: dict[str, Any]) -> None:
    async with serving(**passed) as server, client(server) as browser:
        await come_in(browser)
        async with tab(browser, server.url, "?width=4000000000&height=-3") as page:
            await page.until_shown("credits left")
            assert (page.painted.columns, page.painted.rows) == (80, 24)
            await page.say("resize", {"width": 4_000_000_000, "height": 4_000_000_000})
            await page.until(lambda: (page.painted.columns, page.painted.rows) == (500, 200))
        # Some terminals tell their size in what is typed. This one is never asked to.
        async with tab(browser, server.url) as page:
            await page.until_shown("credits left")
            before = (page.painted.columns, page.painted.rows)
            await page.type("\x1b[48;100000;100000;1;1tgu")
            await page.until_shown("Textmeter  Usage")
            assert (page.painted.columns, page.painted.rows) == before


async def test_a_page_to_open_is_opened_by_the_browser_if_it_is_one(passed: dict[str, Any]) -> None:
    async with serving(**passed) as server, client(server) as browser:
        await come_in(browser)
        async with tab(browser, server.url) as page:
            await page.until_shown("credits left")
            (pid,) = sessions_of(os.getpid())
            for asked in ("javascript:alert(1)\nhttps://pay.", "example.com/card\n"):
                Path(f"/proc/{pid}/fd/{PAGES}").write_text(asked)
            await page.until(lambda: bool(page.texts))
            (told,) = page.texts
            assert json.loads(told) == ["open_url", {"url": "https://pay.example.com/card", "new_tab": True}]


async def test_a_session_that_is_killed_ends_no_other_and_leaves_nothing() -> None:
    async with serving(demo=True) as server, client(server) as browser:
        async with tab(browser, server.url) as mine, tab(browser, server.url) as other:
            await mine.until_shown("Demo, not saved")
            await other.until_shown("Demo, not saved")
            (first, second) = sessions_of(os.getpid())
            os.kill(first, signal.SIGKILL)
            await mine.until(lambda: mine.socket.closed)
            await gone(first)
            await other.type("\x1b")
            await other.compose("Still here")
            await other.until_shown("Still here")
            assert sessions_of(os.getpid()) == [second]
            assert 'why="killed"} 1.0' in counters(server)
        await emptied(server)
        await until(lambda: not list(server.runtime.folder.glob("*-*")))


async def test_whoever_comes_and_goes_leaves_nothing() -> None:
    async with serving(demo=True) as server, client(server) as browser:
        forks = server.forks._process.pid

        async def come() -> tuple[object, ...]:
            """What is open, and there, after somebody came and went."""
            async with tab(browser, server.url) as page:
                await page.until_shown("Demo, not saved")
            await emptied(server)
            await until(lambda: not list(server.runtime.folder.glob("*-*")))
            return open_here(os.getpid()), open_here(forks), sessions_of(os.getpid()), server.places.taken

        before = await come()
        assert [await come() for _ in range(3)] == [before] * 3


async def test_when_the_fork_server_is_killed_its_sessions_keep_what_was_typed_and_others_can_begin(
    passed: dict[str, Any],
) -> None:
    async with serving(**passed) as server, client(server) as browser:
        await come_in(browser)
        async with tab(browser, server.url) as page:
            await page.compose("Open house on Sunday")
            await page.until_shown("Open house on Sunday")
            (pid,) = sessions_of(os.getpid())
            server.forks._process.kill()
            await page.until(lambda: page.socket.closed)
            await gone(pid)
        assert drafts(passed["database"]) == ["Open house on Sunday"]
        async with tab(browser, server.url) as page:
            await page.until_shown("credits left")


async def test_too_large_a_message_ends_its_session(
    passed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(**passed) as server, client(server) as browser:
        await come_in(browser)
        async with tab(browser, server.url) as page:
            await page.until_shown("credits left")
            (pid,) = sessions_of(os.getpid())
            await page.type("x" * (web_session.MOST_BYTES + 1))
            await page.until(lambda: page.socket.closed)
            assert page.socket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
        await gone(pid)


async def test_leaving_the_app_ends_the_session(passed: dict[str, Any]) -> None:
    async with serving(**passed) as server, client(server) as browser:
        await come_in(browser)
        async with tab(browser, server.url) as page:
            await page.until_shown("credits left")
            (pid,) = sessions_of(os.getpid())
            await page.type("\x11")
            await page.until(lambda: page.socket.closed)
            await gone(pid)
            await emptied(server)
            assert 'why="quit"} 1.0' in counters(server)


async def test_sessions_are_limited_and_whoever_is_too_many_reads_so(passed: dict[str, Any]) -> None:
    async with serving(**passed, limits=Limits(sessions_by_address=1)) as server, client(server) as browser:
        await come_in(browser)
        async with tab(browser, server.url) as page:
            await page.until_shown("credits left")
            full = await browser.get("/")
            assert full.status == 503
            assert "The maximum number of sessions is open." in await full.text()
            async with tab(browser, server.url) as second:  # of a page that was opened before
                await second.until_shown("The maximum number of sessions is open.")
                await second.until(lambda: second.socket.closed)
            assert len(sessions_of(os.getpid())) == 1
        await emptied(server)
        async with tab(browser, server.url) as page:
            await page.until_shown("credits left")


@pytest.mark.parametrize(("limits", "why"), [(Limits(idle=5), "idle"), (Limits(longest=5), "too-long")])
async def test_a_session_ends_in_time_and_says_so_before(
    passed: dict[str, Any], limits: Limits, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forked_session, "PATIENCE", WITHIN)  # also where the process is slow to start
    async with serving(**passed, limits=limits) as server, client(server) as browser:
        await come_in(browser)
        async with tab(browser, server.url) as page:
            await page.until_shown("Your drafts are saved")
            await page.until(lambda: page.socket.closed)
        await emptied(server)
        assert f'why="{why}"}} 1.0' in counters(server)


async def test_a_process_that_keeps_no_limit_is_ended(
    passed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forked_session, "PATIENCE", 0.3)
    async with serving(**passed, limits=Limits(longest=3)) as server, client(server) as browser:
        await come_in(browser)
        async with tab(browser, server.url) as page:
            await until(lambda: sessions_of(os.getpid()))
            (pid,) = sessions_of(os.getpid())
            os.kill(pid, signal.SIGSTOP)
            await page.until(lambda: page.socket.closed)
            await gone(pid)
            await emptied(server)
        assert 'why="overdue"} 1.0' in counters(server)


async def test_a_browser_that_takes_nothing_is_cut_off(
    passed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(**passed) as server, client(server) as browser:
        await come_in(browser)
        async with tab(browser, server.url) as page:
            await page.until_shown("credits left")
            (pid,) = sessions_of(os.getpid())
            (session,) = server.sessions
            connection = page.socket._response.connection
            assert connection is not None
            assert connection.transport is not None
            for one, size in (session._transport, socket.SO_SNDBUF), (connection.transport, socket.SO_RCVBUF):
                one.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, size, 4096)
            monkeypatch.setattr(forked_session, "SLOW_AFTER", 0.3)
            connection.transport.pause_reading()
            with contextlib.suppress(ConnectionError):  # once it is cut off
                for width in itertools.cycle((300, 400)):
                    await page.say("resize", {"width": width, "height": 150})
                    await asyncio.sleep(0.05)
            await gone(pid)
            await emptied(server)
        assert 'why="slow"} 1.0' in counters(server)


async def test_a_database_that_is_gone_is_told_of_to_whoever_comes(
    passed: dict[str, Any],
) -> None:
    async with serving(**passed) as server, client(server) as browser:
        await come_in(browser)
        path = Path(passed["database"])
        path.unlink()
        path.mkdir()
        async with tab(browser, server.url) as page:
            await page.until(lambda: page.socket.closed)
            assert "Tell whoever runs this server." in page.painted.text
            assert "textmeter.sqlite3" not in page.painted.text


async def test_a_session_that_can_not_be_started_is_told_of(
    passed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    async with serving(**passed) as server, client(server) as browser:
        await come_in(browser)
        before = open_here(os.getpid())
        monkeypatch.setattr("pty.openpty", none)
        async with tab(browser, server.url) as page:
            await page.until_shown("Couldn't start your session.")
            await page.until(lambda: page.socket.closed)
        assert 'why="not-started"} 1.0' in counters(server)
        assert server.places.taken == 0
        assert open_here(os.getpid()) == before


# Connections


async def test_a_connection_that_asks_for_nothing_is_closed(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "SIGN_IN_WITHIN", 0.1)
    async with serving(database) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: ")
        assert await reader.read() == b""
        writer.close()


async def test_connections_are_limited(database: str) -> None:
    async with serving(database, limits=Limits(sessions=1, sessions_by_address=1)) as server:
        connections = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(13)]
        reader, _ = connections[0]
        assert await reader.read() == b""  # the oldest, so that whoever comes now isn't kept out
        reader, writer = connections[-1]
        writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 ")
        for _, writer in connections:
            writer.close()
        assert 'textmeter_refused_total{server="web",why="connections"} 1.0' in counters(server)


async def test_a_port_that_is_taken_is_said(database: str) -> None:
    async with serving(database) as server:
        with pytest.raises(TextmeterError, match="Can't listen on") as refused:
            async with serving(database, port=server.port):
                pass
        assert refused.value.code == "listen"


# The command


async def test_a_stopped_server_tells_its_sessions_and_keeps_their_drafts(database: str) -> None:
    async with served_with_a_draft(database) as (process, page, pid):
        process.send_signal(signal.SIGTERM)
        await page.until_shown("The server is stopping")
        await page.until(lambda: page.socket.closed)
        assert await process.wait() == 0
        await gone(pid)
    assert drafts(database) == ["Open house on Sunday"]


async def test_of_a_killed_server_nothing_is_left(database: str) -> None:
    async with served_with_a_draft(database) as (process, _, pid):
        process.kill()
        await gone(pid)
    assert drafts(database) == ["Open house on Sunday"]


@contextlib.asynccontextmanager
async def served_with_a_draft(database: str) -> AsyncIterator[tuple[Process, webserver.Tab, int]]:
    """A server in a process of its own, and a session in which a text is being written, with its process."""
    async with webserver.served("--metrics", "0", TEXTMETER_DATABASE=database) as (process, told):
        assert told.keys() == {"host", "port", "url", "link", "metrics"}
        assert told["link"].startswith(f"{told['url']}/in/")
        async with client(told["url"]) as browser:
            await browser.get(told["link"].removeprefix(told["url"]))
            async with tab(browser, told["url"]) as page:
                await page.compose("Open house on Sunday")
                await page.until_shown("Open house on Sunday")
                metrics = await browser.get(f"http://127.0.0.1:{told['metrics']}/metrics")
                assert 'textmeter_sessions{server="web"} 1.0' in await metrics.text()
                (pid,) = sessions_of(process.pid)
                yield process, page, pid


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--password"], "Set the password in the variable TEXTMETER_WEB_PASSWORD"),
        (["--public-url", "texts.example.org"], "texts.example.org isn't a server address"),
        (["--public-url", "https://texts.example.org/here"], "isn't a server address"),
    ],
)
def test_what_can_not_be_served_is_said(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "web", *arguments]) == WrongUsage.exit_code
    assert says in capsys.readouterr().err


def counters(server: web.Server) -> str:
    from prometheus_client import generate_latest

    return generate_latest(server.log.registry).decode()
