"""Keys that are pressed while the database is still being opened."""

from __future__ import annotations

import pytest

from tests.tui.harness import make_app, off, settled, toasts
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
        await pilot.press(*KEYS, *CHORDS, "tab", *KEYS, "ctrl+p")
        await settled(pilot)
        await pilot.press("down", "down", "enter", "escape", "f1", "escape")
        await settled(pilot)
        assert app.is_running


async def test_what_needs_the_database_is_off_until_it_is_open() -> None:
    app = make_app(None, first="compose")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert {"F7 Picture", "F5 Send"} <= off(app)
        assert "F1 Help" not in off(app)
        await pilot.press("f7")
        await settled(pilot)
        assert toasts(app) == ["The database is still opening."]
