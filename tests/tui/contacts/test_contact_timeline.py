"""The screen of one person: who it is, and every text and email, the newest first."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.screen import Screen
from textual.widgets import Input, Static

from store import Store
from store.clock import FixedClock
from store.emails.emails import Emails
from store.emails.model import SmartPlan, Step
from store.messages.model import Draft
from store.people.model import Details
from store.roles import Person, Role
from tests.store.mail.scripted import Scripted
from tests.tui.conftest import Snap
from tests.tui.harness import (
    NOW,
    TIMEZONE,
    front,
    make_app,
    make_store,
    move_clock,
    off,
    press,
    settled,
    text,
    toasts,
    words,
)
from tui.blasts.screen import BlastScreen
from tui.contacts.contact import ContactScreen
from tui.contacts.screen import ContactsScreen
from tui.inbox.screen import InboxScreen

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
            store.consent,
            mailer=Scripted(),
            real=FixedClock(NOW),
        )
        store.smartplans.start(account.id, PLAN, to=["ann@example.com"])
        store.smartplans.run_due(account.id)
        emails.deliver(account.id)
        store.credits.charge(account.id, 4_999)
        move_clock(store, NOW + timedelta(days=1))
        store.smartplans.run_due(account.id)
        emails.deliver(account.id)
        store.credits.place(account.id, store.credits.quote_plan(account.id, "10000"), key="more")
        move_clock(store, NOW + timedelta(days=2))
        store.smartplans.run_due(account.id)
        emails.deliver(account.id)
    return store


ANN = Details(
    numbers=(("(415) 555-0199", "work"), ("(415) 555-0198", "fax")),
    emails=("lee@example.com",),
    fields=(("Unit", "4B"), ("Building", "North")),
    address="12 Elm St",
    note="Likes corner units",
    language="en",
    zone="America/Los_Angeles",
    household="Lee",
)


def with_texts(folder: Path) -> Store:
    """Ann Lee with all that can be known of her, who shares a number with Bo Lee, and a text to them."""
    store = make_store(folder)
    add = store.people.add
    add(
        first_name="Ann",
        last_name="Lee",
        company="Elm Realty",
        phone="+14155550123",
        email="ann@example.com",
        groups=["buyers", "VIP"],
        region="US",
        details=ANN,
    )
    add(first_name="Bo", last_name="Lee", phone="+14155550123", region="US", details=Details(household="Lee"))
    text(store, "Open house [/] on Sunday", "+14155550123")
    return store


async def test_enter_opens_one_person_with_all_that_is_known(tmp_path: Path) -> None:
    app = make_app(with_texts(tmp_path), first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        shown = words(app)
        for fact in (
            *("Ann Lee", "Elm Realty", "(415) 555-0123", "(415) 555-0199  work", "(415) 555-0198  fax"),
            *("lee@example.com", "unit", "4B", "12 Elm St", "America/Los_Angeles, 9:00", "#buyers #VIP"),
            *("Shares a number with Bo Lee", "greets Ann Lee", "Open house [/] on Sunday"),
        ):
            assert fact in shown


async def test_beside_a_number_stands_that_it_opted_out(tmp_path: Path) -> None:
    store = with_texts(tmp_path)
    store.consent.opt_out("+14155550199", 1)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        lines = words(app).splitlines()
        at = next(at for at, line in enumerate(lines) if "(415) 555-0199  work" in line)
        assert "✗ opted out May 20" in lines[at + 1]


async def test_of_two_with_one_number_h_says_whom_texts_greet(tmp_path: Path) -> None:
    store = with_texts(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "enter", "h")
        assert "greets Bo Lee" in words(app)
    (recipient,) = store.messages.audience(1, Draft(contacts=(1, 2))).recipients
    assert recipient.name == "Bo Lee"


async def test_what_is_edited_is_kept_with_its_own_fields(tmp_path: Path) -> None:
    store = with_texts(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "e")
        before = store.people.contact(1)
        app.screen.query_one("#fields", Input).value = "unit: 5C, Parking spot: 12"
        await press(pilot, "ctrl+s")
        assert front(app) is ContactScreen
        assert "parking_spot  12" in words(app)
    after = store.people.contact(1)
    assert before is not None
    assert after is not None
    assert after.fields == (("unit", "5C"), ("parking_spot", "12"))
    assert (after.numbers, after.emails, after.note) == (before.numbers, before.emails, before.note)


async def test_what_was_changed_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    store = with_texts(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "e", "shift+tab", "x")
        store.people.tag([1], add=["meanwhile"])
        await press(pilot, "ctrl+s")
        assert "Ann Lee has changed since you opened it. Your changes weren't saved." in words(app)
    assert store.people.contacts("#meanwhile")[0].company == "Elm Realty"


async def test_deleting_leads_back_and_undoing_there_brings_them_back(tmp_path: Path) -> None:
    store = with_texts(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "d")
        assert front(app) is ContactsScreen
        assert [contact.name for contact in store.people.contacts()] == ["Bo Lee"]
        await press(pilot, "z")
        assert toasts(app)[-1] == "Undone: Ann Lee is back."
    assert [contact.name for contact in store.people.contacts()] == ["Ann Lee", "Bo Lee"]


async def test_the_timeline_tells_what_was_sent_and_what_failed_and_why(tmp_path: Path) -> None:
    app = make_app(with_emails(tmp_path), first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        shown = words(app)
        assert "✓ May 22, 2026   email    Open [b]house 3: [/]" in shown
        assert "✗ May 21, 2026   email    Open [b]house 2:" in shown
        await press(pilot, "down")
        assert "failed: No emails were left. It won't be sent later." in words(app)
        about = str(app.screen.query_one("#happened-about", Static).render())
        assert "May 21, 2026, 12:00\u202fAM" in about  # for which the line has no room


async def test_f_shows_one_kind_after_the_other(tmp_path: Path) -> None:
    store = with_texts(tmp_path)
    store.notes.add(1, 1, "Has two dogs")
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert "Has two dogs" in words(app)
        assert "Open house" in words(app)
        await press(pilot, "f")
        assert "What happened  ·  Texts" in words(app)
        assert "Has two dogs" not in words(app)
        await press(pilot, "f")
        assert "Nothing of that type." in words(app)
        await press(pilot, "f", "f")
        assert "What happened  ·  Notes and tasks" in words(app)
        assert "Has two dogs" in words(app)
        assert "Open house" not in words(app)


async def test_a_note_is_typed_changed_and_emptied(tmp_path: Path) -> None:
    store = with_texts(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "n", "enter")
        assert "Write something first." in words(app)
        await press(pilot, *"dogs", "enter")
        assert "note     dogs" in words(app)
        await press(pilot, "up", "enter", "!", "enter")
        assert "note     dogs!" in words(app)
        await press(pilot, "enter", "ctrl+u", "enter")
        assert "note" not in words(app).partition("What happened")[2].partition("Esc")[0]


async def test_a_task_is_added_ticked_and_unticked(tmp_path: Path) -> None:
    store = with_texts(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "plus", *"Call", "down", "ctrl+u", *"soon", "enter")
        assert "That isn't a date." in words(app)
        await press(pilot, "ctrl+u", *"2026-05-20", "enter")
        assert "· May 20, 2026   task     Call" in words(app)
        await press(pilot, "down", "space")  # the text came later that day
        assert "✓ May 20, 2026   task     Call" in words(app)
        assert "done May 20" in words(app)
        await press(pilot, "space")
        assert "to do" in words(app)
    ((task,), at) = store.tasks.tasks(1, NOW), NOW.replace(hour=4)
    assert (task.text, task.due_at, task.done_at) == ("Call", at, None)


@pytest.mark.parametrize(("keys", "screen"), [((), BlastScreen), (("down",), InboxScreen)])
async def test_enter_opens_what_a_line_is_about(
    tmp_path: Path, keys: tuple[str, ...], screen: type[Screen[None]]
) -> None:
    store = with_texts(tmp_path)
    store.messages.receive(1, "+14155550123", "Yes! Friday?")
    move_clock(store, NOW + timedelta(minutes=1))
    text(store, "See you then", "+14155550123")
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", *keys, "enter")
        assert front(app) is screen


async def test_a_viewer_reads_all_and_notes_nothing(tmp_path: Path) -> None:
    with_texts(tmp_path).close()
    store = Store(
        str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW), person=Person("Vic", Role.VIEWER)
    )
    app = make_app(store, first="contacts")
    async with app.run_test(size=(160, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert {"n Note", "+ Task"} <= off(app)
        assert "Open house [/] on Sunday" in words(app)


async def test_with_whom_nothing_happened_is_said(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.people.add(first_name="Bob", phone="+14155550123", region="US")
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert "Nothing yet. c writes a text." in words(app)


def test_a_contact_at_80_columns(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(with_texts(tmp_path), first="contacts"), size=(80, 24), keys=("enter",))


def test_a_contact_at_120_columns(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(with_texts(tmp_path), first="contacts"), size=(120, 36), keys=("enter",))


def test_who_may_be_the_same_person(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(with_texts(tmp_path), first="contacts"), size=(80, 24), keys=("enter", "m"))


def test_the_groups_of_one_person(snap: Snap, tmp_path: Path) -> None:
    assert snap(
        make_app(with_texts(tmp_path), first="contacts"), size=(80, 24), keys=("enter", "number_sign")
    )


async def test_a_number_of_abroad_is_shown_with_its_country(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    numbers = Details(numbers=(("+44 7911 123456", "mobile"), ("+1 604 555 0123", "work")))
    store.people.add(first_name="Bob", phone="+14155550123", region="US", details=numbers)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        shown = words(app)
        assert "United States" not in shown
        assert "+44 7911 123456  Guernsey  mobile" in shown
        assert "(604) 555-0123  Canada  work" in shown
