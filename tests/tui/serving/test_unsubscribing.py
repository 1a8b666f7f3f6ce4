"""Links that unsubscribe, at `serve web`: by a button, and by a mail program's one click."""

from __future__ import annotations

import asyncio
from html import unescape
from pathlib import Path

import aiohttp

from store import Store
from store.emails.unsubscribing import Unsubscribing
from store.messages.model import Draft
from tests.tui.serving.webserver import client, make_database, serving

TO = "zoe@client.test"


def sent(database: str) -> str:
    """Sends an email; the path of the link in it."""
    store = Store(database)
    account = store.credits.open_account("agent-email", "free", "America/New_York", demo_clock=True)
    campaign = store.emails.send(account.id, Draft(subject="Hi", body="Hi", to=(TO,)))
    store.emails.deliver(account.id)
    [one] = store.emails.recipients(campaign.id)
    link = Unsubscribing(store.settings, "https://x").uris(one.id, "me@x")[1]
    store.close()
    return link.removeprefix("https://x")


def is_out(database: str) -> bool:
    store = Store(database)
    [account] = [one for one in store.credits.accounts() if one.product == "agent-email"]
    out = store.consent.is_out(TO, account.id)
    store.close()
    return out


async def test_a_look_changes_nothing_and_the_button_unsubscribes(tmp_path: Path) -> None:
    database = make_database(tmp_path)
    path = await asyncio.to_thread(sent, database)
    async with serving(database) as server, client(server) as browser:
        page = await browser.get(path)
        text = await page.text()
        assert page.status == 200
        assert '<form method="post">' in text
        assert "Set-Cookie" not in page.headers
        assert not await asyncio.to_thread(is_out, database)
        # As a mail program does (RFC 8058): no cookie, no page before.
        async with aiohttp.ClientSession() as program:
            body = {"List-Unsubscribe": "One-Click"}
            async with program.post(server.url + path, data=body, allow_redirects=False) as done:
                assert done.status == 200
                assert "You won't get these emails anymore." in unescape(await done.text())
        assert await asyncio.to_thread(is_out, database)


async def test_other_links_lead_nowhere(tmp_path: Path) -> None:
    database = make_database(tmp_path)
    path = await asyncio.to_thread(sent, database)
    wrong = path[:-1] + ("a" if path[-1] != "a" else "b")
    async with serving(database) as server, client(server) as browser:
        assert (await browser.get(wrong)).status == 404
        async with aiohttp.ClientSession() as program, program.post(server.url + wrong) as done:
            assert done.status == 404
    assert not await asyncio.to_thread(is_out, database)
