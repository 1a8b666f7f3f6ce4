"""Keys that are pressed while the database is still being opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from textual.widgets import Input

from store import Store
from store.messages.model import Draft
from tests.tui.harness import front, make_app, make_store, off, settled, toasts, words
from tui.accounts.welcome import WelcomeScreen
from tui.app import TextmeterApp
from tui.base.terminal import in_order
from tui.compose.editor import Composer
from tui.compose.screen import ComposeScreen
from tui.compose.templates import InsertScreen
from tui.contacts.contact import ContactScreen
from tui.home.screen import HomeScreen
from tui.routes.screens import MODES

KEYS = (
    "a",
    "i",
    "d",
    "e",
    "plus",
    "slash",
    "delete",
    "enter",
    "space",
    "b",
    "c",
    "f",
    "n",
    "o",
    "r",
    "s",
    "t",
)
CHORDS = ("ctrl+n", "ctrl+o", "ctrl+s", *(f"f{number}" for number in range(2, 10)), "f10", "f12")


@pytest.mark.parametrize("first", MODES)
async def test_nothing_asks_for_a_store_that_is_not_there(first: str) -> None:
    app = make_app(None, first=first)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        for key in (
            *KEYS,
            *CHORDS,
            "tab",
            *KEYS,
            "ctrl+p",
            "down",
            "down",
            "enter",
            "escape",
            "f1",
            "escape",
        ):
            await pilot.press(key)
            await drop_what_is_kept(app)
        await settled(pilot)
        assert app.is_running


async def drop_what_is_kept(app: TextmeterApp) -> None:
    """So that the next key is tried, too."""
    app._waiting.clear()
    await app.let_go()


async def test_what_needs_the_database_is_off_until_it_is_open() -> None:
    app = make_app(None, first="compose")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert {"F7 Picture", "F5 Send"} <= off(app)
        assert "F1 Help" not in off(app)
        await pilot.press("f7")
        await settled(pilot)
        assert toasts(app) == ["The database is still opening. Your keys are kept until then."]


class Gate:
    """Opens a database when it is told to."""

    def __init__(self, store: Store) -> None:
        self.store, self._may = store, Event()

    def __call__(self) -> Store:
        assert self._may.wait(60)
        return self.store

    def open(self) -> None:
        self._may.set()


@pytest.fixture
def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[TextmeterApp, Gate]]:
    """An app, and what its database waits for. A key waits for the one before it as long as that takes."""
    monkeypatch.setattr(in_order, "LONGEST_WAY", 60)

    def make(first: str, *, plan: str | None = "300") -> tuple[TextmeterApp, Gate]:
        store = make_store(tmp_path, plan=plan)
        with store.connection():
            store.people.add(
                first_name="Ann", last_name="Lee", phone="+14155550123", groups=["Buyers"], region="US"
            )
        gate = Gate(store)
        return make_app(gate, first=first), gate

    return make


async def test_what_is_pressed_before_the_database_is_open_is_done_then_and_in_order(
    late: Callable[..., tuple[TextmeterApp, Gate]],
) -> None:
    app, gate = late("home")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.press("c", *"ann", "enter", "tab", *"Hi there")
        assert front(app) is HomeScreen
        assert toasts(app) == ["The database is still opening. Your keys are kept until then."]
        gate.open()
        await settled(pilot)
        while app._waiting:
            await pilot.pause()
        await settled(pilot)
        assert front(app) is ComposeScreen
        assert app.screen.query_one(Composer).text == "Hi there"
        assert "Ann Lee" in words(app)
        assert toasts(app) == []


async def test_letters_go_on_with_the_draft_that_comes_up_as_they_would_one_by_one(
    late: Callable[..., tuple[TextmeterApp, Gate]],
) -> None:
    app, gate = late("home")
    gate.store.messages.save_draft(Draft(body="See you", groups=("Buyers",), account_id=1))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("c", *" there")
        gate.open()
        await settled(pilot)
        while app._waiting:
            await pilot.pause()
        await settled(pilot)
        assert app.screen.query_one(Composer).text == "See you there"


async def test_letters_go_into_the_field_at_once_until_a_key_has_to_wait(
    late: Callable[..., tuple[TextmeterApp, Gate]],
) -> None:
    app, gate = late("compose")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press(*"Hello ", "ctrl+t", *"clos")
        assert app.screen.query_one(Composer).text == "Hello "
        gate.open()
        await settled(pilot)
        while app._waiting:
            await pilot.pause()
        await settled(pilot)
        assert front(app) is InsertScreen
        assert app.screen.query_one(Input).value == "clos"


async def test_a_key_about_a_list_waits_until_that_is_there(
    late: Callable[..., tuple[TextmeterApp, Gate]],
) -> None:
    app, gate = late("contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("enter")
        gate.open()
        await settled(pilot)
        assert front(app) is ContactScreen


async def test_one_may_leave_before_the_database_is_open(
    late: Callable[..., tuple[TextmeterApp, Gate]],
) -> None:
    app, gate = late("home")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("c", "ctrl+q")
        assert not app.is_running
        gate.open()


async def test_what_was_pressed_isnt_done_on_a_screen_that_opened_meanwhile(
    late: Callable[..., tuple[TextmeterApp, Gate]],
) -> None:
    app, gate = late("home", plan=None)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("c", "down", "enter", "enter")
        gate.open()
        await settled(pilot)
        assert front(app) is WelcomeScreen
        assert "Ann" not in words(app)
        assert app.holds is False


async def test_what_the_palette_leads_to_is_told_and_its_enter_means_nothing_else(
    late: Callable[..., tuple[TextmeterApp, Gate]],
) -> None:
    app, gate = late("home")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.press("ctrl+p", *"contacts", "enter")
        assert front(app) is HomeScreen
        assert toasts(app) == ["The database is still opening."]
        gate.open()
        await settled(pilot)
        assert front(app) is HomeScreen
