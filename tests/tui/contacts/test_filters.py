"""A search is a filter: mistakes are told beside it, it is saved under a name, shown again and written to."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input

from store import Store
from store.clock import FixedClock
from store.people.model import Details
from store.roles import Person, Role
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, make_app, make_store, off, press, settled, toasts, where, words
from tui.compose.screen import ComposeScreen

PEOPLE = (
    ("Zoë", "O'Hara", "+14155550110", ("Buyers",), "4B"),
    ("José", "Núñez", "+34612345678", ("Buyers", "Open house"), "12"),
    ("Ann", "Lee", "+14155550112", ("Owners",), "4C"),
    ("Bob", "Stone", "", ("Owners",), "41"),
)


def people(folder: Path) -> Store:
    store = make_store(folder)
    for first, last, phone, groups, unit in PEOPLE:
        store.people.add(
            first_name=first,
            last_name=last,
            phone=phone,
            email="" if phone else "bob@example.com",
            groups=groups,
            region="US",
            details=Details(fields=(("unit", unit),)),
        )
    return store


async def test_a_mistake_is_told_beside_the_search_and_the_list_stays(tmp_path: Path) -> None:
    app = make_app(people(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "slash", *'unit:4* "')
        assert "The quote in \" isn't closed." in words(app)
        assert "Zoë O'Hara" in words(app)
        assert "José" not in words(app)
        assert toasts(app) == []
        await press(pilot, "backspace", *"last-text:>30", "enter")
        assert "“>30” needs a unit" in words(app)
        assert "No one matches." not in words(app)
        assert "s Save filter" in off(app)
        await press(pilot, "slash", "end", "d")
        assert "needs a unit" not in words(app)
        assert "No one matches." in words(app)


async def test_a_search_is_saved_under_a_name_listed_with_its_people_and_shown_again(tmp_path: Path) -> None:
    store = people(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        assert "Save filter" not in words(app)
        await press(pilot, "slash", *"unit:4*", "enter", "s", *"Fourth floor", "enter")
        assert toasts(app) == ["Saved as =Fourth floor: 2 people."]
        await press(pilot, "escape", "f")
        rows = [line.strip(" ›").split("  ")[0] for line in words(app).splitlines()[3:7]]
        assert rows == ["=Fourth floor", "#Buyers", "#Open house", "#Owners"]
        await press(pilot, "enter")
        assert where(app) == "Contacts"
        assert app.screen.query_one("#search", Input).value == "unit:4*"
        assert "José" not in words(app)
        await press(pilot, "slash", "end", *" #owners", "ctrl+s", "enter")  # as it was called before
        assert store.people.saved_filters() == [("Fourth floor", "unit:4* #owners")]


async def test_the_people_of_a_group_are_shown(tmp_path: Path) -> None:
    app = make_app(people(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f", "down", "enter")
        assert app.screen.query_one("#search", Input).value == '#"Open house"'
        assert "José Núñez" in words(app)
        assert "Zoë" not in words(app)


async def test_a_saved_filter_is_deleted_and_a_group_isnt(tmp_path: Path) -> None:
    store = people(tmp_path)
    store.people.save_filter("Fourth floor", "unit:4*")
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "f", "down", "d")
        assert toasts(app) == ["Only saved filters can be deleted here."]
        await press(pilot, "up", "d")
        assert toasts(app)[-1] == "=Fourth floor is deleted. z Undo"
        app.clear_notifications()
        await settled(pilot)
        assert "=Fourth floor" not in words(app)
    assert store.people.saved_filters() == []
    assert len(store.people.contacts()) == len(PEOPLE)


async def test_a_filter_is_written_to(tmp_path: Path) -> None:
    store = people(tmp_path)
    store.people.save_filter("Fourth floor", "unit:4*")
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "f", "w")
        assert isinstance(app.screen, ComposeScreen)
        assert "=Fourth floor (2)" in words(app)
        assert "2 people, 1 left out" in words(app)  # Bob has no number


async def test_a_filter_whose_group_is_gone_says_that_it_is_a_mistake(tmp_path: Path) -> None:
    store = people(tmp_path)
    store.people.save_filter("Buyers here", "#buyers")
    store.people.remove_group("Buyers")
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f")
        assert words(app).splitlines()[3].split()[-1] == "invalid"


async def test_who_may_not_send_saves_and_deletes_no_filter(tmp_path: Path) -> None:
    people(tmp_path).people.save_filter("Fourth floor", "unit:4*")
    url = str(tmp_path / "textmeter.sqlite3")
    app = make_app(
        lambda: Store(url, clock=FixedClock(NOW), person=Person("Vic", Role.VIEWER)), first="contacts"
    )
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "slash", *"unit:4*", "enter")
        assert "s Save filter" in off(app)
        await press(pilot, "f")
        assert "d Delete" in off(app)


def test_contacts_with_a_filter(snap: Snap, tmp_path: Path) -> None:
    keys = ("slash", *"#buyers unit:4*", "enter")
    assert snap(make_app(people(tmp_path), first="contacts"), size=(80, 24), keys=keys)


def test_a_mistake_in_a_filter(snap: Snap, tmp_path: Path) -> None:
    keys = ("slash", *"#buyers last-text:abc")
    assert snap(make_app(people(tmp_path), first="contacts"), size=(80, 24), keys=keys)


def test_saved_filters_and_groups(snap: Snap, tmp_path: Path) -> None:
    store = people(tmp_path)
    store.people.save_filter("Fourth floor", "unit:4* -opted-out")
    store.people.save_filter("[/] of late", "last-text:<30d")
    assert snap(make_app(store, first="contacts"), size=(120, 36), keys=("f",))


def test_a_name_for_a_filter(snap: Snap, tmp_path: Path) -> None:
    keys = ("slash", *"unit:4*", "enter", "s", *"Fourth floor")
    assert snap(make_app(people(tmp_path), first="contacts"), size=(80, 24), keys=keys)
