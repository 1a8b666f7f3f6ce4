"""The app in a real browser: a headless Chromium or Chrome, where there is one (see README, "Tests")."""

from __future__ import annotations

import os
from collections import Counter
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.environment import NO_BROWSER, browser
from tests.tui.serving import chromium
from tests.tui.serving.painted import Painted
from tests.tui.serving.webserver import Links, drafts, gone, make_database, serving, sessions_of
from tui.base.looks import NIGHT

pytestmark = pytest.mark.skipif(browser() is None, reason=f"no browser: {NO_BROWSER}")

F3 = ("F3", 114)


async def test_a_text_is_typed_in_a_browser(tmp_path: Path) -> None:
    database, links = make_database(tmp_path), Links()
    async with serving(database, links=links) as server, chromium.tab(tmp_path / "profile") as page:
        await page.resize(1200, 800)
        await page.open(links[0])  # which leads on to the app
        await page.until_shown("credits left")
        wide = page.painted.columns
        (pid,) = sessions_of(os.getpid())

        # Keys go to the app without a click; the preview follows.
        await page.press(*F3)
        await page.until_shown("The text is empty")
        await page.type("Open house on Sunday")
        await page.until_shown("1 segment")
        await page.type(" at noon — come by")
        await page.until_shown("Unicode")
        await page.until_shown("saved as you type")
        assert page.painted.columns == wide

        def narrower() -> bool:
            if page.painted.columns >= wide:  # what was still on its way in the former size
                page.painted = Painted()
            return "Open house on Sunday at noon — come by" in page.painted.text

        # The app follows the window.
        await page.resize(700, 600)
        await page.until(narrower)
        assert page.painted.columns >= 60

        # It is painted, in the app's colours.
        picture = Image.open(BytesIO(await page.picture())).convert("RGB")
        assert picture.size == (700, 600)
        pixels = Counter(picture.tobytes().hex(" ", 3).split())
        assert f"#{pixels.most_common(1)[0][0]}" == NIGHT.background
        assert {NIGHT.foreground, NIGHT.primary, NIGHT.secondary} <= {f"#{pixel}" for pixel in pixels}

        assert {urlsplit(url).netloc for url in page.requested if not url.startswith("data:")} == {
            f"127.0.0.1:{server.port}"
        }
        assert page.complaints == []

        await page.close()
        await gone(pid)
    assert drafts(database) == ["Open house on Sunday at noon — come by"]


async def test_on_a_phone_all_can_be_tapped_and_a_swipe_scrolls_the_history(tmp_path: Path) -> None:
    async with serving(demo=True) as server, chromium.tab(tmp_path / "profile") as page:
        await page.call(
            "Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=1, mobile=True
        )
        await page.call("Emulation.setTouchEmulationEnabled", enabled=True)
        await page.open(server.url)
        await page.until_shown("credits left")
        await page.press("F9", 120)
        await page.until_shown("What h")
        first_line = page.painted.text.splitlines()[0]
        assert "Textmeter  History" in first_line
        assert any(character.isdecimal() for character in first_line)  # what is left
        await page.until(lambda: "^P" in page.painted.text.rstrip().splitlines()[-1])
        footer = page.painted.text.rstrip().splitlines()[-1]
        assert "^P" in footer

        def first_row() -> str:
            lines = page.painted.text.splitlines()
            head = next(at for at, line in enumerate(lines) if line.strip().startswith("Day"))
            return lines[head + 1].strip()

        await page.until(lambda: first_row() != "")  # its rows come after its head
        newest = first_row()
        await page.swipe((200, 600), (200, 200))
        await page.until(lambda: first_row() not in ("", newest))
        cell = 390 / page.painted.columns
        await page.tap((footer.index("Esc") + 1) * cell, 844 - 8)
        await page.until_shown("Last 30 days")


async def test_a_session_that_has_ended_can_be_started_again(tmp_path: Path) -> None:
    async with serving(demo=True) as server, chromium.tab(tmp_path / "profile") as page:
        await page.open(server.url)
        await page.until_shown("Demo, not saved")
        assert await page.evaluate("getComputedStyle(document.querySelector('.ended')).display") == "none"
        (pid,) = sessions_of(os.getpid())
        await page.press("q", 81, ctrl=True)
        await gone(pid)
        await page.until_true("document.activeElement === document.querySelector('.ended a')")
        assert "demo data is gone" in await page.evaluate("document.querySelector('.ended').innerText")
        page.painted = type(page.painted)()
        await page.press("Enter", 13)
        await page.until_shown("Demo, not saved")
        assert len(sessions_of(os.getpid())) == 1


async def test_a_password_is_typed_in_a_browser(tmp_path: Path) -> None:
    server_of = serving(make_database(tmp_path), password="open sesame")
    async with server_of as server, chromium.tab(tmp_path / "profile") as page:
        await page.open(server.url)
        await page.until_true("document.activeElement.id == 'password'")
        await page.type("open barley")
        await page.press("Enter", 13)
        await page.until_true(
            "document.querySelector('[role=alert]') && document.activeElement.id == 'password'"
        )
        await page.type("open sesame")
        await page.press("Enter", 13)
        await page.until_shown("credits left")
