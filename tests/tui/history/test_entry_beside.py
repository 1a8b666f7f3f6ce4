"""A line of the history beside the list: what its own page shows, following the cursor."""

from __future__ import annotations

from pathlib import Path

from tests.tui.harness import make_app, make_store, numbers, press, settled, text, words
from tui.blasts.screen import BlastScreen


async def test_the_message_and_the_credits_of_the_line_under_the_cursor_stand_beside_it(
    tmp_path: Path,
) -> None:
    store = make_store(tmp_path)
    text(store, "Open house on Elm Street, Sunday at two.", *numbers(5))
    app = make_app(store, first="history")
    async with app.run_test(size=(160, 50)) as pilot:
        await settled(pilot)
        beside = "\n".join(line[77:] for line in words(app).splitlines())
        assert "Open house on Elm Street, Sunday at two." in beside
        assert "Which credits" in beside
        await press(pilot, "down")
        beside = "\n".join(line[77:] for line in words(app).splitlines())
        assert "Open house" not in beside
        assert "Which credits" in beside


async def test_from_beside_the_list_a_line_leads_on_as_from_its_own_page(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    text(store, "Open house on Elm Street, Sunday at two.", *numbers(5))
    app = make_app(store, first="history")
    async with app.run_test(size=(160, 50)) as pilot:
        await settled(pilot)
        await press(pilot, "tab", "enter")
        assert type(app.screen) is BlastScreen


async def test_a_line_leads_on_from_its_own_page(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    text(store, "Open house on Elm Street, Sunday at two.", *numbers(5))
    app = make_app(store, first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert "Open house on Elm Street, Sunday at two." in words(app)
        await press(pilot, "enter")
        assert type(app.screen) is BlastScreen


async def test_a_held_key_ends_with_the_line_one_stopped_at(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    for number in range(8):
        text(store, f"Text {number}", *numbers(1))
    app = make_app(store, first="history")
    async with app.run_test(size=(160, 50)) as pilot:
        await settled(pilot)
        await pilot.press(*["down"] * 6)
        await settled(pilot)
        beside = "\n".join(line[77:] for line in words(app).splitlines())
        assert "Text 1" in beside
