"""What others do at the same database is seen within a look, and nothing moves below one's eyes; and what is
shown while the database is away. Others are another store on the same database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from store import Store
from store.clock import FixedClock
from store.paths import files_within_reach
from tests.gate import Gate
from tests.tui.harness import NOW, OPENED, TIMEZONE, make_app, make_store, press, settled, text, toasts, words
from tui.app import TextmeterApp
from tui.widgets.line_list import PagedList


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


@pytest.fixture
def other(store: Store, tmp_path: Path) -> Store:
    return Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW))


async def look(app: TextmeterApp, pilot: Pilot[Any]) -> None:
    """What the app does by itself every three seconds."""
    app.look()
    await settled(pilot)


def add(store: Store, first: str, number: int) -> int:
    return store.people.add(first_name=first, phone=f"+1415555{number:04}", region="US").id


async def test_somebody_whom_others_add_is_listed_and_the_cursor_stays_on_its_person(
    store: Store, other: Store
) -> None:
    for number in range(100, 150):
        add(store, f"Person {number}", number)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *["down"] * 30)
        people = app.screen.query_one(PagedList)
        lines = words(app).splitlines()
        place = next(at for at, line in enumerate(lines) if line.startswith("› "))
        add(other, "Adam", 200)
        await look(app, pilot)
        assert people.current.first_name == "Person 130"  # type: ignore[union-attr]
        assert words(app).splitlines()[place] == lines[place]
        await press(pilot, "home")
        assert "Adam" in words(app)


async def test_whom_others_delete_is_gone_and_the_cursor_stays_in_its_place(
    store: Store, other: Store
) -> None:
    ids = [add(store, name, number) for number, name in enumerate(("Ann", "Bob", "Cy"), 100)]
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down")
        other.people.delete(ids[1])
        await look(app, pilot)
        assert "Bob" not in words(app)
        assert app.screen.query_one(PagedList).current.first_name == "Cy"  # type: ignore[union-attr]


async def test_what_others_change_about_a_person_leaves_the_cursor_there(store: Store, other: Store) -> None:
    ids = [add(store, name, number) for number, name in enumerate(("Ann", "Bob", "Cy"), 100)]
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down")
        other.people.update(
            ids[1],
            first_name="Bob",
            last_name="Zuse",
            company="",
            phone="+14155550101",
            email="",
            groups=(),
            region="US",
        )
        await look(app, pilot)
        assert "›   Bob Zuse" in words(app)


async def test_a_text_that_others_send_stands_on_home(store: Store, other: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        text(other, "Open house on Sunday", "+14155550123")
        await look(app, pilot)
        assert "Open house on Sunday" in words(app)


async def test_a_blast_that_others_deliver_is_followed(store: Store, other: Store) -> None:
    from tui.base.navigation import OpenBlast

    blast = text(store, "Hello", "+14155550123", "+14155550124", sent=False)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.screen.post_message(OpenBlast(blast.id))
        await settled(pilot)
        assert "0 of 2 done" in words(app)
        text(other, "Another", "+14155550125")  # which delivers all that waits
        await look(app, pilot)
        assert "2 of 2 done" in words(app)
        assert "waiting" not in words(app)


async def test_an_order_of_others_is_listed(store: Store, other: Store) -> None:
    from tui.billing.orders import OrdersScreen

    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.push_screen(OrdersScreen())
        await settled(pilot)
        assert "$7.74" not in words(app)
        other.credits.place(1, other.credits.quote_plan(1, "1000"), key="theirs")
        await look(app, pilot)
        assert "$7.74" in words(app)


async def test_nothing_is_read_anew_while_nobody_changes_anything(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await look(app, pilot)
        asked: list[object] = []
        monkeypatch.setattr(app, "data_changed", lambda: asked.append("again"))
        monkeypatch.setattr(app, "refresh_balance", lambda **_: asked.append("balance"))
        for _ in range(5):
            await look(app, pilot)
        assert asked == []
        add(store, "Ann", 100)
        await look(app, pilot)
        assert asked == ["again"]


async def test_a_community_sees_no_draft_of_the_agents(store: Store) -> None:
    from store.messages.model import Draft

    store.messages.save_draft(Draft(body="Open house", account_id=1))
    community = store.credits.open_account("community-texts", "200", TIMEZONE)
    store.settings.write("account", str(community.id))
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Open house" not in words(app)
        await press(pilot, "c")
        assert "Open house" not in words(app)


# A database that goes away


@pytest.fixture
def gate(new_database: Callable[[], str]) -> Iterator[Gate]:
    gate = Gate(new_database())
    yield gate
    gate.shut()


@pytest.fixture
def served(gate: Gate) -> Iterator[Store]:
    """A store on the server behind the gate, with 600 credits."""
    store = Store(gate.url, clock=FixedClock(OPENED))
    store.credits.open_account("agent-texts", "300", TIMEZONE)
    store.clock.instant = NOW  # type: ignore[attr-defined]
    yield store
    store.close()


on_a_server = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


@on_a_server
async def test_numbers_of_a_database_that_is_away_are_marked_until_it_is_back(
    gate: Gate, served: Store
) -> None:
    app = make_app(served)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await look(app, pilot)
        assert "600 credits left" in words(app)
        gate.shut()
        await look(app, pilot)
        top, *below = words(app).splitlines()
        assert "! out of date" in top
        assert "600 credits left" in top
        assert "Can't reach the database. These are the last known numbers." in "\n".join(below)
        await look(app, pilot)
        assert toasts(app) == []
        gate.open()
        other = Store(gate.url, clock=FixedClock(NOW))
        text(other, "Meanwhile", "+14155550123")
        other.close()
        await look(app, pilot)
        assert "out of date" not in words(app)
        assert "Can't reach" not in words(app)
        assert "599 credits left" in words(app).splitlines()[0]


@on_a_server
async def test_the_history_comes_back_with_the_database(gate: Gate, served: Store) -> None:
    app = make_app(served)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        gate.shut()
        await press(pilot, "g", "y")
        assert "Monthly credits" not in words(app)
        gate.open()
        await look(app, pilot)
        assert "Received 600" in " ".join(words(app).split())


@on_a_server
async def test_a_guest_hears_nothing_of_the_server_that_is_away(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.paths._within_reach", False)
    assert not files_within_reach()
    store = Store(gate.url, clock=FixedClock(OPENED))
    store.credits.open_account("agent-texts", "300", TIMEZONE)
    app = make_app(store)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        gate.shut()
        await press(pilot, "g", "y", "f2", "g", "u")
        await look(app, pilot)
        told = "\n".join([words(app), *toasts(app)])
        assert "Can't reach the database." in told
        for secret in ("127.0.0.1", "postgres", str(gate.port), "/tmp", "Connection refused"):
            assert secret not in told
    store.close()
