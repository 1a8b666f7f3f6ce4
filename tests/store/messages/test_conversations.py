"""Conversations: both directions in one, page by page, and who looks after them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.messages.conversations import ANSWERING, Conversations
from store.messages.messenger import Messenger
from store.messages.model import NEWEST, Draft, Status
from store.messages.providers import MediaFact
from store.people.consent import Consent
from store.roles import Person, Role
from tests.store.messages.conftest import NOON
from tests.store.messages.replies import came_in
from tests.store.messages.scripted import Scripted
from tests.store.messages.working import ANN, LONDON, ZOE, deliver


@pytest.fixture
def account(account: Account, messenger: Messenger) -> Account:
    """One that wrote to three people."""
    messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN, LONDON)))
    deliver(messenger)
    return account


def test_a_conversation_has_both_directions_newest_first_with_what_they_cost(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, conversations: Conversations
) -> None:
    assert conversations.threads(account.id) == []
    assert conversations.thread(account.id, ZOE) is None
    came_in(messenger, provider, ZOE, "Hello\nyou")
    came_in(messenger, provider, ZOE, "", media=(MediaFact("https://x/1.jpg", "image/jpeg", 9),))
    lines, _ = conversations.lines(account.id, ZOE)
    assert [(line.out, line.text, line.status, line.credits) for line in lines] == [
        (False, "", None, 3),
        (False, "Hello\nyou", None, 1),
        (True, "Hi", Status.SENT, 1),
    ]
    assert lines[0].media == (("https://x/1.jpg", "image/jpeg", 9),)
    [thread] = conversations.threads(account.id)
    assert (thread.phone, thread.name, thread.last, thread.unread, thread.out) == (ZOE, "", "", 2, False)


def test_pages_of_a_conversation_have_every_line_once(
    messenger: Messenger, provider: Scripted, account: Account, conversations: Conversations
) -> None:
    for number in range(12):
        came_in(messenger, provider, ZOE, f"reply {number}", at=NOON - timedelta(minutes=number % 5))
        if number % 3 == 0:
            messenger.send(account.id, Draft(body=f"text {number}", to=(ZOE,)))
    everything, _ = conversations.lines(account.id, ZOE)
    assert len(everything) == 12 + 4 + 1
    for size in (1, 3, 7):
        found, place = [], NEWEST
        while page := conversations.lines(account.id, ZOE, place=place, limit=size):
            if not page[0]:
                break
            found += page[0]
            place = page[1]
        assert found == everything


def test_threads_come_the_latest_first_page_by_page_and_are_found(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, conversations: Conversations
) -> None:
    store.people.add(first_name="Zoë", last_name="Côté", phone=ZOE, region="US")
    for minutes, (phone, text) in enumerate([(ZOE, "About Sunday"), (ANN, "Keys?"), (LONDON, "Thanks")]):
        came_in(messenger, provider, phone, text, at=NOON - timedelta(minutes=9 - minutes))
    first = conversations.threads(account.id, limit=2)
    assert [thread.phone for thread in first] == [LONDON, ANN]
    assert [one.phone for one in conversations.threads(account.id, after=first[-1])] == [ZOE]
    for search in ("cote", "sunday", "555267"):
        found = conversations.threads(account.id, search=search)
        assert ZOE in [thread.phone for thread in found], search
    assert conversations.threads(account.id, search="nothing of it") == []


def test_what_was_read_is_read_until_there_is_more_or_somebody_says_otherwise(
    messenger: Messenger, provider: Scripted, account: Account, conversations: Conversations
) -> None:
    came_in(messenger, provider, ZOE, "Hello")
    came_in(messenger, provider, ANN, "Hello")
    assert conversations.unread(account.id) == 2
    conversations.mark_read(account.id, ZOE)
    assert [one.phone for one in conversations.threads(account.id, unread=True)] == [ANN]
    conversations.mark_read(account.id, ZOE, unread=True)
    assert conversations.unread(account.id) == 2


def test_what_one_answers_is_the_latest_and_leaves_nothing_unread(
    messenger: Messenger, provider: Scripted, account: Account, conversations: Conversations
) -> None:
    came_in(messenger, provider, ZOE, "Hello")
    messenger.send(account.id, Draft(body="Hello\n to you", to=(ZOE,)))
    thread = conversations.thread(account.id, ZOE)
    assert thread is not None
    assert (thread.last, thread.out, thread.unread) == ("Hello to you", True, 0)
    messenger.send(account.id, Draft(body="Nobody wrote from there", to=(ANN,)))
    assert conversations.thread(account.id, ANN) is None


def test_who_answers_is_seen_by_the_others_for_a_while(
    url: str, store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    def of(name: str) -> Conversations:
        people = Store(url, clock=store.clock, person=Person(name, Role.SENDER))
        return Conversations(people.database, people.people, people.consent, real)

    came_in(messenger, provider, ZOE, "Hello")
    ola, sam = of("Ola"), of("Sam")
    ola.answering(account.id, ZOE)
    ola.assign(account.id, ZOE, "Sam")
    for each, answering in ((ola, ""), (sam, "Ola")):
        thread = each.thread(account.id, ZOE)
        assert thread is not None
        assert (thread.answering, thread.assigned) == (answering, "Sam")
    real.instant += ANSWERING
    later = sam.thread(account.id, ZOE)
    assert later is not None
    assert later.answering == ""


def test_a_viewer_reads_and_changes_nothing(
    url: str, store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    from store.errors import RefusedByRule

    came_in(messenger, provider, ZOE, "Hello")
    viewer = Store(url, clock=store.clock, person=Person("Vic", Role.VIEWER))
    reads = Conversations(viewer.database, viewer.people, Consent(viewer.database, lambda _: NOON), real)
    with pytest.raises(RefusedByRule):
        reads.mark_read(account.id, ZOE)
    assert [one.unread for one in reads.threads(account.id)] == [1]


def test_how_many_answered_a_blast_and_how_many_of_them_opted_out(
    messenger: Messenger, provider: Scripted, account: Account, conversations: Conversations
) -> None:
    blast = messenger.send(account.id, Draft(body="Sunday?", to=(ZOE, ANN)))
    deliver(messenger)
    for phone, text in ((ZOE, "Yes!"), (ZOE, "When?"), (ANN, "STOP")):
        came_in(messenger, provider, phone, text)
    assert conversations.answers(blast.id) == (2, 1)
    assert {one.phone for one in conversations.threads(account.id, answers=blast.id)} == {ZOE, ANN}
