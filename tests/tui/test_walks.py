"""Walks through the app at random: keys, the mouse, pastes and sizes, over data that is as bad as it gets, in
every language. None ends it; wherever one comes, what has the focus can be seen, and what others wrote stays
text.

A walk is known by its number. `python3 -m tests -k "walk and 17"` goes one again; `-m long` goes 500 and long
ones, and tells what kept the app busy for longer than a key should.
"""

from __future__ import annotations

import asyncio
import random
import re
import shutil
import time
from asyncio.events import Handle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from tui.base.terminal.reading import Reader
from tui.i18n.language import available
from tui.routes.screens import MODES

SHORT, LONG = 20, 500
"""Steps of a walk."""

OFTEN, ALL = 40, 500
"""Short walks, in every run and when there is time."""

BUSY = 0.05
"""Seconds of work in one piece, during which the app hears nothing."""

HOSTILE = (
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "[b]Markup[/b] [link=x]y[/] \\[ [@click=app.exit]z[/]",
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
READ_AS_MARKUP = re.compile(r"(?<!\])Markup(?![\[…])")
"""What is left of that where its brackets were obeyed. A field that was scrolled lacks those on one side."""
OBEYED = re.compile("[\x00-\x1f\x7f-\x9f]")
"""What a terminal would do something by instead of showing it."""

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
        self.looks = random.Random(-number)
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

    def settles(self) -> bool:
        """Whether somebody stops to look."""
        return self.looks.random() < 0.5

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
        for message in Reader().feed(b"\x1b[200~" + words.encode() + b"\x1b[201~"):
            app.post_message(message)
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


def look(app: TextmeterApp) -> None:
    """Looks at the screen where a walk has come to: from 60x20 what has the focus is to be seen, and at any
    size nothing obeys what others wrote."""
    screen = app.screen
    for strip in screen._compositor.render_strips():
        assert not OBEYED.search(strip.text), repr(strip.text)
        assert not READ_AS_MARKUP.search(strip.text), strip.text
        assert not any("app.exit" in str(part.style.meta) for part in strip if part.style), strip.text
    if app.size.width >= 60 and app.size.height >= 20:
        focused = screen.focused
        there = screen._compositor.visible_widgets
        assert focused in there if focused else not screen.focus_chain, f"{focused} on {screen}"


@contextmanager
def busy_times() -> Iterator[list[float]]:
    """Within it: the seconds of the loop's thread that each piece of work took which took too long."""
    found: list[float] = []
    run: Callable[[Handle], None] = Handle._run

    def timed(handle: Handle) -> None:
        began = time.thread_time()
        run(handle)
        if (took := time.thread_time() - began) > BUSY:
            found.append(took)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Handle, "_run", timed)
        yield found


async def walk(number: int, steps: int, database: Path) -> None:
    """Goes one walk; an error that nobody foresaw ends it, with the steps that led to it."""
    way = Walk(number)
    first = way.random.choice(list(MODES))
    languages = available()
    language = languages[number % len(languages)]
    store = Store(str(database), clock=FixedClock(NOW))
    app = make_app(store, first=first, language=language, kind=WalkedApp)
    try:
        async with app.run_test(size=way.random.choice(SIZES[6:])) as pilot:
            if way.random.random() < 0.5:
                await settled(pilot)
            for _ in range(steps):
                if not app.is_running:
                    break
                await way.step(app, pilot)
                if way.settles():
                    await settled(pilot)
                    look(app)
            ended_early = not app.is_running
            await settled(pilot)
    except BaseException as error:
        error.add_note(f"walk {number} from {first} in {language}: {'; '.join(way.taken)}")
        raise
    assert not ended_early, way.taken


@pytest.fixture
def tells_busy_times(request: pytest.FixtureRequest, record_property: Callable[..., None]) -> Iterator[None]:
    """Counts what kept the app busy too long, for the report: it depends on the machine and fails nothing."""
    with busy_times() as found:
        yield
    record_property("busy", len(found))
    if found:
        told = f"{len(found)} times over {BUSY * 1_000:.0f} ms, at most {max(found) * 1_000:.0f}"
        request.node.add_report_section("teardown", "busy", told)


@pytest.mark.parametrize("number", range(OFTEN))
async def test_no_walk_ends_the_app(number: int, hostile: Path, tmp_path: Path) -> None:
    await walk(number, SHORT, Path(shutil.copy(hostile, tmp_path)))


@pytest.mark.long
@pytest.mark.usefixtures("tells_busy_times")
@pytest.mark.parametrize("number", range(OFTEN, ALL))
async def test_none_of_many_walks_ends_the_app(number: int, hostile: Path, tmp_path: Path) -> None:
    await walk(number, SHORT, Path(shutil.copy(hostile, tmp_path)))


@pytest.mark.long
@pytest.mark.usefixtures("tells_busy_times")
@pytest.mark.parametrize("number", range(1000, 1040))
async def test_no_long_walk_ends_the_app(number: int, hostile: Path, tmp_path: Path) -> None:
    await walk(number, LONG, Path(shutil.copy(hostile, tmp_path)))
