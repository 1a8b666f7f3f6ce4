"""The app of people with roles: what a role forbids says why before anything is filled in, and who is at work
stands at the top."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from store import Store
from store.clock import DemoClock, FixedClock
from store.messages.model import Draft, Status
from store.roles import Person, Role
from tests.tui.billing.subscribed import DECLINED
from tests.tui.conftest import Snap
from tests.tui.harness import (
    NOW,
    OPENED,
    TIMEZONE,
    front,
    make_app,
    make_store,
    move_clock,
    numbers,
    off,
    offered,
    press,
    settled,
    toasts,
    words,
)
from tui.accounts.screen import AccountsScreen
from tui.accounts.welcome import AnotherAccountScreen, WelcomeScreen
from tui.app import TextmeterApp
from tui.base.navigation import BuyCredits
from tui.billing.buy import BuyScreen
from tui.billing.card import CardScreen
from tui.billing.order import OrderScreen
from tui.billing.plans import PlansScreen
from tui.blasts.screen import BlastScreen
from tui.compose.screen import ComposeScreen
from tui.contacts.contact import ContactScreen
from tui.contacts.screen import ContactsScreen
from tui.demo.clock_screen import ClockScreen
from tui.history.entry import EntryScreen
from tui.history.screen import HistoryScreen
from tui.home.screen import HomeScreen

OLA, SAM, VIC = Person("Ola", Role.OWNER), Person("Sam", Role.SENDER), Person("Vic", Role.VIEWER)
TEXT = Draft(body="The open house is on Sunday at 2.", to=("+14155550101",))
ASK_AN_OWNER = "Ask an owner: only owners can order, pay, open accounts"


def as_seen_by(person: Person, folder: Path) -> Store:
    """The database of a folder as a person has it open."""
    return Store(str(folder / "textmeter.sqlite3"), clock=FixedClock(NOW), person=person)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A database with an account for texts, Ann in the address book, and a text that waits."""
    store = make_store(tmp_path)
    store.people.add(first_name="Ann", phone="+14155550101", region="US")
    store.messages.send(1, Draft(body="Hi", to=("+14155550101",)))
    store.close()
    return tmp_path


@asynccontextmanager
async def using(
    store: Store, first: str = "home", *, draft: Draft | None = None, delivering: bool = False
) -> AsyncIterator[tuple[TextmeterApp, Pilot[None]]]:
    app = make_app(store, first=first, delivering=delivering, draft=draft)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        yield app, pilot
        await pilot.pause()


@pytest.mark.parametrize("width", [80, 100, 120])
async def test_name_and_role_are_there_whatever_the_meter_needs(folder: Path, width: int) -> None:
    app = make_app(as_seen_by(SAM, folder))
    async with app.run_test(size=(width, 24)) as pilot:
        await settled(pilot)
        top = words(app).splitlines()[0]
        assert "Sam · sender" in top
        assert "599 credits left" in top


def forbids(app: TextmeterApp, says: str) -> bool:
    """Whether the newest toast says why something is forbidden; it is taken away then."""
    found = says in toasts(app)[-1]
    app.clear_notifications()
    return found


def test_a_viewer_presses_send(snap: Snap, folder: Path) -> None:
    app = make_app(as_seen_by(VIC, folder), first="compose", draft=TEXT)

    async def send(pilot: Pilot[None]) -> None:
        while "saved as you type" not in words(app):
            await pilot.pause()
        await press(pilot, "f5")

    assert snap(app, size=(80, 24), before=send)


@pytest.mark.parametrize("size", [(120, 36), (60, 20)], ids=["wide", "narrow"])
def test_who_is_at_work_stands_at_the_top(snap: Snap, folder: Path, size: tuple[int, int]) -> None:
    person = Person("Samantha O'Hara [/] of Elm Street", Role.SENDER)
    assert snap(make_app(as_seen_by(person, folder)), size=size)


async def test_a_viewers_text_is_kept_and_not_sent(folder: Path) -> None:
    async with using(as_seen_by(VIC, folder), "compose", draft=TEXT) as (app, pilot):
        await press(pilot, "f5")
        assert front(app) is ComposeScreen
        assert forbids(app, "nothing was sent or changed; your drafts are saved")
    store = as_seen_by(VIC, folder)
    assert [draft.body for draft in store.messages.drafts()] == [TEXT.body]
    assert len(store.messages.blasts(1)) == 1


async def test_a_viewer_is_told_before_it_is_pressed_that_nothing_is_sent(folder: Path) -> None:
    async with using(as_seen_by(VIC, folder), "compose", draft=TEXT) as (app, pilot):
        assert "F5 Send" in off(app)
        assert "credit" not in words(app).splitlines()[-1]
        assert "Ask a sender or an owner" in offered(app)["Send"].about
        await press(pilot, "f1")
        assert any("Ask a sender or an owner" in str(keys.content) for keys in app.screen.query(Static))


@pytest.mark.parametrize(("person", "says"), [(OLA, "F5 Buy 100 credits"), (SAM, "F5 Buy credits")])
async def test_what_a_text_lacks_is_an_owners_to_buy(tmp_path: Path, person: Person, says: str) -> None:
    store = make_store(tmp_path, plan=None)
    store.credits.open_account("community-texts", "200", TIMEZONE)
    store.close()
    text = Draft(body="The pool opens on Saturday.", to=tuple(numbers(451)))
    async with using(as_seen_by(person, tmp_path), "compose", draft=text) as (app, pilot):
        assert says in words(app)
        assert (says in off(app)) is (person is SAM)
        if person is SAM:
            await press(pilot, "f5")
            assert (front(app), forbids(app, ASK_AN_OWNER)) == (ComposeScreen, True)


async def test_a_viewer_cancels_no_text(folder: Path) -> None:
    async with using(as_seen_by(VIC, folder)) as (app, pilot):
        await app.push_screen(BlastScreen(1))
        await settled(pilot)
        await press(pilot, "x", "x")
        assert forbids(app, "Ask a sender or an owner")
        assert app.store.messages.blast(1).counts == {Status.QUEUED: 1}


@pytest.mark.parametrize("person", [SAM, VIC], ids=["sender", "viewer"])
async def test_plans_and_cards_are_an_owners(folder: Path, person: Person) -> None:
    async with using(as_seen_by(person, folder), "plans") as (app, pilot):
        await press(pilot, "down", "enter")
        assert (front(app), forbids(app, ASK_AN_OWNER)) == (PlansScreen, True)
        await press(pilot, "x")
        assert (front(app), forbids(app, ASK_AN_OWNER)) == (PlansScreen, True)
        app.action_act("go.buy")
        await settled(pilot)
        assert (front(app), forbids(app, ASK_AN_OWNER)) == (PlansScreen, True)
        await press(pilot, "e")
        assert front(app) is CardScreen
        assert "Visa" in words(app)
        assert "test card" not in words(app)


async def test_what_is_an_owners_is_shown_as_off_before_it_is_pressed(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    store.credits.open_account("community-texts", "200", TIMEZONE)
    store.credits.place(1, store.credits.quote_plan(1, "100"), key="smaller")
    store.close()
    of_owners = {"Enter Choose", "z Withdraw", "x Cancel plan", "b Buy credits"}
    async with using(as_seen_by(OLA, tmp_path), "plans") as (app, _pilot):
        assert off(app) == set()
    async with using(as_seen_by(SAM, tmp_path), "plans") as (app, pilot):
        assert off(app) == of_owners
        for key in ("z", "b"):
            await press(pilot, key)
            assert (front(app), forbids(app, ASK_AN_OWNER)) == (PlansScreen, True)
        assert "Withdraw it" not in words(app)
        await press(pilot, "f1")
        said = " ".join(str(app.screen.query(".keys").first(Static).content).split())
        for label in ("Choose", "Withdraw", "Cancel plan", "Buy credits"):
            assert f"{label} You are a sender here, so nothing was changed. {ASK_AN_OWNER}" in said
        await press(pilot, "escape", "ctrl+p", *"withdraw")
        assert "You are a sender here" in words(app)
        await press(pilot, "enter")
        assert forbids(app, ASK_AN_OWNER)
        app.post_message(BuyCredits())
        await settled(pilot)
        assert front(app) is BuyScreen
        assert off(app) == {"Enter Continue"}


async def test_what_is_owed_is_an_owners_to_pay(folder: Path) -> None:
    store = as_seen_by(OLA, folder)
    store.gateway.use(DECLINED)
    move_clock(store, NOW + timedelta(days=14))  # the renewal can't be charged
    store.credits.catch_up(1)
    async with using(Store(str(folder / "textmeter.sqlite3"), clock=store.clock, person=SAM), "plans") as (
        app,
        pilot,
    ):
        await press(pilot, "g", "o")
        assert off(app) == {"$ Pay now"}
        await press(pilot, "dollar_sign")
        assert forbids(app, ASK_AN_OWNER)
    assert len(store.credits.owing(1)) == 1


async def test_the_address_book_is_an_owners(folder: Path) -> None:
    async with using(as_seen_by(SAM, folder), "contacts") as (app, pilot):
        assert off(app) == {"i Import", "n Add"}
        for key in ("n", "i", "e", "number_sign", "m", "d", "z"):
            await press(pilot, key)
            assert (front(app), forbids(app, ASK_AN_OWNER)) == (ContactsScreen, True)
        await press(pilot, "enter")
        assert front(app) is ContactScreen
        assert "(415) 555-0101" in words(app)
        assert off(app) == {"e Edit", "# Groups", "m Merge"}
        for key in ("e", "number_sign", "m", "d", "z"):
            await press(pilot, key)
            assert (front(app), forbids(app, ASK_AN_OWNER)) == (ContactScreen, True)
        await press(pilot, "escape")
        assert front(app) is ContactsScreen


async def test_accounts_are_opened_by_owners(folder: Path) -> None:
    async with using(as_seen_by(SAM, folder)) as (app, pilot):
        app.open_accounts()
        await settled(pilot)
        await press(pilot, "n")
        assert (front(app), forbids(app, ASK_AN_OWNER)) == (AccountsScreen, True)
    async with using(as_seen_by(OLA, folder)) as (app, pilot):
        app.open_accounts()
        await settled(pilot)
        await press(pilot, "n")
        assert front(app) is AnotherAccountScreen


async def test_whoever_comes_before_the_owner_is_told_at_once(tmp_path: Path) -> None:
    make_store(tmp_path, plan=None).close()
    async with using(as_seen_by(VIC, tmp_path)) as (app, _pilot):
        assert front(app) is WelcomeScreen
        assert "Ask an owner" in " ".join(words(app).split())


async def test_a_demo_clock_is_seen_by_all_and_moved_by_owners(tmp_path: Path) -> None:
    path = str(tmp_path / "demo.sqlite3")
    clock = DemoClock(goes_on=False)
    clock.put(OPENED)
    store = Store(path, clock=clock)
    store.credits.open_account("agent-texts", "300", TIMEZONE, demo_clock=True)
    store.close()
    async with using(Store(path, clock=DemoClock(goes_on=False), person=SAM)) as (app, pilot):
        app.open_clock()
        await settled(pilot)
        assert front(app) is ClockScreen
        assert "April 16, 2026" in words(app)
        for key in ("right", "end", "pagedown"):
            await press(pilot, key)
            assert forbids(app, "move demo clocks")
        assert app.store.credits.account(1).clock_floor == OPENED
    async with using(Store(path, clock=DemoClock(goes_on=False), person=OLA)) as (app, pilot):
        app.open_clock()
        await settled(pilot)
        await press(pilot, "right")
        assert app.store.credits.account(1).clock_floor == OPENED + timedelta(days=1)


@pytest.mark.parametrize(("person", "waits"), [(VIC, True), (SAM, False)], ids=["viewer", "sender"])
async def test_what_waits_leaves_while_somebody_is_here_who_may_send(
    folder: Path, person: Person, waits: bool
) -> None:
    async with using(as_seen_by(person, folder), delivering=True) as (app, pilot):
        working = [worker for worker in app.workers if worker.group == "delivery"]
        assert bool(working) is not waits
        while not waits and app.store.messages.due().queued:
            await pilot.pause()
        assert app.store.messages.due().queued is waits


async def test_a_viewer_takes_no_notice_from_the_others(folder: Path) -> None:
    store = as_seen_by(OLA, folder)
    store.credits.hold(1, 500, cause="blast", reference="1")
    async with using(as_seen_by(VIC, folder)) as (app, _pilot):
        assert toasts(app) == []
    async with using(as_seen_by(SAM, folder)) as (app, _pilot):
        assert "used (83%)" in toasts(app)[0]


async def test_a_look_is_a_persons_own(folder: Path) -> None:
    async with using(as_seen_by(VIC, folder)) as (app, pilot):
        app.choose_theme("day")
        await settled(pilot)
    assert as_seen_by(VIC, folder).settings.read("theme") == "day"
    assert as_seen_by(OLA, folder).settings.read("theme") is None


async def test_a_line_and_a_receipt_say_who_made_them(folder: Path) -> None:
    store = as_seen_by(OLA, folder)
    order = store.credits.place(1, store.credits.quote_plan(1, "1000"), key="more")
    async with using(as_seen_by(VIC, folder), "history") as (app, pilot):
        await press(pilot, "enter")
        assert front(app) is EntryScreen
        assert _fact(app, "By") == "Ola"
        await app.push_screen(OrderScreen(order.number))
        await settled(pilot)
        assert _fact(app, "By") == "Ola"
        await app.push_screen(OrderScreen(1))  # ordered before there were people
        await settled(pilot)
        assert _fact(app, "By") == ""
        await press(pilot, "escape", "escape", "escape")
        assert front(app) is HistoryScreen


async def test_whoever_runs_it_themselves_sees_no_name(folder: Path) -> None:
    async with using(Store(str(folder / "textmeter.sqlite3"), clock=FixedClock(NOW))) as (app, _pilot):
        assert front(app) is HomeScreen
        assert "owner" not in words(app).splitlines()[0]


def _fact(app: TextmeterApp, label: str) -> str:
    """What stands beside a label; "" where it isn't there."""
    for line in words(app).splitlines():
        name, _, value = line.strip(" │").partition("  ")
        if name == label:
            return value.strip(" │")
    return ""
