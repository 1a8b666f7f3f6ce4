"""Help: for what is focused, for its screen, and the keys by where they work."""

from __future__ import annotations

from pathlib import Path

from tests.tui.conftest import Snap
from tests.tui.harness import make_app, make_store, press, settled, words
from tui.base.help import HelpScreen


async def test_f1_helps_with_the_focused_part_then_its_screen_then_all_keys(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 90)) as pilot:
        await settled(pilot)
        await press(pilot, "f1")
        shown = words(app)
        order = [
            "Up and Down select a line, Enter opens it.",
            "The large number is what you can still send today.",
            "Where you are",
            "On this screen",
            "c w",
            "Everywhere",
            "^Q F11",
        ]
        places = [shown.index(text) for text in order]
        assert places == sorted(places)


async def test_another_focus_gets_other_help(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 90)) as pilot:
        await settled(pilot)
        await press(pilot, "shift+tab", "shift+tab", "f1")
        assert "a dot is a day without use" in words(app)


async def test_what_ctrl_z_does_within_a_text_and_elsewhere_is_listed(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="compose")
    async with app.run_test(size=(120, 90)) as pilot:
        await settled(pilot)
        await press(pilot, "f1")
        assert "Undo" in words(app)
        assert "outside a text" in words(app)
        await press(pilot, "escape", "escape", "f1")
        assert "Suspend" in words(app)


async def test_escape_and_f1_go_back(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for key in ("escape", "f1"):
            home = app.screen
            await press(pilot, "f1")
            assert isinstance(app.screen, HelpScreen)
            await press(pilot, key)
            assert app.screen is home


async def test_help_longer_than_the_screen_scrolls(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        await press(pilot, "f1")
        assert "Senders" not in words(app)
        await press(pilot, "end")
        assert "Senders" in words(app)


def test_help_picture(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_store(tmp_path)), size=(80, 24), keys=("f1",))


def test_help_picture_wide(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_store(tmp_path)), size=(120, 36), keys=("f1",))
