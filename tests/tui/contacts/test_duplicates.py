"""Who may be in the contacts twice, on a screen: merged or kept apart by a key, never by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import Store
from store.people.model import Details
from store.roles import Person, Role
from tests.tui.conftest import Snap
from tests.tui.harness import front, make_app, make_store, press, settled, toasts, words
from tui.contacts.duplicates import DuplicatesScreen
from tui.contacts.screen import ContactsScreen


def twice(folder: Path) -> Store:
    """Ana twice, by her number and email; a couple with one number; two similar ones in one household."""
    store = make_store(folder)
    for first, last, phone, email, household in (
        ("Ana", "Ruiz", "+14155550101", "ana@example.com", ""),
        ("Ana", "Ruis", "+14155550101", "ANA@example.com", ""),
        ("Bo", "Moss", "+14155550103", "", "12A"),
        ("Boo", "Moss", "+14155550104", "", "12a"),
        ("Cy", "[b]Reyes", "+14155550105", "", ""),
        ("Dee", "Low", "+14155550105", "", ""),
    ):
        store.people.add(
            first_name=first,
            last_name=last,
            phone=phone,
            email=email,
            region="US",
            details=Details(household=household),
        )
    return store


async def test_pairs_are_proposed_with_why_and_decided_by_keys(tmp_path: Path) -> None:
    store = twice(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "equals_sign")
        assert front(app) is DuplicatesScreen
        lines = [line for line in words(app).splitlines() if "same n" in line or "similar" in line]
        assert ["same number, same email" in lines[0], "similar name, same household" in lines[1]] == [
            True
        ] * 2
        assert "Cy [b]Reyes" in lines[2]
        assert "same number, different names" in lines[2]
        assert "3 pairs may be the same person." in words(app)
        assert store.people.count() == 6
        await press(pilot, "down", "minus")
        assert "2 pairs may be the same person." in words(app)
        assert store.people.count() == 6
        await press(pilot, "up", "enter")
        assert toasts(app)[-1] == "Merged into Ana Ruiz. z separates them again."
        assert "1 pair may be the same person." in words(app)
        assert store.people.count() == 5
        await press(pilot, "z", "z")
        assert store.people.count() == 6
        assert toasts(app)[-1] == "Undone: Bo Moss may show up as a duplicate again."
        assert "3 pairs may be the same person." in words(app)
        await press(pilot, "escape")
        assert front(app) is ContactsScreen


async def test_where_nobody_is_twice_that_is_said_and_nothing_can_be_decided(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "equals_sign")
        assert "You have no duplicate contacts." in words(app)
        await press(pilot, "enter")
        assert toasts(app)[-1] == "There are no pairs to decide on."


@pytest.mark.parametrize("role", [Role.SENDER, Role.VIEWER])
async def test_only_owners_decide(tmp_path: Path, role: Role) -> None:
    store = twice(tmp_path)
    store.close()
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=store.clock, person=Person("Sam", role))
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "equals_sign")
        for key in ("enter", "n", "z"):
            await press(pilot, key)
            assert "Ask an owner" in toasts(app)[-1]
    assert store.people.likely_pairs(limit=9)[1] == 3


def test_duplicates(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(twice(tmp_path), first="contacts"), size=(80, 24), keys=("equals_sign",))
