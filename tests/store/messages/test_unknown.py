"""Messages of which nobody knows whether they left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.errors import RefusedByRule
from store.messages import delivery
from store.messages.backoff import GIVEN_UP_AFTER, LATEST, SOONEST
from store.messages.messenger import Messenger
from store.messages.model import BlastSummary, Draft, Status
from store.messages.outbox import LEASE
from store.messages.providers import Accepted, NoAnswer, Outcome, Outgoing
from tests.store.messages.scripted import Scripted
from tests.store.messages.working import ANN, ZOE, Waits, deliver, numbers, outcomes, statuses


def test_a_message_without_an_answer_stays_held_and_is_never_sent_again(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    provider.script = outcomes(_1=NoAnswer())
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))
    deliver(messenger)
    real.instant += 10 * LEASE
    deliver(messenger)
    unknown, sent = messenger.messages(blast.id)
    assert (unknown.status, sent.status) == (Status.UNKNOWN, Status.SENT)
    assert unknown.reason is not None
    assert [one.to for one in provider.given] == [ZOE, ANN]
    assert numbers(store, account) == (298, 1, 1)


def test_the_providers_list_tells_that_a_message_left(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    provider.script = outcomes(_1=NoAnswer())
    provider.listed = {ZOE}
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.SENT, Status.SENT]
    assert numbers(store, account) == (298, 0, 2)


def test_a_text_sent_again_by_hand_doesnt_pass_for_the_one_that_is_unknown(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    provider.script = outcomes(_1=NoAnswer())
    unknown = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    provider.script = lambda outgoing: Accepted(f"found-{outgoing.to}")
    again = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    provider.listed = {ZOE}
    provider.sought.clear()
    real.instant += SOONEST
    deliver(messenger)
    assert provider.sought == [ZOE]
    assert statuses(messenger, unknown) + statuses(messenger, again) == [Status.UNKNOWN, Status.SENT]
    assert numbers(store, account) == (298, 1, 1)


def test_the_providers_list_is_asked_again_at_the_next_start(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    provider.script = outcomes(_1=NoAnswer())
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    provider.listed = {ZOE}
    real.instant += SOONEST
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.SENT]
    assert numbers(store, account) == (299, 0, 1)


@pytest.mark.parametrize(
    ("left", "status", "expected"), [(True, Status.SENT, (299, 0, 1)), (False, Status.FAILED, (300, 0, 0))]
)
def test_a_person_decides_where_nobody_else_knows(
    store: Store,
    messenger: Messenger,
    provider: Scripted,
    account: Account,
    left: bool,
    status: Status,
    expected: tuple[int, int, int],
) -> None:
    provider.script = outcomes(_1=NoAnswer())
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    [message] = messenger.messages(blast.id, status=Status.UNKNOWN)
    messenger.resolve_unknown(message.id, left=left)
    assert statuses(messenger, blast) == [status]
    assert numbers(store, account) == expected
    with pytest.raises(RefusedByRule):
        messenger.resolve_unknown(message.id, left=not left)
    assert numbers(store, account) == expected


def test_the_providers_list_is_asked_less_and_less_often(
    messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    provider.script = outcomes(_1=NoAnswer())
    messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    asked = []
    for seconds in range(0, 130, 10):
        deliver(messenger)
        if provider.sought:
            asked.append(seconds)
        provider.sought.clear()
        real.instant += timedelta(seconds=10)
    assert asked == [0, 10, 20, 30, 40, 50, 70, 90, 120]


def test_after_days_the_providers_list_is_asked_once_more_and_then_only_a_person(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    provider.script = outcomes(_1=NoAnswer())
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    provider.sought.clear()
    for _ in range(3):
        real.instant += GIVEN_UP_AFTER
        deliver(messenger)
    assert provider.sought == [ZOE]
    assert statuses(messenger, blast) == [Status.UNKNOWN]
    assert numbers(store, account) == (299, 1, 0)


def test_all_are_asked_about_in_the_end_some_at_a_time_and_the_oldest_first(
    messenger: Messenger,
    provider: Scripted,
    account: Account,
    real: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "_LOOKUPS_AT_ONCE", 2)
    provider.script = lambda outgoing: NoAnswer()
    phones = [f"+1415555{at:04}" for at in range(100, 105)]
    for phone in phones:
        messenger.send(account.id, Draft(body="Hi", to=(phone,)))
        deliver(messenger)
        real.instant += timedelta(milliseconds=1)
    real.instant += SOONEST
    steps = []
    for _ in range(4):
        provider.sought.clear()
        deliver(messenger)
        steps.append(list(provider.sought))
    assert steps == [phones[:2], phones[2:4], phones[4:], []]


def test_a_list_that_cant_be_asked_is_left_alone_until_the_next_time_and_nothing_is_given_up(
    messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    provider.script = lambda outgoing: NoAnswer()
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))
    deliver(messenger)
    provider.sought.clear()
    provider.trouble = ConnectionRefusedError()
    real.instant += GIVEN_UP_AFTER
    deliver(messenger)
    assert provider.sought == [ZOE]
    deliver(messenger)
    assert provider.sought == [ZOE, ANN]
    provider.trouble = None
    provider.listed = {ZOE, ANN}
    real.instant += LATEST
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.SENT, Status.SENT]


@pytest.mark.alone("a backup's texts are those of all accounts")
def test_texts_of_a_backup_are_asked_about(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))
    assert messenger.doubt_queued() == 2
    provider.listed = {ANN}
    deliver(messenger)
    assert provider.given == []
    assert statuses(messenger, blast) == [Status.UNKNOWN, Status.SENT]
    assert numbers(store, account) == (298, 1, 1)


def test_a_provider_that_fails_leaves_a_text_unknown_and_the_worker_goes_on(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    def fail(outgoing: Outgoing) -> None:
        if outgoing.to == ZOE:
            raise TimeoutError

    provider.script = fail
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))
    deliver(messenger)
    unknown, sent = messenger.messages(blast.id)
    assert (unknown.status, sent.status) == (Status.UNKNOWN, Status.SENT)
    assert str(unknown.reason) == (
        "Sending this text failed with an error (TimeoutError), so it may or may not have "
        "been sent. It isn't sent again automatically."
    )
    assert provider.sought == [ZOE]
    assert numbers(store, account) == (298, 1, 1)


def test_a_provider_that_fails_after_it_took_a_text_is_found_out(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    def fail(outgoing: Outgoing) -> None:
        provider.listed.add(outgoing.to)
        raise ConnectionResetError

    provider.script = fail
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.SENT]
    assert messenger.messages(blast.id)[0].reason is None
    assert numbers(store, account) == (299, 0, 1)


SIX = tuple(f"+1415555{at:04}" for at in range(100, 106))


@pytest.mark.parametrize("raises", [True, False])
def test_a_provider_that_loses_one_text_after_another_is_left_alone_longer_and_longer(
    messenger: Messenger, provider: Scripted, account: Account, raises: bool
) -> None:
    def lose(outgoing: Outgoing) -> Outcome:
        if raises:
            raise ConnectionResetError
        return NoAnswer()

    provider.script = lose
    blast = messenger.send(account.id, Draft(body="Hi", to=SIX))
    stop = Waits()
    deliver(messenger, stop)
    assert statuses(messenger, blast) == [Status.UNKNOWN] * 6
    waited = [seconds for seconds in stop.waited if seconds]
    # After the third, the fourth, the fifth and the sixth; twice as long each time, less some jitter.
    assert len(waited) == 4
    for seconds, longest in zip(waited, (2, 4, 8, 16), strict=True):
        assert longest / 2 <= seconds <= longest


def test_while_the_provider_is_left_alone_it_is_told_what_came_of_the_texts_and_one_may_stop(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    seen: list[BlastSummary] = []

    class Stopped(Waits):
        def wait(self, timeout: float | None = None) -> bool:
            if timeout:
                assert seen[-1].counts == {Status.UNKNOWN: 3, Status.QUEUED: 3}
                self.set()
            return super().wait(timeout)

    provider.script = lambda outgoing: NoAnswer()
    blast = messenger.send(account.id, Draft(body="Hi", to=SIX))
    messenger.deliver(stop=Stopped(), on_progress=seen.append)
    assert statuses(messenger, blast) == [Status.UNKNOWN] * 3 + [Status.QUEUED] * 3
    assert numbers(store, account) == (294, 6, 0)


def test_a_provider_that_answers_in_between_isnt_left_alone(
    messenger: Messenger, provider: Scripted, account: Account
) -> None:
    provider.script = outcomes(_0=NoAnswer(), _1=NoAnswer(), _3=NoAnswer(), _4=NoAnswer())
    blast = messenger.send(account.id, Draft(body="Hi", to=SIX))
    stop = Waits()
    deliver(messenger, stop)
    assert statuses(messenger, blast) == [
        Status.UNKNOWN,
        Status.UNKNOWN,
        Status.SENT,
        Status.UNKNOWN,
        Status.UNKNOWN,
        Status.SENT,
    ]
    assert [seconds for seconds in stop.waited if seconds] == []
