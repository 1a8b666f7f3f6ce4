"""A demo clock in the app: where it stands, and moving it forward."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from textual.pilot import Pilot

from store import Store
from store.clock import DemoClock, FixedClock
from store.messages.model import Draft
from store.sentences import sentence
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, OPENED, TIMEZONE, front, make_app, offered, press, settled, toasts, words
from tui.app import TextmeterApp
from tui.base.telling import READ_WITHIN
from tui.demo.clock_screen import ClockScreen
from tui.home.screen import HomeScreen


def demo_store(folder: Path, product: str = "agent-texts", plan: str = "300") -> Store:
    """An account to play with, whose clock stands at `NOW`."""
    store = Store(str(folder / "textmeter.sqlite3"), clock=DemoClock(goes_on=False))
    clock = cast("DemoClock", store.clock)
    clock.put(OPENED)
    account = store.credits.open_account(product, plan, TIMEZONE, demo_clock=True)
    clock.put(NOW, account.id)
    store.credits.catch_up(account.id)
    return store


async def test_a_day_a_month_and_to_the_renewal_process_what_is_due_on_the_way(tmp_path: Path) -> None:
    store = demo_store(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        app.open_clock()
        await settled(pilot)
        assert front(app) is ClockScreen
        assert "Wednesday, May 20, 2026" in words(app)
        await press(pilot, "right")
        assert "Thursday, May 21, 2026" in words(app)
        told = " ".join(toasts(app)[-1].split())
        assert told == "It is now May 21, 2026, 12:00 PM."  # what is to be sent may still leave by it
        await press(pilot, "end")
        shown = words(app)
        assert "Monday, June 1, 2026" in shown
        assert "900 credits left" in shown
        assert any("1 renewal or expiration processed." in toast for toast in toasts(app))
        await press(pilot, "pagedown")
        assert "Wednesday, July 1, 2026" in words(app)
        await press(pilot, "escape")
        assert front(app) is HomeScreen
        assert "1,200 credits left" in words(app)
        await pilot.pause()
    assert [order.cause for order in store.credits.orders(1)] == ["renewal"] * 3 + ["join"]


async def test_each_line_does_what_it_says(tmp_path: Path) -> None:
    app = make_app(demo_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.open_clock()
        await settled(pilot)
        await press(pilot, "down", "down", "enter")
        assert "Thursday, May 21, 2026" in words(app)
        await press(pilot, "down", "enter")
        assert "Monday, June 1, 2026" in words(app)
        await press(pilot, "up", "up", "up", "enter")
        assert "Monday, June 1, 2026" not in words(app)
        assert "Plans and prices are examples." in words(app)


async def test_the_palette_moves_the_clock_from_any_screen(tmp_path: Path) -> None:
    app = make_app(demo_store(tmp_path), first="history")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert {"Clock", "Clock: forward one day", "Clock: forward one month"} < set(offered(app))
        offered(app)["Clock: forward to the next renewal"].run(app)
        await settled(pilot)
        assert "900 credits left" in words(app)


async def test_what_was_told_and_read_makes_way_for_what_is_told_next(tmp_path: Path) -> None:
    app = make_app(demo_store(tmp_path))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        app.tell(sentence("It was told long ago."))
        app.tell(sentence("It went wrong."), severity="error")
        await pilot.pause()
        for standing in app._notifications:
            standing.raised_at -= READ_WITHIN + 1
        app.tell(sentence("It was told now."))
        await pilot.pause()
        assert toasts(app) == ["It went wrong.", "It was told now."]
        app.tell(sentence("It was told at the same time."))
        await pilot.pause()
        assert toasts(app) == ["It was told now.", "It was told at the same time."]  # two at most


async def test_a_key_that_is_held_down_moves_it_one_step_at_a_time(tmp_path: Path) -> None:
    store = demo_store(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.forward("renewal")
        app.forward("renewal")  # before the first has come to its end
        await settled(pilot)
    assert store.credits.balance(1).period.index == 2


async def test_a_clock_that_is_the_real_one_is_not_offered(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(OPENED))
    store.credits.open_account("agent-texts", "300", TIMEZONE)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert not any(name.startswith("Clock") for name in offered(app))


async def test_thresholds_that_were_crossed_are_told_and_a_month_later_no_more(tmp_path: Path) -> None:
    store = demo_store(tmp_path)
    store.credits.charge(1, 500)
    app = make_app(store)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        before = len(toasts(app))
        assert any("83" in toast for toast in toasts(app))
        app.forward("month")
        await settled(pilot)
        assert len(toasts(app)) == before + 1  # where the clock is now, and nothing else
        await pilot.pause()


async def test_a_draft_is_sent_by_the_clock_that_was_moved(tmp_path: Path) -> None:
    store = demo_store(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.forward("renewal")
        await settled(pilot)
        store.messages.send(1, Draft(body="Hello", to=("+14155550123",)))
    (line,) = store.credits.history(1, limit=1)
    assert line.on.isoformat() == "2026-06-01"


def test_clock(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(demo_store(tmp_path)), size=(80, 24), before=open_clock)


def test_clock_wide(snap: Snap, tmp_path: Path) -> None:
    store = demo_store(tmp_path, "community-texts", "200")
    assert snap(make_app(store), size=(120, 36), before=open_clock)


def test_clock_smallest(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(demo_store(tmp_path)), size=(60, 20), before=open_clock)


async def open_clock(pilot: Pilot[Any]) -> None:
    cast("TextmeterApp", pilot.app).open_clock()
