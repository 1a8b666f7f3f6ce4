"""Walks through the app at random: keys, the mouse, pastes and sizes, over data that is as bad as it gets.
None ends it.

A walk is known by its number. `python3 -m tests -k "walk and 17"` goes one again; `-m long` goes long ones.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.geometry import Size
from textual.pilot import Pilot

from store import Store
from store.clock import FixedClock
from store.messages.model import Draft
from tests.tui.harness import NOW, StillApp, make_app, make_store, settled, text
from tui.app import TextmeterApp
from tui.routes import MODES

SHORT, LONG = 20, 500
"""Steps of a walk."""

HOSTILE = (
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "[b]bold[/b] [link=x]y[/] \\[ [@click=app.exit]z[/]",
    "\u202eright to left\u202c \u200b\u2066",
    "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 3,
    "{first_name} {unknown|} {first_name|there} {",
    "long " * 700,
    "\t\t\x00\x01\x7f\x85\u2028\u2029\r\n\n\n",
    "e\u0301\u0301\u0301 ﷽ 漢字" * 5,
    "0",
    "",
)
KEYS = (
    *"abcdefghijklmnopqrstuvwxyzABCDNOPS0123456789/+-?.,#@ {[",
    *(f"f{number}" for number in range(1, 11)),
    "f12",
    *("enter", "escape", "tab", "shift+tab", "space", "backspace", "delete", "insert", "home", "end"),
    *("up", "down", "left", "right", "pageup", "pagedown", "shift+enter", "shift+left", "shift+down"),
    *("ctrl+p", "ctrl+n", "ctrl+o", "ctrl+s", "ctrl+a", "ctrl+z", "ctrl+y", "ctrl+u", "ctrl+k", "ctrl+w"),
    *("ctrl+c", "ctrl+v", "ctrl+x", "ctrl+home", "ctrl+end", "ctrl+left", "ctrl+й", "ф", "\ufffd"),
)
CHARACTERS = {"space": " ", "enter": "\r", "tab": "\t"}
SIZES = (
    (1, 1),
    (2, 40),
    (3, 32),
    (1, 200),
    (500, 1),
    (500, 200),
    (20, 5),
    (41, 30),
    (60, 20),
    (80, 24),
    (120, 36),
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of contacts, texts and drafts whose words are anything but words."""
    folder = tmp_path_factory.mktemp("hostile")
    store = make_store(folder)
    for number, words in enumerate(HOSTILE):
        store.people.add(
            first_name=words[:500],
            last_name=words[:20],
            phone=f"+1415555{number + 100:04}",
            groups=[words[:40] or "-"],
            region="US",
        )
    for number, words in enumerate(HOSTILE[:6]):
        text(store, words[:300].replace("{", "("), f"+1415555{number + 100:04}", delivered=bool(number % 2))
        store.messages.save_draft(Draft(body=words, to=(words[:60], "+14155550100")))
    store.close()
    return folder / "textmeter.sqlite3"


class Walk:
    """One walk: what it does hangs on its number alone."""

    def __init__(self, number: int) -> None:
        self.random = random.Random(number)
        self.taken: list[str] = []

    async def step(self, app: TextmeterApp, pilot: Pilot[Any]) -> None:
        kinds = (
            self.key,
            self.burst,
            self.click,
            self.drag,
            self.scroll,
            self.paste,
            self.resize,
            self.hurry,
        )
        kind = self.random.choices(kinds, (50, 8, 14, 4, 4, 6, 10, 4))[0]
        self.taken.append(f"{kind.__name__} {await kind(app, pilot)}")

    def _key(self, app: TextmeterApp) -> str:
        key = self.random.choice(KEYS)
        character = CHARACTERS.get(key, key if len(key) == 1 else None)
        app.post_message(events.Key(key, character))
        return str(key)

    async def key(self, app: TextmeterApp, pilot: Pilot[Any]) -> str:
        key = self._key(app)
        await pilot.pause()
        return str(key)

    async def burst(self, app: TextmeterApp, pilot: Pilot[Any]) -> str:
        keys = [self._key(app) for _ in range(self.random.randrange(2, 8))]
        await pilot.pause()
        return " ".join(keys)

    async def hurry(self, app: TextmeterApp, pilot: Pilot[Any]) -> str:
        """Somebody who waits for nothing."""
        for _ in range(self.random.randrange(5)):
            await asyncio.sleep(0)
        return self._key(app)

    def _place(self, app: TextmeterApp) -> tuple[int, int]:
        width, height = app.size
        return self.random.randrange(width + 2), self.random.randrange(height + 2)

    def _mouse(
        self, app: TextmeterApp, kind: type[events.MouseEvent], x: int, y: int, button: int = 1
    ) -> None:
        app.post_message(kind(None, x, y, 0, 0, button, False, False, False, screen_x=x, screen_y=y))

    async def click(self, app: TextmeterApp, pilot: Pilot[Any]) -> str:
        x, y = self._place(app)
        for _ in range(self.random.choice((1, 1, 2))):
            self._mouse(app, events.MouseDown, x, y)
            self._mouse(app, events.MouseUp, x, y)
        await pilot.pause()
        return f"{x} {y}"

    async def drag(self, app: TextmeterApp, pilot: Pilot[Any]) -> str:
        """From one place to another, while something else goes on."""
        places = [self._place(app) for _ in range(4)]
        self._mouse(app, events.MouseDown, *places[0])
        for place in places:
            self._mouse(app, events.MouseMove, *place)
        key = self._key(app) if self.random.random() < 0.5 else ""
        await pilot.pause()
        self._mouse(app, events.MouseMove, *self._place(app))
        if self.random.random() < 0.8:
            self._mouse(app, events.MouseUp, *places[-1])
        await pilot.pause()
        return f"{places} {key}"

    async def scroll(self, app: TextmeterApp, pilot: Pilot[Any]) -> str:
        x, y = self._place(app)
        kind = self.random.choice((events.MouseScrollUp, events.MouseScrollDown))
        self._mouse(app, kind, x, y, 0)
        await pilot.pause()
        return f"{kind.__name__} {x} {y}"

    async def paste(self, app: TextmeterApp, pilot: Pilot[Any]) -> str:
        words = self.random.choice(HOSTILE)
        app.post_message(events.Paste(words))
        await pilot.pause()
        return repr(words[:20])

    async def resize(self, app: TextmeterApp, pilot: Pilot[Any]) -> str:
        size = Size(*self.random.choice(SIZES))
        if self.random.random() < 0.5:
            size = Size(self.random.randint(1, 200), self.random.randint(1, 60))
        app.post_message(events.Resize(size, size))
        await pilot.pause()
        return f"{size.width}x{size.height}"


class WalkedApp(StillApp):
    """The app, which no key leaves; addresses aren't opened in a browser."""

    def exit(self, *arguments: Any, **named: Any) -> None:
        if self.failure is not None:
            super().exit(*arguments, **named)

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        pass


async def walk(number: int, steps: int, database: Path) -> None:
    """Goes one walk; an error that nobody foresaw ends it, with the steps that led to it."""
    way = Walk(number)
    first = way.random.choice(list(MODES))
    app = make_app(Store(str(database), clock=FixedClock(NOW)), first=first, kind=WalkedApp)
    try:
        async with app.run_test(size=way.random.choice(SIZES[6:])) as pilot:
            if way.random.random() < 0.5:
                await settled(pilot)
            for _ in range(steps):
                if not app.is_running:
                    break
                await way.step(app, pilot)
            ended_early = not app.is_running
            await settled(pilot)
    except BaseException as error:
        error.add_note(f"walk {number} from {first}: {'; '.join(way.taken)}")
        raise
    assert not ended_early, way.taken


@pytest.mark.parametrize("number", range(40))
async def test_no_walk_ends_the_app(number: int, hostile: Path, tmp_path: Path) -> None:
    await walk(number, SHORT, Path(shutil.copy(hostile, tmp_path)))


@pytest.mark.long
@pytest.mark.parametrize("number", range(1000, 1040))
async def test_no_long_walk_ends_the_app(number: int, hostile: Path, tmp_path: Path) -> None:
    await walk(number, LONG, Path(shutil.copy(hostile, tmp_path)))
