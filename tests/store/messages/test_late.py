"""Answers that come late, and workers that never come back: the lease of a claim."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.messages.backoff import SOONEST
from store.messages.messenger import Messenger
from store.messages.model import Draft, Status
from store.messages.outbox import LEASE, Claimed
from store.messages.providers import Accepted, NoAnswer, Outcome, Outgoing, Refused, Throttled
from store.messages.senders import only
from tests.store.messages.scripted import Scripted
from tests.store.messages.working import ANN, ZOE, Waits, deliver, numbers, statuses


@pytest.fixture
def lister() -> Scripted:
    """The provider as another process sees it."""
    return Scripted()


@pytest.fixture
def another(store: Store, lister: Scripted, real: FixedClock) -> Messenger:
    """Another process's."""
    return Messenger(
        store.database,
        store.clock,
        store.credits,
        store.people,
        store.consent,
        only(store.database, lister, real),
        real=real,
    )


def before_handing_over(messenger: Messenger, to: str, act: Callable[[], None]) -> None:
    """Does something once, when a message to this number is claimed and not handed over yet."""
    outbox, done = messenger._outbox, Event()
    is_stale = outbox.is_stale

    def after_the_act(message: Claimed) -> bool:
        if message.phone == to and not done.is_set():
            done.set()
            act()
        return is_stale(message)

    outbox.is_stale = after_the_act  # type: ignore[method-assign]


def test_what_a_dead_worker_took_is_unknown_only_after_its_lease(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    def die(outgoing: Outgoing) -> Outcome:
        raise KeyboardInterrupt

    provider.script = die
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))
    with pytest.raises(KeyboardInterrupt):
        deliver(messenger)
    provider.script = lambda outgoing: None
    real.instant += LEASE
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.SENDING, Status.SENT]
    assert messenger.due().awaited
    real.instant += timedelta(milliseconds=1)
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.UNKNOWN, Status.SENT]
    assert numbers(store, account) == (298, 1, 1)


def test_an_answer_after_the_lease_still_counts(
    store: Store,
    messenger: Messenger,
    another: Messenger,
    provider: Scripted,
    account: Account,
    real: FixedClock,
) -> None:
    def slow(outgoing: Outgoing) -> None:
        real.instant += 2 * LEASE
        deliver(another)
        assert another.messages(blast.id)[0].status is Status.UNKNOWN

    provider.script = slow
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.SENT]
    assert numbers(store, account) == (299, 0, 1)


def test_a_message_claimed_before_the_machine_slept_is_claimed_again_before_it_is_sent(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    def sleep() -> None:
        real.instant += 2 * LEASE

    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))
    before_handing_over(messenger, ANN, sleep)
    stop = Waits()
    messenger.deliver(stop=stop)
    assert not any(stop.waited)  # it wasn't the provider that asked for a pause
    assert statuses(messenger, blast) == [Status.SENT, Status.SENT]
    assert [one.to for one in provider.given] == [ZOE, ANN]
    assert numbers(store, account) == (298, 0, 2)


def test_a_message_given_up_while_the_machine_slept_isnt_sent(
    store: Store,
    messenger: Messenger,
    another: Messenger,
    provider: Scripted,
    account: Account,
    real: FixedClock,
) -> None:
    def sleep() -> None:
        real.instant += 2 * LEASE
        deliver(another)

    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))
    before_handing_over(messenger, ANN, sleep)
    messenger.deliver(stop=Waits())
    given_up = messenger.messages(blast.id)[1]
    assert given_up.status is Status.FAILED
    assert "was never sent" in str(given_up.reason)
    assert [one.to for one in provider.given] == [ZOE]
    assert numbers(store, account) == (299, 0, 1)


def test_a_provider_that_takes_less_than_half_a_lease_is_in_time_however_old_the_claim(
    store: Store,
    messenger: Messenger,
    another: Messenger,
    provider: Scripted,
    account: Account,
    real: FixedClock,
) -> None:
    def pause() -> None:
        real.instant += LEASE / 2

    def take_long(outgoing: Outgoing) -> None:
        real.instant += LEASE / 2 - timedelta(milliseconds=1)
        deliver(another)
        assert statuses(another, blast) == [Status.SENDING]

    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    before_handing_over(messenger, ZOE, pause)
    provider.script = take_long
    deliver(messenger)
    assert [one.to for one in provider.given] == [ZOE]
    assert statuses(messenger, blast) == [Status.SENT]
    assert numbers(store, account) == (299, 0, 1)


def test_an_answer_that_comes_after_another_process_found_the_text_is_charged_once(
    store: Store,
    messenger: Messenger,
    another: Messenger,
    provider: Scripted,
    lister: Scripted,
    account: Account,
    real: FixedClock,
) -> None:
    def slow(outgoing: Outgoing) -> Outcome:
        real.instant += 2 * LEASE
        lister.listed = {ZOE}
        deliver(another)
        assert statuses(another, blast) == [Status.SENT]
        assert numbers(store, account) == (299, 0, 1)
        return Accepted(f"found-{outgoing.to}")

    provider.script = slow
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.SENT]
    assert messenger.messages(blast.id)[0].reason is None
    assert numbers(store, account) == (299, 0, 1)


@pytest.mark.parametrize(
    ("outcome", "says"),
    [(Refused("no-such-number"), "can't receive texts"), (Throttled(0), "was never sent")],
)
def test_a_text_that_is_known_late_not_to_have_left_gives_its_credits_back_and_isnt_sent_again(
    store: Store,
    messenger: Messenger,
    another: Messenger,
    provider: Scripted,
    account: Account,
    real: FixedClock,
    outcome: Outcome,
    says: str,
) -> None:
    def slow(outgoing: Outgoing) -> Outcome:
        real.instant += 2 * LEASE
        deliver(another)
        assert numbers(store, account) == (299, 1, 0)
        return outcome

    provider.script = slow
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    deliver(messenger)
    [message] = messenger.messages(blast.id)
    assert message.status is Status.FAILED
    assert says in str(message.reason)
    assert len(provider.given) == 1
    assert numbers(store, account) == (300, 0, 0)


@pytest.mark.parametrize("outcome", [NoAnswer(), None])
def test_a_late_error_leaves_the_text_unknown(
    store: Store,
    messenger: Messenger,
    another: Messenger,
    provider: Scripted,
    account: Account,
    real: FixedClock,
    outcome: Outcome | None,
) -> None:
    def slow(outgoing: Outgoing) -> Outcome:
        real.instant += 2 * LEASE
        deliver(another)
        if outcome is None:
            raise TimeoutError
        return outcome

    provider.script = slow
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.UNKNOWN]
    assert numbers(store, account) == (299, 1, 0)


class Decided:
    """A provider's answer that comes when the lease is over and a person has said whether the text left."""

    def __init__(self, another: Messenger, real: FixedClock, answer: Outcome, *, left: bool) -> None:
        self.another = another
        self.real = real
        self.answer = answer
        self.left = left

    def __call__(self, outgoing: Outgoing) -> Outcome:
        self.real.instant += 2 * LEASE
        deliver(self.another)
        self.another.resolve_unknown(outgoing.id, left=self.left)
        return self.answer


def test_a_late_acceptance_doesnt_undo_what_a_person_decided_and_is_noted(
    store: Store,
    messenger: Messenger,
    another: Messenger,
    provider: Scripted,
    account: Account,
    real: FixedClock,
) -> None:
    provider.script = Decided(another, real, Accepted("P1"), left=False)
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    [message] = messenger.messages(blast.id)
    assert message.status is Status.FAILED
    assert "accepted this text after all" in str(message.reason)
    assert numbers(store, account) == (300, 0, 0)


def test_a_text_that_was_taken_late_isnt_mistaken_for_another_one_that_is_unknown(
    store: Store,
    messenger: Messenger,
    another: Messenger,
    provider: Scripted,
    account: Account,
    real: FixedClock,
) -> None:
    provider.script = Decided(another, real, Accepted(f"found-{ZOE}"), left=False)
    messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    provider.script = lambda outgoing: NoAnswer()
    provider.listed = {ZOE}
    again = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    assert statuses(messenger, again) == [Status.UNKNOWN]
    assert numbers(store, account) == (299, 1, 0)


def test_a_late_acceptance_of_what_a_person_said_left_is_charged_once_and_its_receipt_is_asked_for(
    store: Store,
    messenger: Messenger,
    another: Messenger,
    provider: Scripted,
    account: Account,
    real: FixedClock,
) -> None:
    provider.script = Decided(another, real, Accepted("P1"), left=True)
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    real.instant += SOONEST
    messenger.poll_receipts()
    assert [[one.provider_id for one in asked] for asked in provider.asked] == [["P1"]]
    assert statuses(messenger, blast) == [Status.SENT]
    assert numbers(store, account) == (299, 0, 1)


@pytest.mark.alone("whether anything at all is under way")
@pytest.mark.parametrize("outcome", [Refused("blocked"), Throttled(0)])
def test_a_late_refusal_of_what_a_person_said_left_is_noted_and_stays_paid(
    store: Store,
    messenger: Messenger,
    another: Messenger,
    provider: Scripted,
    account: Account,
    real: FixedClock,
    outcome: Outcome,
) -> None:
    provider.script = Decided(another, real, outcome, left=True)
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    [message] = messenger.messages(blast.id)
    assert message.status is Status.SENT
    assert "It was charged anyway." in str(message.reason)
    assert numbers(store, account) == (299, 0, 1)
    assert not messenger.due().awaited
