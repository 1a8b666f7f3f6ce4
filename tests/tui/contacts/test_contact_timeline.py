"""A contact's screen shows the emails that were due to that person, and what became of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from store import Store
from store.clock import FixedClock
from store.emails.model import SmartPlan, Step
from store.emails.smartplans import Emails
from tests.store.mail.scripted import Scripted
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, TIMEZONE, make_app, make_store, move_clock, press, settled, words

PLAN = SmartPlan(
    "Open [b]house",
    (
        Step(0, "Welcome, {first_name}", "x"),
        Step(1, "Directions and parking", "x"),
        Step(2, "[/] How was it?", "x"),
    ),
)


def with_emails(folder: Path) -> Store:
    """One sent, one that failed since none was left, one sent after."""
    store = make_store(folder, plan=None)
    move_clock(store, NOW)
    with store.connection():
        account = store.credits.open_account("agent-email", "free", TIMEZONE, demo_clock=True)
        store.people.add(first_name="Ann", last_name="Lee", email="ann@example.com", region="US")
        emails = Emails(
            store.database,
            store.settings,
            store.credits,
            store.people,
            mailer=Scripted(),
            real=FixedClock(NOW),
        )
        emails.start(account.id, PLAN, to=["ann@example.com"])
        emails.run_due(account.id)
        store.credits.charge(account.id, 4_999)
        move_clock(store, NOW + timedelta(days=1))
        emails.run_due(account.id)
        store.credits.place(account.id, store.credits.quote_plan(account.id, "10000"), key="more")
        move_clock(store, NOW + timedelta(days=2))
        emails.run_due(account.id)
    return store


async def test_the_timeline_tells_what_was_sent_and_what_failed_and_why(tmp_path: Path) -> None:
    app = make_app(with_emails(tmp_path), first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        shown = words(app)
        assert "✓ 5/20/26, 12:00\u202fPM  Open [b]house 1: Welcome, Ann  sent" in shown
        assert "✗ 5/21/26, 12:00\u202fPM  Open [b]house 2: Directions and parking  failed: No emails" in shown
        assert "✓ 5/22/26, 12:00\u202fPM  Open [b]house 3: [/] How was it?  sent" in shown


async def test_somebody_without_emails_has_no_timeline(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.people.add(first_name="Bob", phone="+14155550123", region="US")
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert not app.screen.query_one("#timeline").display


def test_the_timeline_below_the_form(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(with_emails(tmp_path), first="contacts"), size=(80, 24), keys=("enter",))


def test_the_timeline_in_a_wide_window(snap: Snap, tmp_path: Path) -> None:
    app = make_app(with_emails(tmp_path), first="contacts", theme="contrast")
    assert snap(app, size=(120, 36), keys=("enter",))


def test_the_timeline_in_a_small_window_can_be_scrolled(snap: Snap, tmp_path: Path) -> None:
    app = make_app(with_emails(tmp_path), first="contacts")
    assert snap(app, size=(60, 20), keys=("enter", "shift+tab", "shift+tab", "shift+tab", "shift+tab"))
