"""Several contacts chosen at once: what is done then is done with all of them, and undone whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input, Static

from store import Store
from store.people.model import ConsentState
from store.roles import Person, Role
from tests.tui.conftest import Snap
from tests.tui.harness import front, make_app, make_store, press, settled, text, toasts, words
from tui.app import TextmeterApp
from tui.compose.screen import ComposeScreen
from tui.contacts.contact import ContactScreen
from tui.contacts.screen import ContactsScreen

NAMES = ("Ann Lee", "Bo Moss", "Cy Reyes", "Dee Low", "Eva Ruiz")


def five(folder: Path) -> Store:
    store = make_store(folder)
    for at, name in enumerate(NAMES):
        first, last = name.split()
        groups = ["buyers"] if at < 2 else ["buyers", "vip"]
        store.people.add(
            first_name=first, last_name=last, phone=f"+141555501{at:02}", groups=groups, region="US"
        )
    return store


def names(store: Store) -> list[str]:
    return [contact.name for contact in store.people.contacts()]


def count(app: TextmeterApp) -> str:
    return str(app.screen.query_one("#count", Static).content)


async def test_space_chooses_and_the_title_counts_them(tmp_path: Path) -> None:
    app = make_app(five(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert count(app) == "5 people"
        await press(pilot, "space", "down", "space")
        assert count(app) == "2 of 5 people selected"
        assert "■ Ann Lee" in words(app)
        assert "■ Cy Reyes" in words(app)
        assert "■ Bo Moss" not in words(app)
        await press(pilot, "up", "space")  # on Cy, then back up from Dee
        assert "■ Cy Reyes" not in words(app)


async def test_what_is_chosen_outlasts_searches_and_escape_ends_it(tmp_path: Path) -> None:
    app = make_app(five(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "space", "slash", *"vip", "enter")
        assert count(app) == "1 of 5 people selected"
        await press(pilot, "asterisk")
        assert count(app) == "4 of 5 people selected"
        await press(pilot, "escape")
        assert front(app) is ContactsScreen
        assert count(app) == "4 of 5 people selected"
        await press(pilot, "slash", *"vip", "enter", "asterisk", "escape")
        assert count(app) == "1 of 5 people selected"
        await press(pilot, "escape")
        assert count(app) == "5 people"
        await press(pilot, "escape")
        assert app.current_mode == "home"


async def test_a_search_counts_whom_it_finds(tmp_path: Path) -> None:
    app = make_app(five(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "slash", *"vip")
        assert count(app) == "3 found"


async def test_all_who_are_chosen_are_deleted_and_brought_back_by_one_key(tmp_path: Path) -> None:
    store = five(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "space", "space", "d")
        assert names(store) == ["Cy Reyes", "Dee Low", "Eva Ruiz"]
        assert toasts(app) == ["2 people are deleted. z Undo"]
        assert count(app) == "3 people"
        await press(pilot, "z")
        assert names(store) == list(NAMES)
        assert toasts(app)[-1] == "Undone: 2 people are back."


async def test_all_who_are_chosen_get_a_group_and_keep_what_else_they_are_in(tmp_path: Path) -> None:
    store = five(tmp_path)
    before = store.people.contacts()
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "down", "space", "space", "number_sign")  # Bo, Cy
        assert "Groups of 2 people" in words(app)
        assert app.screen.query_one(Input).value == "buyers"
        app.screen.query_one(Input).value = "tenants"
        await press(pilot, "enter")
        assert [contact.groups for contact in store.people.contacts()[1:3]] == [
            ("tenants",),
            ("tenants", "vip"),
        ]
        assert toasts(app)[-1] == "Groups changed for 2 people. z Undo"
        assert count(app) == "2 of 5 people selected"
        await press(pilot, "z")
        assert store.people.contacts() == before


async def test_those_who_are_chosen_are_made_one_the_one_that_is_picked(tmp_path: Path) -> None:
    store = five(tmp_path)
    before = store.people.contacts()
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "space", "space", "space", "m", "down", "enter")
        assert names(store) == ["Bo Moss", "Dee Low", "Eva Ruiz"]
        assert len(store.people.contacts()[0].numbers) == 3
        assert toasts(app)[-1] == "Merged into Bo Moss. z Undo"
        assert count(app) == "3 people"
        await press(pilot, "z")
        assert store.people.contacts() == before


async def test_a_text_goes_to_all_who_are_chosen(tmp_path: Path) -> None:
    app = make_app(five(tmp_path), first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "space", "down", "space", "w")
        assert front(app) is ComposeScreen
        assert "Ann Lee · Cy Reyes" in words(app)
        assert "2 people" in words(app)


async def test_all_who_are_chosen_opt_out_with_a_reason_and_z_takes_that_back_first(tmp_path: Path) -> None:
    store = five(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "down", "d", "space", "space", "o")  # without Bo
        assert "Stop texting 2 numbers" in words(app)
        await press(pilot, *"moved out", "enter")
        outs = store.consent.said(1, only_out=True)
        assert {(one.name, one.why) for one in outs} == {("Cy Reyes", "moved out"), ("Dee Low", "moved out")}
        await press(pilot, "z")
        assert toasts(app)[-1] == "Undone: 2 numbers, as it was noted before."
        assert store.consent.said(1, only_out=True) == []
        assert store.people.count() == 4
        await press(pilot, "z")
        assert toasts(app)[-1] == "Undone: Bo Moss is back."
        assert len(list(store.consent.records())) == 4  # the proof keeps all that was said


async def test_who_was_deleted_elsewhere_is_not_chosen_any_more(tmp_path: Path) -> None:
    store = five(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "space", "space")
        store.people.delete(store.people.contacts()[0].id)
        app.data_changed()
        await settled(pilot)
        assert count(app) == "1 of 4 people selected"


async def test_of_very_many_a_group_is_made_before_they_are_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.contacts.doing.MOST_WRITTEN_TO", 4)
    monkeypatch.setattr("tui.contacts.doing.MOST_MERGED", 4)
    store = five(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "asterisk", "w")
        assert front(app) is ContactsScreen
        assert toasts(app)[-1].startswith("You can write to up to 4 people one by one.")
        await press(pilot, "m")
        assert toasts(app)[-1] == "You can merge up to 4 contacts at once. Select fewer."


async def test_a_contact_opts_out_by_number_and_comes_back_with_a_reason_only(tmp_path: Path) -> None:
    store = five(tmp_path)
    text(store, "Open house", "+14155550100")
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "o", *"wrote STOP", "enter")
        assert front(app) is ContactScreen
        assert store.consent.is_out("+14155550100", 1)
        assert "✗ opted out May 20" in words(app)
        assert "consent  Opted out  wrote STOP" in words(app)
        await press(pilot, "z")
        assert not store.consent.is_out("+14155550100", 1)
        assert "consent  What was noted is taken back" in words(app)
        await press(pilot, "y", "enter")
        assert "Write the reason: it's kept as proof." in words(app)
        await press(pilot, *"signed", "enter")
        assert "✓ said yes May 20" in words(app)
        assert store.consent.standing("+14155550100", 1).state is ConsentState.IN


async def test_of_several_numbers_the_one_is_picked_that_is_called_off(tmp_path: Path) -> None:
    store = five(tmp_path)
    store.people.merge(1, [2])
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "o")
        assert "Which number of Ann Lee?" in words(app)
        await press(pilot, "down", "enter", "enter")
        assert not store.consent.is_out("+14155550100", 1)
        assert store.consent.is_out("+14155550101", 1)
        assert "consent  Opted out  (415) 555-0101" in words(app)


@pytest.mark.parametrize("role", [Role.SENDER, Role.VIEWER])
async def test_a_sender_notes_an_opt_out_and_nobody_but_an_owner_a_yes(tmp_path: Path, role: Role) -> None:
    store = five(tmp_path)
    store.close()
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=store.clock, person=Person("Sam", role))
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "y")
        assert "Ask an owner" in toasts(app)[-1]
        await press(pilot, "o", "enter")
        assert store.consent.is_out("+14155550100", 1) is (role is Role.SENDER)


async def test_from_160_columns_the_one_under_the_cursor_stands_beside_the_list(tmp_path: Path) -> None:
    store = five(tmp_path)
    store.consent.opt_out("+14155550101", 1, why="wrote STOP")
    app = make_app(store, first="contacts")
    async with app.run_test(size=(160, 50)) as pilot:
        await settled(pilot)
        await press(pilot, "down")
        assert "✗ opted out May 20" in words(app)
        assert app.screen.query_one("#list").size.width <= 76
        await press(pilot, "up")
        assert "opted out" not in words(app)
        await press(pilot, "slash", *"zzz")
        assert "What happened" not in words(app)


def test_some_who_are_chosen(snap: Snap, tmp_path: Path) -> None:
    app = make_app(five(tmp_path), first="contacts")
    assert snap(app, size=(80, 24), keys=("space", "down", "space"))


def test_two_panes(snap: Snap, tmp_path: Path) -> None:
    store = five(tmp_path)
    text(store, "Open house on Sunday at 2.", "+14155550101")
    store.consent.opt_in("+14155550101", 1, why="signed the form in the office")
    assert snap(make_app(store, first="contacts"), size=(160, 50), keys=("down", "space", "up"))
