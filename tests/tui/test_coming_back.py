"""The app opens where it was left: the screen, what was searched for, the draft that was being written."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from store.demo import SETTING
from tests.tui.harness import StillApp, make_store, settled
from tests.tui.pty_app import Window, make_database
from tui.app import TextmeterApp
from tui.base.places import MOST, Place, Places
from tui.commands.context import Session
from tui.commands.entry import run
from tui.contacts.screen import ContactsScreen
from tui.i18n.language import Language

Act = Callable[[Pilot[Any]], Awaitable[None]]
SIZE = (80, 24)
"""Of a terminal that isn't there: without one, Textual takes it to have now 24 lines, now 25."""


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., TextmeterApp]:
    """start(act, *arguments): runs the command line, acts in the app it opens, and leaves it; the app."""
    store = make_store(tmp_path)
    monkeypatch.setenv("TEXTMETER_DATABASE", str(tmp_path / "textmeter.sqlite3"))
    monkeypatch.setattr(Session, "_why_not_draw", lambda session: None)
    monkeypatch.setattr(Session, "_open", lambda session: store)

    def start(act: Act, *arguments: str) -> TextmeterApp:
        opened: list[TextmeterApp] = []

        async def pilot(pilot: Pilot[Any]) -> None:
            await settled(pilot)
            await act(pilot)
            await settled(pilot)
            pilot.app.exit()

        def headless(app: TextmeterApp) -> None:
            opened.append(app)
            App.run(app, headless=True, size=SIZE, auto_pilot=pilot)

        monkeypatch.setattr(TextmeterApp, "run", headless)
        assert run(list(arguments)) == 0
        return opened[0]

    return start


def presses(*keys: str) -> Act:
    async def act(pilot: Pilot[Any]) -> None:
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

    return act


def begins_at(start: Callable[..., TextmeterApp], *arguments: str) -> str:
    """The screen that a start begins with."""
    screens = []

    async def look(pilot: Pilot[Any]) -> None:
        screens.append(pilot.app.current_mode)

    start(look, *arguments)
    return screens[0]


def test_the_next_start_opens_the_screen_that_was_left(start: Callable[..., TextmeterApp]) -> None:
    start(presses("f9"))
    assert begins_at(start) == "history"
    start(presses("f2"))
    assert begins_at(start) == "home"


def test_what_was_searched_for_is_searched_for_again(start: Callable[..., TextmeterApp]) -> None:
    start(presses("f10", "slash", "z", "o"))
    searches = []

    async def look(pilot: Pilot[Any]) -> None:
        assert isinstance(pilot.app.screen, ContactsScreen)
        searches.append(pilot.app.screen._search)

    start(look)
    assert searches == ["zo"]


def test_a_screen_that_is_asked_for_comes_first(start: Callable[..., TextmeterApp]) -> None:
    start(presses("f9"))
    assert begins_at(start, "--screen", "home") == "home"
    assert begins_at(start, "compose", "Hi") == "compose"


def test_a_setting_has_it_open_at_home(
    start: Callable[..., TextmeterApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    start(presses("f9"))
    monkeypatch.setenv("TEXTMETER_START_SCREEN", "home")
    assert begins_at(start) == "home"


def test_each_database_and_person_has_a_place_that_names_neither(home: Path) -> None:
    Places("postgresql://ann@db/texts", "ann").keep(Place("history", "zoë"))
    assert Places("postgresql://ann@db/texts", "ann").read() == Place("history", "zoë")
    assert Places("postgresql://ann@db/texts", "bob").read() is None
    assert Places("other.sqlite3", "ann").read() is None
    kept = home / ".local/state/textmeter/places.json"
    assert "ann" not in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0


def test_no_more_databases_are_remembered_than_so_many(home: Path) -> None:
    for number in range(MOST + 1):
        Places(f"{number}.sqlite3", "").keep(Place("history"))
    assert Places("0.sqlite3", "").read() is None
    assert Places(f"{MOST}.sqlite3", "").read() == Place("history")


@pytest.mark.parametrize(
    "written", ["", "[]", "{", "[" * 9_999, "\x00"], ids=["nothing", "a list", "half", "deep", "a byte"]
)
def test_whatever_is_written_there_the_app_opens(
    start: Callable[..., TextmeterApp], home: Path, written: str
) -> None:
    kept = home / ".local/state/textmeter/places.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(written, encoding="utf-8")
    assert begins_at(start) == "home"


def test_a_screen_that_there_is_not_any_more_is_home(start: Callable[..., TextmeterApp], home: Path) -> None:
    start(presses("f9"))
    kept = home / ".local/state/textmeter/places.json"
    kept.write_text(kept.read_text(encoding="utf-8").replace("history", "ledger"), encoding="utf-8")
    assert begins_at(start) == "home"


def test_an_error_at_the_start_is_not_come_back_to(
    start: Callable[..., TextmeterApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    start(presses("f10"))

    def fail(*_: object) -> None:
        raise LookupError

    with monkeypatch.context() as broken:
        broken.setattr(ContactsScreen, "body", fail)
        broken.setattr(TextmeterApp, "run", lambda app: App.run(app, headless=True, size=SIZE))
        assert run([]) == 1
    assert begins_at(start) == "home"


async def test_a_demo_is_begun_anew(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.settings.write(SETTING, "1")
    places = Places("demo.sqlite3", "")
    app = StillApp(lambda: store, Language("en"), first="history", places=places)
    async with app.run_test() as pilot:
        await settled(pilot)
        app.exit()
    assert places.read() is None


def test_a_terminal_that_goes_away_leaves_a_place_and_the_draft(tmp_path: Path) -> None:
    database = make_database(tmp_path)
    first = Window(database, "--screen", "compose", env={"XDG_STATE_HOME": str(tmp_path / "state")})
    first.shows("credits left")
    first.send(b"\t\tSee you on Sunday")
    first.shows("Sunday")
    first.signal(signal.SIGHUP)
    assert first.ends() == 128 + signal.SIGHUP
    first.close()
    second = Window(database, env={"XDG_STATE_HOME": str(tmp_path / "state")})
    try:
        second.shows("Sunday")
        assert "Compose" in second.words
    finally:
        second.close()
