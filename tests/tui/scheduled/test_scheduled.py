"""What leaves later: looked through, moved, cancelled, and decided about where it didn't leave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from store import Store
from store.clock import FixedClock
from store.messages.model import Draft, Repeat, Waiting, When
from store.messages.schedule_model import Scheduled
from store.roles import Person, Role
from tests.tui.conftest import Snap
from tests.tui.emails.writing import make_mail_store
from tests.tui.harness import (
    NOW,
    front,
    make_app,
    make_store,
    move_clock,
    numbers,
    off,
    press,
    settled,
    toasts,
    words,
)
from tui.blasts.screen import BlastScreen
from tui.emails.campaign import CampaignScreen
from tui.scheduled.agreeing import AgreeScreen
from tui.scheduled.screen import ScheduledScreen

NINE = datetime(2026, 5, 21, 13, tzinfo=UTC)
"""Tomorrow at nine, where the account is."""
RENT = "Rent is due on Friday."
BINS = "Bins go out tonight."


def with_two(tmp_path: Path) -> Store:
    """Three people get one tomorrow at nine, two get another on the first Monday of every month."""
    store = make_store(tmp_path)
    store.messages.send(1, Draft(body=RENT, to=tuple(numbers(3))), when=When(NINE))
    monday = datetime(2026, 6, 1, 13, tzinfo=UTC)
    bins = When(monday, repeat=Repeat.MONTHLY_WEEKDAY, withdraws=True)
    store.messages.send(1, Draft(body=BINS, to=tuple(numbers(2))), when=bins)
    return store


def missed(tmp_path: Path) -> Store:
    """Nobody was there until three hours after the first was due."""
    store = with_two(tmp_path)
    move_clock(store, NINE + timedelta(hours=3))
    store.messages.leave_due(1)
    return store


def first(store: Store) -> Scheduled:
    return store.messages.scheduled(1)[0]


def shown(app: Any) -> str:
    return " ".join(words(app).split())


async def typed(pilot: Pilot[Any], text: str) -> None:
    await press(pilot, *("space" if letter == " " else letter for letter in text))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
def test_one_that_asks_stands_first(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(missed(tmp_path), first="scheduled"), size=size)


async def test_nothing_is_scheduled_and_it_says_where_one_begins(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="scheduled")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Nothing is scheduled. F3 writes a text, then ^L schedules it." in shown(app)
        assert {"t Move", "x Cancel"} <= off(app)


async def test_home_says_when_the_next_leaves_and_leads_to_it(tmp_path: Path) -> None:
    app = make_app(with_two(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "2 texts are scheduled, the next tomorrow at 9:00 AM" in shown(app)
        await press(pilot, "shift+tab", "enter")
        assert front(app) is ScheduledScreen


async def test_home_says_first_that_one_was_not_sent(tmp_path: Path) -> None:
    app = make_app(missed(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "1 scheduled text wasn't sent: it needs your decision" in shown(app)
        assert "1 text is scheduled: Mon, Jun 1, 9:00 AM" in shown(app)


async def test_a_text_is_moved_once_its_cost_was_agreed_to(tmp_path: Path) -> None:
    store = with_two(tmp_path)
    app = make_app(store, first="scheduled")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "t", "ctrl+u")
        await typed(pilot, "fri 10:00")
        await press(pilot, "enter")
        assert front(app) is AgreeScreen
        assert "Schedule this text for Fri, May 22, 10:00 AM?" in shown(app)
        assert "Now: 3 people, 3 credits" in shown(app)
        assert "Enter Move for 3 credits" in shown(app)
        assert first(store).at == NINE
        await press(pilot, "enter")
        assert toasts(app) == ["The text was moved. z Undo"]
        await pilot.pause()
    assert first(store).at == datetime(2026, 5, 22, 14, tzinfo=UTC)


async def test_one_that_comes_again_goes_on_from_the_day_it_is_moved_to(tmp_path: Path) -> None:
    app = make_app(with_two(tmp_path), first="scheduled")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down")
        assert "Leaves out anyone who writes to you before it goes out." in shown(app)
        assert "2 credits estimated" in shown(app)
        await press(pilot, "t", "ctrl+u")
        await typed(pilot, "jun 9 9:00")
        await press(pilot, "enter")
        assert "Repeats on the second Tuesday of every month." in shown(app)
        assert "left after" not in shown(app)  # it is paid after the renewal


async def test_cancelling_says_what_comes_back_and_asks_on_its_key(tmp_path: Path) -> None:
    store = with_two(tmp_path)
    app = make_app(store, first="scheduled")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "x")
        assert "Press x again to cancel it for good. 3 credits come back." in toasts(app)
        await press(pilot, "down", "up", "x")  # asked anew of each
        assert len(store.messages.scheduled(1)) == 2
        await press(pilot, "x")
        assert "Cancelled. 3 credits come back. z Undo" in toasts(app)
        await pilot.pause()
    assert first(store).body == BINS
    assert store.credits.balance(1).held == 0


async def test_one_that_was_missed_is_sent_once_somebody_agrees(tmp_path: Path) -> None:
    store = missed(tmp_path)
    app = make_app(store, first="scheduled")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        assert "Textmeter wasn't running when this was due. Nothing was sent." in shown(app)
        assert "Was due today at 9:00 AM" in shown(app)
        await press(pilot, "enter")
        assert "Send this text now?" in shown(app)
        assert "Enter Send 3 credits" in shown(app)
        await press(pilot, "enter")
        assert toasts(app) == ["The text is on its way."]
        await pilot.pause()
    assert [one.body for one in store.messages.scheduled(1)] == [BINS]
    assert store.messages.blast(1).left == 3


async def test_what_changed_since_it_was_looked_at_is_shown_before_it_is_agreed_to(tmp_path: Path) -> None:
    store = missed(tmp_path)
    app = make_app(store, first="scheduled")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        store.consent.opt_out(numbers(1)[0], 1, why="said so")
        await press(pilot, "enter")
        assert first(store).state is Waiting.ASKS
        assert "Now: 2 people, 2 credits" in shown(app)
        await press(pilot, "enter")
        await pilot.pause()
    assert store.messages.blast(1).recipients == 2


async def test_a_texts_own_page_says_when_it_leaves_and_cancels_it(tmp_path: Path) -> None:
    store = with_two(tmp_path)
    app = make_app(store, first="scheduled")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert front(app) is BlastScreen
        assert "Goes out Thu, May 21, 9:00 AM" in shown(app)
        assert "0 of 0 done" in shown(app)
        await press(pilot, "x", "x")
        assert "Cancelled. 3 credits come back. z Undo" in toasts(app)
        await pilot.pause()
    assert [one.body for one in store.messages.scheduled(1)] == [BINS]


async def test_a_viewer_sees_why_nothing_can_be_changed(tmp_path: Path) -> None:
    missed(tmp_path)
    vic = Store(
        str(tmp_path / "textmeter.sqlite3"),
        clock=FixedClock(NINE + timedelta(hours=3)),
        person=Person("Vic", Role.VIEWER),
    )
    app = make_app(vic, first="scheduled")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert {"t Move", "x Cancel"} <= off(app)
        await press(pilot, "enter")
        assert front(app) is BlastScreen
        assert "! Textmeter wasn't running when this was due." in shown(app)


async def test_an_account_for_emails_lists_those_that_leave_later(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    news = Draft(subject="News", body="Hello", to=("ann@example.com",))
    store.emails.send(1, news, at=NOW + timedelta(days=2))
    app = make_app(store, first="scheduled")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Fri, May 22, 12:00 PM" in shown(app)
        assert "x Cancel" in off(app)
        await press(pilot, "enter")
        assert front(app) is CampaignScreen
