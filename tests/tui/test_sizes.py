"""Every screen at every size: text that can be read, two panes where there is room, a way back on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.app import App

from store import Store, demo
from store.clock import DemoClock
from store.messages.model import Draft, When
from tests.tui.conftest import Snap
from tests.tui.harness import StillApp, make_app, make_store, press, settled, words
from tui.app import TextmeterApp
from tui.base.key_bar import KeyBar
from tui.i18n.language import Language
from tui.routes.screens import MODES

WIDEST = 76
"""Cells of a line that is read."""
EMAILS = {"email", "campaigns", "smartplans"}
"""Screens of accounts that send emails."""
LISTS = ("contacts", "inbox", "history", "consent", "scheduled", "templates", "campaigns", "smartplans")
APART = re.compile(r"\s{2,}|[─━│┃▕▏█▌·■]{1,}")
"""What stands between two texts in a line: columns, panes, bars."""
WORD = re.compile(r"[^\W\d_]{2,}")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "demo.sqlite3"
    demo.make(path)
    return path


Opened = Callable[[str], TextmeterApp]


@pytest.fixture
def opened(template: Path, tmp_path: Path) -> Opened:
    """opened(mode): the app on a copy of the demo data, on one of its screens."""

    def make(mode: str) -> TextmeterApp:
        demo.open_copy(template, tmp_path).close()
        store = Store(str(tmp_path / "demo.sqlite3"), clock=DemoClock(goes_on=False), demo=True)
        sends = "emails" if mode in EMAILS else "texts"
        accounts = store.credits.accounts()
        account = next(one for one in accounts if store.credits.product(one).sends == sends)
        if mode == "scheduled":
            for days in (1, 2):
                later = When(store.clock.now() + timedelta(days=days))
                draft = Draft(body=f"In {days} days", to=("+14155550123",))
                store.messages.send(account.id, draft, when=later)
        app = StillApp(lambda: store, Language("en"), language_asked=True, first=mode, account_id=account.id)
        app.animation_level = "none"
        return app

    return make


def prose(app: App[Any]) -> list[str]:
    """The texts of the present screen between its top line and its key bar, each as far as it goes on in one
    line; a path is none."""
    lines = words(app).splitlines()[1:-1]
    return [
        part
        for line in lines
        for part in APART.split(line.strip())
        if len(WORD.findall(part)) > 3 and " " in part
    ]


@pytest.mark.parametrize("mode", MODES)
async def test_no_line_of_text_is_too_wide_to_be_read(opened: Opened, mode: str) -> None:
    app = opened(mode)
    async with app.run_test(size=(200, 50)) as pilot:
        await settled(pilot)
        assert [part for part in prose(app) if cell_len(part) > WIDEST] == []


@pytest.mark.parametrize("mode", ["inbox", "history", "consent", "scheduled", "templates", "contacts"])
async def test_an_empty_list_says_in_few_words_which_key_goes_on(tmp_path: Path, mode: str) -> None:
    app = make_app(make_store(tmp_path), first=mode)
    async with app.run_test(size=(200, 50)) as pilot:
        await settled(pilot)
        assert [part for part in prose(app) if cell_len(part) > WIDEST] == []
        if mode not in ("history", "templates"):  # which begin with a line
            assert re.search(r"(F3|Press i|o records)", words(app))


@pytest.mark.parametrize("mode", LISTS)
async def test_what_the_cursor_is_on_stands_beside_a_list(opened: Opened, mode: str) -> None:
    app = opened(mode)
    async with app.run_test(size=(160, 50)) as pilot:
        await settled(pilot)
        assert app.screen.query_one("#list").size.width <= WIDEST
        beside = [line[78:] for line in words(app).splitlines()[1:-1]]
        assert sum(map(bool, map(str.strip, beside))) > 3
        await press(pilot, "down")
        assert [line[78:] for line in words(app).splitlines()[1:-1]] != beside


@pytest.mark.parametrize(
    ("mode", "size"),
    [
        *((mode, (160, 50)) for mode in ("contacts", "inbox", "history", "compose")),
        ("history", (60, 20)),
        ("inbox", (41, 30)),
    ],
    ids=str,
)
def test_how_it_looks(snap: Snap, opened: Opened, mode: str, size: tuple[int, int]) -> None:
    assert snap(opened(mode), size=size)


@pytest.mark.parametrize("size", [(60, 20), (41, 30)], ids=str)
@pytest.mark.parametrize("mode", [*LISTS, "compose", "email"])
async def test_a_small_screen_has_the_balance_and_every_way_on(
    opened: Opened, mode: str, size: tuple[int, int]
) -> None:
    app = opened(mode)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        head, *_, bar = words(app).splitlines()
        balance = app.balance
        assert balance is not None
        assert app.language.number(balance.available) in head
        keys = app.screen.query_one(KeyBar).render().plain
        assert "Esc" in keys
        assert "^P" in keys
        assert cell_len(bar) <= size[0]
