"""Opt-outs on their screen: who is out since when and why, and the keys that change it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Input

from store import Store
from store.people.model import ConsentState
from store.roles import Person, Role
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, make_app, make_store, move_clock, press, settled, toasts, words
from tui.consent.dialog import ReasonScreen
from tui.consent.screen import ConsentScreen

ANN, BO, CY = "+14155550101", "+14155550102", "+14155550103"


def with_some(store: Store) -> Store:
    """Ann opted out on the phone, Bo by a list and a list says he is in, Cy may be texted."""
    for name, last, phone in (("Ann", "Lane", ANN), ("Bo", "Moss", BO), ("Cy", "Reyes", CY)):
        store.people.add(first_name=name, last_name=last, phone=phone, region="US")
    for days, say in (
        (9, lambda: store.consent.opt_out(ANN, 1, why="asked on the phone, in the evening")),
        (8, lambda: store.consent.import_states([(BO, "out", "Do Not Text: Yes"), (CY, "in", "SMS: yes")])),
        (1, lambda: store.consent.import_states([(BO, "in", "SMS: yes")])),
    ):
        move_clock(store, NOW - timedelta(days=days))
        say()
    move_clock(store, NOW)
    return store


async def test_who_is_out_is_listed_with_what_is_to_be_decided_first(tmp_path: Path) -> None:
    app = make_app(with_some(make_store(tmp_path)), first="consent")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        shown = words(app)
        assert shown.index("Bo Moss") < shown.index("Ann Lane")
        assert "Cy Reyes" not in shown
        assert "a list says they opted in" in shown
        await press(pilot, "down")
        assert "asked on the phone, in the evening" in words(app)
        await press(pilot, "asterisk")
        assert "Cy Reyes" in words(app)
        await press(pilot, "slash", *"0101")
        shown = words(app)
        assert "Ann Lane" in shown
        assert "Bo Moss" not in shown


async def test_a_number_is_called_off_with_why(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="consent")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "No one has opted out." in words(app)
        await press(pilot, "o", *"12", "enter", "enter")
        assert "short or emergency number" in words(app)
        app.screen.query_one("#number", Input).value = "(415) 555-0101"
        await press(pilot, "enter", *"wrote STOP", "enter")
        assert isinstance(app.screen, ConsentScreen)
        assert "(415) 555-0101" in words(app)
        said = store.consent.standing(ANN, 1)
        assert (said.state, said.why, said.how) == (ConsentState.OUT, "wrote STOP", "noted")


async def test_an_opt_out_is_taken_back_with_a_reason_only(tmp_path: Path) -> None:
    store = with_some(make_store(tmp_path))
    app = make_app(store, first="consent")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "y", "enter")
        assert isinstance(app.screen, ReasonScreen)
        assert "Write the reason: it's kept as proof." in words(app)
        assert store.consent.is_out(ANN, 1)
        await press(pilot, *"signed the form", "enter")
        assert not store.consent.is_out(ANN, 1)
        assert "Ann Lane" not in words(app)


async def test_what_a_list_says_is_decided_by_a_key(tmp_path: Path) -> None:
    store = with_some(make_store(tmp_path))
    app = make_app(store, first="consent")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "o", "enter")
        assert store.consent.review(1) == []
        assert store.consent.is_out(BO, 1)


@pytest.mark.parametrize("role", [Role.SENDER, Role.VIEWER])
async def test_only_owners_take_back_and_viewers_change_nothing(tmp_path: Path, role: Role) -> None:
    store = with_some(make_store(tmp_path))
    store.close()
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=store.clock, person=Person("Sam", role))
    app = make_app(store, first="consent")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "y")
        assert isinstance(app.screen, ConsentScreen)
        assert "Ask an owner" in toasts(app)[-1]
        await press(pilot, "exclamation_mark")
        assert not store.messages.needs_consent(1)
        await press(pilot, "o")
        assert isinstance(app.screen, ReasonScreen) is (role is Role.SENDER)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_opt_outs(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(with_some(make_store(tmp_path)), first="consent"), size=size)


def test_why_in_spanish(snap: Snap, tmp_path: Path) -> None:
    app = make_app(with_some(make_store(tmp_path)), first="consent", language="es", theme="day")
    assert snap(app, size=(80, 24), keys=("y",))


async def test_an_owner_says_whether_marketing_needs_a_yes(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="consent")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Marketing goes to everyone who hasn't opted out.  !" in words(app)
        await press(pilot, "exclamation_mark")
        assert "Marketing goes only to people who said yes." in words(app)
        assert store.messages.needs_consent(1)
        await press(pilot, "exclamation_mark")
        assert "Marketing goes to everyone who hasn't opted out." in words(app)
