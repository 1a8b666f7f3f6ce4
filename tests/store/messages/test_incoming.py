"""Texts that come in: what they ask for is done at once, what they cost is charged, nobody is lost."""

from __future__ import annotations

from datetime import timedelta
from threading import Event

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account, Kind
from store.messages.conversations import Conversations
from store.messages.messenger import Messenger
from store.messages.model import Draft, Line, Status
from store.messages.providers import MediaFact
from store.people.model import ConsentState
from tests.store.messages.conftest import NOON
from tests.store.messages.replies import came_in
from tests.store.messages.scripted import Scripted
from tests.store.messages.working import ANN, LONDON, ZOE, deliver, numbers

NEW = "+14155552699"


@pytest.fixture
def account(account: Account, messenger: Messenger, provider: Scripted) -> Account:
    """One that wrote to three people, for 4 of its 300 credits."""
    messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN, LONDON)))
    deliver(messenger)
    provider.given.clear()
    return account


def state(store: Store, account: Account, number: str) -> ConsentState | None:
    return store.consent.states([number], account.id).get(number)


def heard(conversations: Conversations, account: Account, phone: str) -> list[Line]:
    """What came in from a number, newest first."""
    return [line for line in conversations.lines(account.id, phone)[0] if not line.out]


def notices(provider: Scripted, number: str) -> list[str]:
    return [given.body for given in provider.given if given.to == number]


@pytest.mark.parametrize(
    "word", ["STOP", "stop.", "Alto", "Stopp", "“Stop”", "S T O P", "stop please", "退订"]
)
def test_a_word_that_means_stop_opts_out_at_once_and_is_confirmed_once_and_free(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, word: str
) -> None:
    came_in(messenger, provider, ZOE, word)
    assert state(store, account, ZOE) is ConsentState.OUT
    came_in(messenger, provider, ZOE, word)
    deliver(messenger)
    assert len(notices(provider, ZOE)) == 1
    assert numbers(store, account) == (294, 0, 6)  # both replies, and no confirmation
    said = store.consent.standing(ZOE, account.id)
    assert (said.how, said.why) == ("reply", word)


def test_what_was_waiting_for_who_says_stop_never_leaves_and_its_credits_come_back(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    blast = messenger.send(account.id, Draft(body="Sunday?", to=(ZOE, ANN)))
    came_in(messenger, provider, ZOE, "STOP")
    deliver(messenger)
    assert [given.to for given in provider.given if given.body == "Sunday?"] == [ANN]
    assert messenger.messages(blast.id)[0].status is Status.FAILED
    assert numbers(store, account) == (294, 0, 6)  # Ann's text and the reply


def test_start_brings_back_and_is_confirmed_and_yes_means_it_only_from_who_is_out(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    came_in(messenger, provider, ZOE, "Yes")
    assert state(store, account, ZOE) is None
    said = {
        "STOP": ConsentState.OUT,
        "yes": ConsentState.IN,
        "Stop!": ConsentState.OUT,
        "start": ConsentState.IN,
    }
    for word, then in said.items():
        came_in(messenger, provider, ZOE, word)
        assert state(store, account, ZOE) is then
    deliver(messenger)
    assert [("STOP to end" in body) for body in notices(provider, ZOE)] == [False, True, False, True]


def test_help_is_answered_once_a_day_and_changes_nothing(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    for hours in (0, 1, 2):
        came_in(messenger, provider, ZOE, "HELP", at=NOON - timedelta(hours=2 - hours))
    deliver(messenger)
    assert len(notices(provider, ZOE)) == 1
    assert "START" in notices(provider, ZOE)[0]
    assert state(store, account, ZOE) is None


def test_who_carries_texts_and_confirms_itself_leaves_nothing_to_confirm(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    provider.profile = type(provider.profile)(confirms=True)
    came_in(messenger, provider, ZOE, "STOP")
    deliver(messenger)
    assert state(store, account, ZOE) is ConsentState.OUT
    assert provider.given == []


def test_a_reply_costs_what_a_text_there_does_and_a_picture_what_an_mms_does(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, conversations: Conversations
) -> None:
    came_in(messenger, provider, ZOE, "Hello")
    came_in(messenger, provider, LONDON, "Hello")
    came_in(messenger, provider, ANN, "", media=(MediaFact("https://x/1.jpg", "image/jpeg", 9),))
    assert numbers(store, account) == (290, 0, 10)
    costs = [heard(conversations, account, phone)[0].credits for phone in (ZOE, LONDON, ANN)]
    assert costs == [1, 2, 3]


def test_at_zero_a_reply_is_received_and_what_it_cost_is_waived(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, conversations: Conversations
) -> None:
    store.credits.hold(account.id, 295, cause="blast", reference="0")
    came_in(messenger, provider, LONDON, "Hello")
    came_in(messenger, provider, LONDON, "Anybody?")
    second, first = heard(conversations, account, LONDON)
    assert (first.credits, first.waived, second.credits, second.waived) == (1, 1, 0, 2)
    waived = [one.amount for one in store.credits.history(account.id) if one.kind is Kind.WAIVED]
    assert waived == [2, 1]


@pytest.mark.alone("whoever has the first account gets what nobody was texted for")
def test_who_nobody_knows_becomes_a_contact_once(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, conversations: Conversations
) -> None:
    for text in ("Hello", "Again"):
        came_in(messenger, provider, NEW, text)
    came_in(messenger, provider, "BANK", "Your code is 7")
    assert [one.phone for one in store.people.contacts()] == [NEW]
    assert {thread.phone for thread in conversations.threads(account.id)} == {NEW, "BANK"}


@pytest.mark.parametrize("out", [True, False])
def test_a_free_form_refusal_is_flagged_until_a_person_decides(
    store: Store,
    messenger: Messenger,
    provider: Scripted,
    account: Account,
    conversations: Conversations,
    out: bool,
) -> None:
    came_in(messenger, provider, ZOE, "I think you have the wrong number")
    assert state(store, account, ZOE) is None
    [thread] = conversations.threads(account.id)
    assert thread.asks
    conversations.mark_read(account.id, ZOE)
    assert [one.phone for one in conversations.threads(account.id, unread=True)] == [ZOE]
    conversations.decide(account.id, ZOE, out=out)
    assert conversations.threads(account.id, unread=True) == []
    assert state(store, account, ZOE) is (ConsentState.OUT if out else None)
    if out:
        said = store.consent.standing(ZOE, account.id)
        assert (said.how, said.why) == ("reply", "I think you have the wrong number")


def test_a_word_settles_what_a_refusal_left_open_whichever_is_heard_of_first(
    messenger: Messenger, provider: Scripted, account: Account, conversations: Conversations
) -> None:
    before = NOON - timedelta(seconds=9)
    came_in(messenger, provider, ZOE, "please stop texting me", at=before)
    came_in(messenger, provider, ZOE, "STOP")
    came_in(messenger, provider, ANN, "START")
    came_in(messenger, provider, ANN, "please stop texting me", at=before)
    came_in(messenger, provider, LONDON, "please stop texting me")
    came_in(messenger, provider, LONDON, "START", at=before)
    flagged = {thread.phone: thread.asks for thread in conversations.threads(account.id)}
    assert flagged == {ZOE: False, ANN: False, LONDON: True}


def test_a_reply_belongs_to_the_account_that_texted_the_number_last(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, conversations: Conversations
) -> None:
    other = store.credits.open_account("agent-texts", "300", "America/New_York")
    blast = messenger.send(other.id, Draft(body="Hi too", to=(ZOE,)))
    messenger.deliver(stop=Event())
    came_in(messenger, provider, ZOE, "Which of you?")
    came_in(messenger, provider, ANN, "Hi")
    assert [one.phone for one in conversations.threads(account.id)] == [ANN]
    assert [one.phone for one in conversations.threads(other.id)] == [ZOE]
    assert conversations.answers(blast.id) == (1, 0)
    assert [one.phone for one in conversations.threads(other.id, answers=blast.id)] == [ZOE]


def test_a_real_clock_keeps_when_it_was_written_but_never_the_future(
    messenger: Messenger, provider: Scripted, account: Account, conversations: Conversations, real: FixedClock
) -> None:
    came_in(messenger, provider, ZOE, "Late", at=NOON - timedelta(hours=3))
    came_in(messenger, provider, ZOE, "From tomorrow", at=NOON + timedelta(days=1))
    newest, oldest = heard(conversations, account, ZOE)
    assert (newest.text, oldest.text, oldest.at) == ("From tomorrow", "Late", NOON - timedelta(hours=3))
    assert newest.at == NOON  # when we heard of it
