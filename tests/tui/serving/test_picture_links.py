"""Pictures of texts, fetched from `serve web` by whoever carries them, by links that nobody can make up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from threading import Event
from urllib.request import urlopen

import pytest

from store import Store
from store.messages import providers
from store.messages.model import Draft
from store.messages.picture_links import KEY, token
from store.messages.providers import Option
from store.settings import Settings
from tests.store.messages.providers import loopback
from tests.store.messages.providers.twilio_standin import ACCOUNT, OURS, TOKEN, TwilioStandin
from tests.tui.serving.webserver import client, make_database, served, serving

PNG = b"\x89PNG\r\n\x1a\n" + bytes(1000)
URL = "TEXTMETER_SERVE_PUBLIC_URL"


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch) -> Iterator[TwilioStandin]:
    """A stand-in of Twilio's, which senders reach instead of it."""
    twilio = TwilioStandin()
    with loopback.running(twilio):
        module = providers.module("twilio")
        address = Option("", "", required=False, default=twilio.url)
        monkeypatch.setattr(module, "OPTIONS", {**module.OPTIONS, "base_url": address})
        yield twilio


def send(database: str, picture: Path) -> None:
    """Sends an MMS by Twilio."""
    picture.write_bytes(PNG)
    store = Store(database)
    values = {"provider": "twilio", "number": OURS, "account_sid": ACCOUNT, "auth_token": TOKEN}
    store.senders.set("office", values)
    account = store.credits.account()
    store.messages.send(account.id, Draft(body="Look", to=("+14155550123",), media=(str(picture),)))
    store.messages.deliver(stop=Event())
    store.close()


def fetch(link: str) -> tuple[Message[str, str], bytes]:
    """As a provider does."""
    with urlopen(link) as answer:
        return answer.headers, answer.read()


def other_links(database: str) -> dict[str, str]:
    """Tokens that lead nowhere, by what is wrong with them."""
    store = Store(database)
    key = bytes.fromhex(str(Settings(store.database).read(KEY)))
    store.close()
    now = datetime.now(UTC)
    good = token(key, 1, now + timedelta(hours=1))
    return {
        "expired": token(key, 1, now - timedelta(seconds=1)),
        "forged": token(bytes(32), 1, now + timedelta(hours=1)),
        "no picture": token(key, 2, now + timedelta(hours=1)),
        "cut off": good[:-1],
        "a path": "..%2F..%2Fetc%2Fpasswd",
        "none": "1",
    }


async def test_twilio_fetches_a_picture_by_its_link_and_nobody_anything_else(
    tmp_path: Path, twilio: TwilioStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = make_database(tmp_path)
    async with serving(database) as server, client(server) as browser:
        monkeypatch.setenv(URL, server.url)
        await asyncio.to_thread(send, database, tmp_path / "kitchen.png")
        (asked,) = (asked for asked in twilio.asked if asked.method == "POST")
        link = asked.form["MediaUrl"]
        assert link.startswith(f"{server.url}/media/")
        assert "kitchen" not in link
        headers, content = await asyncio.to_thread(fetch, link)
        assert content == PNG
        assert headers["Content-Type"] == "image/png"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in headers
        assert (await browser.get("/")).status == 403  # it lets nobody in
        for wrong, other in other_links(database).items():
            assert (await browser.get(f"/media/{other}/picture.png")).status == 404, wrong


async def test_the_address_that_is_configured_is_the_servers(tmp_path: Path) -> None:
    address = "https://texts.example.org"
    variables = {"TEXTMETER_DATABASE": make_database(tmp_path), URL: address}
    async with served(**variables) as (_, told):
        assert told["url"] == address
        assert told["link"].startswith(f"{address}/in/")


async def test_a_demo_has_no_pictures_to_fetch() -> None:
    async with serving(demo=True) as server, client(server) as browser:
        assert (await browser.get("/media/1/picture.png")).status == 404


def test_without_an_address_pictures_are_refused_before_they_leave(
    tmp_path: Path, twilio: TwilioStandin
) -> None:
    database = make_database(tmp_path)
    send(database, tmp_path / "kitchen.png")
    assert twilio.count("POST") == 0
    store = Store(database)
    assert not store.senders.get("office").media
    store.close()
