"""All that happened with a contact, in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from store import Store
from store.clock import FixedClock, micros
from store.emails.model import SmartPlan, Status, Step, StepKind
from store.messages.model import Draft, Texted
from store.messages.model import Line as Reply
from store.people.model import Contact, Details, Said
from store.people.tasks import Task
from store.timeline import NEWEST, Emailed, Line, Noted, NotTexted, Source
from tests.store.mail.scripted import Scripted

NOON = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANN, WORK = "+14155550101", "+14155550102"
PLAN = SmartPlan("Welcome", (Step(0, "Hello {first_name}", "Hi"), Step(1, "How was it?", "Hi")))


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Account 1 sends texts, account 2 emails. Everything that is done takes a minute."""
    store = Store(url, clock=FixedClock(NOON), mailer=Scripted())
    with store.connection():
        store.credits.open_account("agent-texts", "300", "America/New_York", demo_clock=True)
        store.credits.open_account("agent-email", "free", "America/New_York", demo_clock=True)
        yield store
    store.close()


def ann(store: Store) -> Contact:
    details = Details(numbers=((WORK, "work"),), emails=("Lee@Example.com",))
    return store.people.add(
        first_name="Ann", phone=ANN, email="ann@example.com", region="US", details=details
    )


def at(store: Store, minute: int) -> None:
    """Puts the clock so many minutes after noon."""
    cast("FixedClock", store.clock).instant = NOON + minute * MINUTE


def ran(store: Store) -> None:
    """What is due of SmartPlans is done, and leaves."""
    store.smartplans.run_due(2)
    store.emails.deliver(2)


def a_day(store: Store) -> Contact:
    """One of each kind, a minute apart: a text, its answer, a reply by email, an opt-out, an email that went
    and, the next day, one that failed, a note, a task."""
    contact = ann(store)
    store.messages.send(1, Draft(body="Shall we meet?", to=(WORK,)))
    at(store, 1)
    store.messages.receive(1, WORK, "Yes! Friday?")
    at(store, 2)
    came_by_email(store, "lee@example.com", "Thanks", NOON + 2 * MINUTE)
    at(store, 3)
    store.consent.opt_out(ANN, 1, why="told me")
    at(store, 4)
    store.smartplans.start(2, PLAN, to=["ann@example.com"])
    ran(store)
    at(store, 5)
    store.notes.add(1, contact.id, "Likes corner units")
    store.tasks.add(1, contact.id, "Call", NOON + 6 * MINUTE)
    store.credits.charge(2, store.credits.balance(2).available)
    at(store, 24 * 60)
    ran(store)
    return contact


def came_by_email(store: Store, address: str, body: str, when: datetime) -> None:
    store.database.execute(
        "INSERT INTO incoming (account_id, sender, phone, body, media, at, credits, waived, asks, "
        "automatic) VALUES (2, '', ?, ?, '', ?, 0, 0, '', ?)",
        (address, body, micros(when), False),
    )


def told(line: Line) -> str:
    """Where it comes from and what it says."""
    match line.about:
        case Emailed() as email:
            return f"{line.source}: {email.plan} {email.step} {email.subject} {email.status}"
        case Reply() | Noted():
            return f"{line.source}: {line.about.text}"
        case Said() as said:
            return f"{line.source}: {said.state} {said.why}"
        case NotTexted() as missed:
            return f"{line.source}: {missed.plan} {missed.step} {missed.text} {missed.reason}"
        case Texted() as texted:
            return f"{line.source}: {texted.message.body}"
        case Task() as task:
            return f"{line.source}: {task.text}"


def all_of(store: Store, contact: Contact, size: int) -> list[Line]:
    """All pages of so many lines."""
    place, lines = NEWEST, list[Line]()
    while True:
        page, place = store.timeline.lines(contact, place=place, limit=size)
        lines += page
        if len(page) < size:
            return lines


def test_all_that_happened_stands_in_one_order_the_newest_first(store: Store) -> None:
    contact = a_day(store)
    lines, _place = store.timeline.lines(contact)
    assert [told(line) for line in lines] == [
        "emails: Welcome 2 How was it? failed",
        "tasks: Call",
        "notes: Likes corner units",
        "emails: Welcome 1 Hello Ann sent",
        "consent: out told me",
        "email replies: Thanks",
        "text replies: Yes! Friday?",
        "texts: Shall we meet?",
    ]
    assert [(line.at - NOON) // MINUTE for line in lines] == [
        12 * 60,
        6,
        5,
        4,
        3,
        2,
        1,
        0,
    ]  # a step is due at midnight


def test_what_the_limit_stopped_says_so_and_takes_nothing(store: Store) -> None:
    contact = a_day(store)
    lines, _place = store.timeline.lines(contact, sources={Source.EMAILS})
    emails = [line.about for line in lines if isinstance(line.about, Emailed)]
    assert [(email.status, email.reason, email.credits) for email in emails] == [
        (Status.FAILED, "no-credits", 0),
        (Status.SENT, "", 1),
    ]


def test_a_step_that_could_not_be_texted_says_why(store: Store) -> None:
    contact = store.people.add(first_name="Ann", email="ann@example.com", region="US")
    steps = Step(0, "Hello", "Hi"), Step(0, "", "Hi {first_name}", kind=StepKind.TEXT)
    plan = SmartPlan("Welcome", steps)
    store.smartplans.start(2, plan, to=["ann@example.com"])
    ran(store)
    lines, _place = store.timeline.lines(contact)
    assert sorted(told(line) for line in lines) == [
        "emails: Welcome 1 Hello sent",
        "steps: Welcome 2 Hi {first_name} no-number",
    ]


def test_only_what_is_asked_for_is_listed(store: Store) -> None:
    contact = a_day(store)
    asked = {Source.EMAILS, Source.EMAIL_REPLIES}
    lines, _place = store.timeline.lines(contact, sources=asked)
    assert [line.source for line in lines] == [Source.EMAILS, Source.EMAILS, Source.EMAIL_REPLIES]


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_pages_put_together_are_the_whole(store: Store, size: int) -> None:
    contact = a_day(store)
    whole, _place = store.timeline.lines(contact)
    assert all_of(store, contact, size) == whole


def test_what_comes_meanwhile_moves_no_later_page(store: Store) -> None:
    contact = a_day(store)
    whole, _place = store.timeline.lines(contact)
    first, place = store.timeline.lines(contact, limit=3)
    store.notes.add(1, contact.id, "Wrote again")
    store.messages.receive(1, ANN, "Hello?")
    store.messages.send(1, Draft(body="Hello!", to=(WORK,)))
    store.tasks.add(1, contact.id, "Call again", NOON + 25 * 60 * MINUTE)
    rest, _place = store.timeline.lines(contact, place=place)
    assert first + rest == whole


def test_an_answer_at_the_same_instant_stands_above_what_it_answers(store: Store) -> None:
    contact = ann(store)
    store.messages.send(1, Draft(body="First", to=(ANN,)))
    store.messages.receive(1, ANN, "Yes")
    store.messages.send(1, Draft(body="Second", to=(ANN,)))
    lines, _place = store.timeline.lines(contact)
    assert [told(line) for line in lines] == ["texts: Second", "text replies: Yes", "texts: First"]


def test_who_was_merged_brings_their_emails_notes_and_tasks_along(store: Store) -> None:
    contact = ann(store)
    other = store.people.add(first_name="Anne", email="anne@example.com", region="US")
    store.smartplans.start(2, PLAN, to=["anne@example.com"])
    ran(store)
    store.notes.add(1, other.id, "Has two dogs")
    store.tasks.add(1, other.id, "Call", NOON)
    merged = store.people.merge(contact.id, [other.id])
    lines, _place = store.timeline.lines(merged)
    assert sorted(told(line) for line in lines) == [
        "emails: Welcome 1 Hello Anne sent",
        "notes: Has two dogs",
        "tasks: Call",
    ]


def test_an_email_to_an_address_of_today_is_listed_once(store: Store) -> None:
    contact = ann(store)
    store.smartplans.start(2, PLAN, to=["ann@example.com"])
    ran(store)
    store.people.update(
        contact.id,
        first_name="Ann",
        last_name="",
        company="",
        phone=ANN,
        region="US",
        email="new@example.com",
        groups=(),
    )
    changed = store.people.contact(contact.id)
    assert changed is not None
    for one in (contact, changed):
        lines, _place = store.timeline.lines(one)
        assert [told(line) for line in lines] == ["emails: Welcome 1 Hello Ann sent"]


def test_a_note_is_said_otherwise_on_its_day_and_goes_when_it_is_emptied(store: Store) -> None:
    contact = ann(store)
    store.notes.add(1, contact.id, "Likes dogs")
    at(store, 5)
    (line,), _place = store.timeline.lines(contact)
    assert isinstance(line.about, Noted)
    store.notes.change(line.about.id, "Likes cats")
    (changed,), _place = store.timeline.lines(contact)
    assert (told(changed), changed.at) == ("notes: Likes cats", NOON)
    store.notes.change(line.about.id, "")
    assert store.timeline.lines(contact)[0] == []


def test_what_happened_with_others_is_not_listed(store: Store) -> None:
    a_day(store)
    bob = store.people.add(first_name="Bob", phone="+14155550199", email="bob@example.com", region="US")
    lines, _place = store.timeline.lines(bob)
    assert lines == []
