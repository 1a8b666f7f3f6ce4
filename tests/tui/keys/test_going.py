"""`g` and a letter goes anywhere; jump mode leads to each thing on a screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.messages.model import Draft
from tests.tui.conftest import Snap
from tests.tui.harness import front, make_app, make_store, press, settled, text, where, words
from tui.base.going import GoPanel
from tui.base.jumping import JumpScreen, Sign, labels, targets
from tui.base.picker import PickScreen
from tui.compose.editor import Composer
from tui.compose.entry import Entry


async def test_g_and_a_letter_goes_from_anywhere_also_when_both_come_at_once(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for letter, name in (("y", "History"), ("u", "Usage"), ("comma", "Settings"), ("h", "Home")):
            await pilot.press("g", letter)
            await settled(pilot)
            assert where(app) == name


async def test_the_panel_says_where_letters_lead_and_any_other_key_ends_it(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for ends in ("escape", "q", "f9"):
            await press(pilot, "g")
            assert front(app) is GoPanel
            assert "y History" in words(app)
            await press(pilot, ends)
            assert where(app) == "Home"


async def test_a_place_in_the_panel_is_tapped(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(41, 30)) as pilot:
        await settled(pilot)
        await press(pilot, "g")
        lines = words(app).splitlines()
        y, line = next((y, line) for y, line in enumerate(lines) if "y History" in line)
        await pilot.click(offset=(line.index("History"), y))
        await settled(pilot)
        assert where(app) == "History"


async def test_where_something_is_typed_g_is_a_letter(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="compose")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "y")
        assert where(app) == "Compose"
        assert app.screen.query_one(Composer).text == "gy"


@pytest.mark.parametrize("count", [1, 26, 27, 51, 52, 300])
def test_no_label_begins_another(count: int) -> None:
    found = labels(count)
    assert len(set(found)) == count
    assert not any(one != other and other.startswith(one) for one in found for other in found)


async def test_jumping_focuses_a_field_from_within_another(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="compose", draft=Draft(body="Hi", to=("+14155550123",)))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert app.screen.query_one(Composer).has_focus
        await press(pilot, "f13")  # as most terminals send Shift+F1
        chip, entry, _ = (sign.label for sign in app.screen.query(Sign))
        await press(pilot, entry)
        assert app.screen.query_one(Entry).has_focus
        await press(pilot, "ctrl+f", chip, "backspace")
        assert "(415) 555-0123" not in words(app)


async def test_jumping_puts_the_cursor_on_a_line_and_opens_a_link(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    text(store, "Open house", "+14155550123")
    app = make_app(store, first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+f", "s")
        assert next(line for line in words(app).splitlines() if "›" in line).startswith("› May 1")
        await press(pilot, "f2", "ctrl+f")
        rows = [sign for sign in app.screen.query(Sign) if sign.label]
        await press(pilot, rows[-1].label)
        assert where(app) == "Text"


async def test_jumping_chooses_in_a_dialog(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f")
        assert front(app) is PickScreen
        await press(pilot, "ctrl+f")
        assert front(app) is JumpScreen
        await press(pilot, "d")
        assert where(app) == "History"
        assert "* shows all" in words(app)


async def test_jumping_ends_with_any_other_key_and_its_own(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        for ends in ("escape", "ctrl+f", "1"):
            await press(pilot, "ctrl+f")
            assert front(app) is JumpScreen
            await press(pilot, ends)
            assert where(app) == "Home"


async def test_nothing_that_is_scrolled_out_of_sight_is_jumped_to(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(60, 12)) as pilot:
        await settled(pilot)
        assert targets(app.screen)
        assert all(0 <= target.at.y < 12 for target in targets(app.screen))


def test_go_panel_picture(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_store(tmp_path)), size=(120, 36), keys=("g",))


def test_jump_home_picture(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_store(tmp_path)), size=(120, 36), keys=("ctrl+f",))


def test_jump_compose_picture(snap: Snap, tmp_path: Path) -> None:
    draft = Draft(body="Open house on Sunday, 2 pm.", to=("+14155550123",))
    app = make_app(make_store(tmp_path), first="compose", draft=draft)
    assert snap(app, size=(120, 36), keys=("ctrl+f",))
