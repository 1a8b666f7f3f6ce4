"""Several accounts in one database: seen side by side, shown one at a time, each in its own time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import Store
from store.clock import DemoClock, FixedClock
from tests.tui.accounts.test_welcome import TO_PAY
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, OPENED, TIMEZONE, front, make_app, offered, press, settled, words
from tui.accounts.screen import AccountsScreen
from tui.accounts.welcome import AnotherAccountScreen
from tui.history.screen import HistoryScreen
from tui.home.screen import HomeScreen


def three_accounts(folder: Path) -> Store:
    """An agent's texts, her emails, and a community of 200 accounts, by one clock that stands at `NOW`."""
    clock = FixedClock(OPENED)
    store = Store(str(folder / "textmeter.sqlite3"), clock=clock)
    store.credits.open_account("agent-texts", "300", TIMEZONE)
    store.credits.open_account("agent-email", "free", TIMEZONE)
    store.credits.open_account("community-texts", "200", TIMEZONE)
    clock.instant = NOW
    return store


async def test_of_several_accounts_none_of_which_is_the_default_one_is_chosen_at_the_start(
    tmp_path: Path,
) -> None:
    store = three_accounts(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert front(app) is AccountsScreen
        shown = words(app)
        for line in ("600 credits left", "5,000 emails left", "800 credits left"):
            assert line in shown
        await press(pilot, "down", "down", "enter")
        assert front(app) is HomeScreen
        assert "Community texts" in words(app).splitlines()[0]
    assert store.settings.read("account") == "3"


async def test_the_account_chosen_last_is_shown_at_the_next_start(tmp_path: Path) -> None:
    store = three_accounts(tmp_path)
    store.settings.write("account", "2")
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert front(app) is HomeScreen
        assert "5,000 emails left" in words(app)


async def test_every_screen_begins_anew_with_another_account(tmp_path: Path) -> None:
    store = three_accounts(tmp_path)
    store.settings.write("account", "1")
    app = make_app(store, first="history")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "First credits of the plan" in words(app)
        store.credits.place(3, store.credits.quote_purchase(3, 100), key="bought")
        app.show_account(store.credits.account(3))
        await settled(pilot)
        assert front(app) is HomeScreen
        await press(pilot, "f9")
        assert front(app) is HistoryScreen
        assert "900 credits left" in words(app)
        assert "+400" in words(app)
        assert "+300" not in words(app)


async def test_what_is_being_written_stays_with_its_account(tmp_path: Path) -> None:
    store = three_accounts(tmp_path)
    store.settings.write("account", "1")
    app = make_app(store, first="compose")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, *"See you soon")
        app.show_account(store.credits.account(3))
        await settled(pilot)
        await press(pilot, "f3")
        assert "See you soon" not in words(app)
        app.show_account(store.credits.account(1))
        await settled(pilot)
        await press(pilot, "f3")
        assert "See you soon" in words(app)


async def test_the_palette_leads_to_each_account_and_to_all(tmp_path: Path) -> None:
    store = three_accounts(tmp_path)
    store.settings.write("account", "1")
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "Account 2: Agent email · 5,000 a month" in offered(app)
        assert not any(name.startswith("Account 1") for name in offered(app))
        assert "Clock" not in offered(app)
        assert "Accounts" in offered(app)
        await press(pilot, "g", "a")
        assert front(app) is AccountsScreen
        await press(pilot, "enter")
        assert front(app) is HomeScreen  # it is the one shown already


async def test_the_account_that_is_shown_already_can_be_chosen_for_good(tmp_path: Path) -> None:
    store = three_accounts(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert front(app) is HomeScreen
    assert store.settings.read("account") == "1"


async def test_another_account_of_any_product_is_opened_and_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", TIMEZONE)
    store = three_accounts(tmp_path)
    store.settings.write("account", "1")
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        app.open_accounts()
        await settled(pilot)
        await press(pilot, "n")
        assert front(app) is AnotherAccountScreen
        assert "Explore" not in words(app)
        await press(pilot, "escape")
        assert front(app) is AccountsScreen
        await press(pilot, "n", *["down"] * 2, "enter", *["down"] * 5, *TO_PAY)
        assert "Done. Your order number is 1." in words(app)
        await press(pilot, "escape")
        assert front(app) is HomeScreen
        assert "1,000 credits left" in words(app)
    assert store.settings.read("account") == "4"
    assert store.credits.account().plan == "1000"


async def test_beside_an_account_to_play_with_another_such_one_is_opened(tmp_path: Path) -> None:
    """Nobody who looks round is to pay for it."""
    clock = DemoClock(goes_on=False)
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=clock)
    clock.put(OPENED)
    store.credits.open_account("agent-texts", "300", "UTC", demo_clock=True)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "a", "n")
        assert "no money is charged" in words(app)
        app.screen.open()  # type: ignore[attr-defined]
        await settled(pilot)
        await press(pilot, *TO_PAY[1:])
    opened = store.credits.account(2)
    assert (opened.demo_clock, opened.opened_at) == (True, OPENED)


def test_who_looks_at_a_demo_clock_opens_a_real_account_in_the_real_time(tmp_path: Path) -> None:
    clock = DemoClock(goes_on=False)
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=clock)
    clock.put(OPENED)
    store.credits.open_account("agent-texts", "300", "UTC", demo_clock=True)
    real = store.credits.open_account("agent-texts", "300", "UTC")
    assert abs(real.opened_at - datetime.now(UTC)) < timedelta(minutes=1)


async def test_each_account_keeps_its_own_time(tmp_path: Path) -> None:
    """One by the real clock, and one whose demo clock stands in the past."""
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=DemoClock(goes_on=False))
    clock = store.clock
    assert isinstance(clock, DemoClock)
    store.credits.open_account("agent-texts", "1000", "UTC")
    clock.put(OPENED)
    demo = store.credits.open_account("agent-texts", "300", "UTC", demo_clock=True)
    clock.be_the_machines()
    store.settings.write("account", "1")
    real_now = clock.now()
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert not app.clock_shown
        app.show_account(demo)
        await settled(pilot)
        assert clock.now() == OPENED
        assert "300 credits left" in words(app)
        app.forward("month")
        await settled(pilot)
        assert "600 credits left" in words(app)
        app.show_account(store.credits.account(1))
        await settled(pilot)
        assert abs(clock.now() - real_now) < timedelta(hours=1)
        assert "1,000 credits left" in words(app)
        app.show_account(store.credits.account(2))
        await settled(pilot)
        assert clock.now() == datetime(2026, 5, 16, 15, tzinfo=OPENED.tzinfo)
    assert store.credits.verify().ok


def test_accounts(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(three_accounts(tmp_path)), size=(80, 24))


def test_accounts_wide(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(three_accounts(tmp_path)), size=(120, 36))


def test_accounts_smallest(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(three_accounts(tmp_path)), size=(60, 20))
