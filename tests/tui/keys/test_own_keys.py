"""A person's own keys: on the screen that changes them, in the file that keeps them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from store import paths
from tests.tui.conftest import Snap
from tests.tui.harness import make_app, make_store, press, settled, toasts, where, words
from tui.base.key_syntax import typed_key
from tui.base.own_keys import OwnKeys, read
from tui.compose.screen import ComposeScreen
from tui.history.date_dialog import DaysScreen
from tui.keys.press import PressScreen

KNOWN = {"plans.undo", "go.history", "contacts.write", "jump"}


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TEXTMETER_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "keys.toml"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("F5", "f5"),
        ("Ctrl+G", "ctrl+g"),
        ("^g", "ctrl+g"),
        ("Shift+Ctrl+Del", "ctrl+shift+delete"),
        ("Esc", "escape"),
        ("PgUp", "pageup"),
        ("A", "a"),
        ("?", "question_mark"),
        ("+", "plus"),
        ("ctrl++", "ctrl+plus"),
        ("plus", "plus"),
        ("g u", "g u"),
        ("g ,", "g comma"),
        ("é", "é"),
    ],
)
def test_a_key_is_read_as_people_write_it(typed: str, key: str) -> None:
    assert typed_key(typed) == key


@pytest.mark.parametrize("typed", ["", " ", "hyper+x", "f0", "f25", "enterr", "u g", "g u x", "ctrl+", "f٣"])
def test_what_is_no_key_is_none(typed: str) -> None:
    assert typed_key(typed) is None


def test_mistakes_are_told_with_their_line_and_all_else_holds(file: Path) -> None:
    file.write_text('jump = 3\n[plans]\nundo = "ctr+x"\n[go]\nhistory = ["F5", "g v"]\nhistroy = "u"\n')
    news = read(file, KNOWN)
    assert news.keys == {"go.history": "f5,g v"}
    assert [(mistake.details["line"], mistake.details["key"]) for mistake in news.mistakes] == [
        (1, "jump"),
        (3, "plans.undo"),
        (6, "go.histroy"),
    ]
    assert str(news.mistakes[1]).startswith("keys.toml, line 3, plans.undo: “ctr+x” isn't a key")


def test_a_broken_file_leaves_the_keys_as_they_were_and_is_told_once(file: Path) -> None:
    own = OwnKeys(file)
    assert own.news(lambda: KNOWN) is None
    file.write_text("[plans\n")
    news = own.news(lambda: KNOWN)
    assert news is not None
    assert news.keys is None
    assert "All keys stay as they were." in str(news.mistakes[0])
    assert own.news(lambda: KNOWN) is None
    file.unlink()
    news = own.news(lambda: KNOWN)
    assert news is not None
    assert news.keys == {}


async def test_the_file_is_followed_and_bar_help_and_hints_say_the_new_key(
    tmp_path: Path, file: Path
) -> None:
    app = make_app(make_store(tmp_path), first="history")
    async with app.run_test(size=(160, 50), notifications=True) as pilot:
        await settled(pilot)
        file.write_text('[history]\nwhen = "F6"\nall = "0"\n[go]\nletter = "comma"\n')
        app.look()
        await settled(pilot)
        assert "F6 Days" in words(app)
        await press(pilot, "t")
        assert where(app) == "History"
        await press(pilot, "f6")
        assert isinstance(app.screen, DaysScreen)
        await press(pilot, "escape", "f", *"exp", "enter")
        assert "Press 0 to show all lines." in words(app)
        await press(pilot, "f1")
        assert "F6" in words(app)
        assert ", h" in words(app)
        await press(pilot, "escape", "comma", "h")
        assert where(app) == "Home"
        file.write_text("[history\n")
        app.look()
        await settled(pilot)
        assert "keys.toml, line 1" in toasts(app)[0]
        assert app.keys["history.when"] == "f6"


async def test_what_is_wrong_with_the_file_is_said_in_one_toast_as_the_app_starts(
    tmp_path: Path, file: Path
) -> None:
    file.write_text('[plans]\nundo = "ctr+x"\n')
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        [told] = toasts(app)
        assert told.startswith("keys.toml, line 2, plans.undo: “ctr+x” isn't a key;")
        assert told.endswith("Its usual key stays.")
        file.write_text('[plans]\nundo = "ctr+x"\nundoo = "u"\n[history]\nwhen = "f"\n')
        app.look()
        await settled(pilot)
        assert len(toasts(app)) == 2
        assert toasts(app)[-1].endswith(
            "Its usual key stays. 2 more mistakes in keys.toml; g k shows every key."
        )


async def test_a_key_that_two_actions_share_is_said_by_its_line_and_once(tmp_path: Path, file: Path) -> None:
    file.write_text('[history]\nwhen = "0"\nall = "0"\n')
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        assert toasts(app) == [
            "keys.toml, line 2, history.when: 0 is also “Clear” in History. Only one of them will work there."
        ]
        file.write_text('[history]\nwhen = "0"\n')
        app.look()
        await settled(pilot)
        assert len(toasts(app)) == 1
        file.write_text('[history]\nwhen = "Ctrl+Q"\n')
        app.look()
        await settled(pilot)
        assert "history.when: ^Q is also “Quit”" in toasts(app)[-1]


async def shown(pilot: Pilot[Any], *typed: str) -> None:
    await settled(pilot)
    await press(pilot, "g", "k", *typed)


async def test_a_key_is_put_elsewhere_by_pressing_it_and_back_by_delete(tmp_path: Path, file: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await shown(pilot, *"history.when")
        assert "t               Days" in words(app)
        await press(pilot, "enter", "ctrl+q")  # which would leave Textmeter anywhere else
        assert app.is_running
        assert "^Q is also “Quit”" in words(app)
        await press(pilot, "enter", "g", "v")
        assert "g v             Days" in words(app)
        assert 'when = "g v"' in file.read_text()
        await press(pilot, "delete")
        assert "t               Days" in words(app)
        assert "when" not in file.read_text()


async def test_esc_keeps_the_key_that_it_has(tmp_path: Path, file: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, *"history.when", "enter")
        assert isinstance(app.screen, PressScreen)
        await press(pilot, "escape")
        assert where(app) == "Keys"
        assert not file.exists()


async def test_one_of_several_steps_on_a_key_is_moved_and_the_others_stay(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="compose")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        app.use_keys({"compose.send": "f6", "history.when": "ctrl+y"})
        await settled(pilot)
        assert app.screen.active_bindings["f6"].binding.id in ("compose.send", "compose.fix")
        assert all(
            "f5" in action.key
            for id, action in cast("ComposeScreen", app.screen).acts.items()
            if id.startswith("compose.send-")
        )
        app.use_keys({})
        assert app.screen.active_bindings["f5"].binding.id == "compose.send"


async def test_where_files_are_out_of_reach_keys_last_for_the_session(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "_within_reach", False)
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(pilot, *"history.when", "enter", "f6")
        assert "Files can't be written from here" in words(app)
        assert "F6              Days" in words(app)
        assert not file.exists()


def test_keys_picture_with_a_clash(snap: Snap, tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    assert snap(app, size=(120, 36), keys=("g", "k", *"history", "down", "down", "down", "enter", "f"))


def test_keys_picture(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_store(tmp_path)), size=(80, 24), keys=("g", "k"))
