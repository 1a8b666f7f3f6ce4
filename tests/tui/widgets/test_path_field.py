"""Paths are typed, pasted and completed alike for an import, an export and a picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from store.messages.model import Draft
from tests.tui.harness import make_app, make_store, press, settled, words
from tui.widgets.path_field import PathField

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PLACES = {
    "a picture": ("compose", ("f7",)),
    "an import": ("contacts", ("i",)),
    "an export": ("history", ("s",)),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "my home"
    (home / "My pictures").mkdir(parents=True)
    (home / "My pictures" / "house.png").write_bytes(PNG)
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.mark.parametrize("place", PLACES)
async def test_tab_completes_a_path_everywhere(tmp_path: Path, home: Path, place: str) -> None:
    first, keys = PLACES[place]
    app = make_app(make_store(tmp_path), first=first, draft=Draft(body="Hi") if first == "compose" else None)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, *keys)
        field = app.screen.query_one(PathField)
        app.post_message(events.Paste("~/My p"))
        await settled(pilot)
        await press(pilot, "tab")
        assert field.value in ("~/My pictures/", f"{home}/My pictures/")
        assert field.has_focus


@pytest.mark.parametrize("pasted", ["'{home}/My pictures/house.png'", "~/My pictures/house.png", "~"])
async def test_a_picture_whose_path_is_pasted_is_attached(tmp_path: Path, home: Path, pasted: str) -> None:
    app = make_app(make_store(tmp_path), first="compose", draft=Draft(body="Hi", to=("+14155550101",)))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "f7")
        app.post_message(events.Paste(pasted.format(home=home)))
        await settled(pilot)
        if pasted == "~":
            assert "My pictures/" in words(app)
            await press(pilot, *"/My", "enter", "enter")
        else:
            await press(pilot, "enter")
        assert "▣ house.png" in words(app)


async def test_a_path_that_is_typed_behind_the_home_folder_begins_anew(tmp_path: Path, home: Path) -> None:
    app = make_app(make_store(tmp_path), first="compose", draft=Draft(body="Hi"))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "f7", *"~/My")
        assert app.screen.query_one(PathField).value == "~/My"
        await press(pilot, *["backspace"] * 2, "/", "x")
        assert app.screen.query_one(PathField).value == "/x"
        await press(pilot, *["backspace"] * 2, *"~/'/y'")  # as a terminal without pastes types a file's name
        assert app.screen.query_one(PathField).path == Path("/y")
