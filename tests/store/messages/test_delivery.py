"""The delivery worker: what becomes of a message, and of the credits that it holds."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from store import Store
from store.credits.model import Account
from store.messages import delivery
from store.messages.messenger import Messenger
from store.messages.model import BlastSummary, Draft, Status
from store.messages.providers import Outcome, Outgoing, Refused, Throttled
from tests.store.messages.scripted import Scripted
from tests.store.messages.working import ANN, LONDON, ZOE, Waits, deliver, numbers, outcomes, statuses


def test_an_accepted_message_is_charged(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, LONDON)))
    seen = deliver(messenger)
    assert [(one.to, one.body) for one in provider.given] == [(ZOE, "Hi"), (LONDON, "Hi")]
    assert statuses(messenger, blast) == [Status.SENT, Status.SENT]
    assert numbers(store, account) == (297, 0, 3)
    assert seen[-1] == messenger.blast(blast.id)
    assert seen[-1].left == 0


def test_each_person_gets_their_own_text(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    store.people.add(first_name="Zoe\u0308", phone=ZOE, region="US")
    messenger.send(account.id, Draft(body="Hi {first_name|there}", to=(ZOE, ANN)))
    deliver(messenger)
    assert [one.body for one in provider.given] == ["Hi Zo\u00eb", "Hi there"]


def test_blasts_are_sent_in_their_order_each_with_its_own_text_and_pictures(
    messenger: Messenger, provider: Scripted, account: Account, tmp_path: Path
) -> None:
    picture = tmp_path / "house.gif"
    picture.write_bytes(b"GIF89a")
    messenger.send(account.id, Draft(body="One", to=(ZOE,), media=(str(picture),)))
    messenger.send(account.id, Draft(body="Two", to=(ZOE,)))
    deliver(messenger)
    assert [(one.body, [(p.type, p.content) for p in one.pictures]) for one in provider.given] == [
        ("One", [("image/gif", b"GIF89a")]),
        ("Two", []),
    ]


def test_a_refused_message_gives_its_credits_back(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    provider.script = outcomes(_1=Refused("no-such-number"))
    blast = messenger.send(account.id, Draft(body="Hi", to=("+14155552671", "+14155552672")))
    deliver(messenger)
    failed, sent = messenger.messages(blast.id)
    assert (failed.status, sent.status) == (Status.FAILED, Status.SENT)
    assert failed.reason is not None
    assert sent.reason is None
    assert numbers(store, account) == (299, 0, 1)


def test_a_throttled_message_is_sent_later_and_charged_once(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    answers: list[Outcome | None] = [Throttled(4), Throttled(4), Throttled(4), None]
    provider.script = lambda outgoing: answers.pop(0)
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    stop = Waits()
    deliver(messenger, stop)
    assert len(provider.given) == 4
    assert statuses(messenger, blast) == [Status.SENT]
    assert numbers(store, account) == (299, 0, 1)
    # Each wait is twice as long, less some jitter.
    assert [
        longest / 2 <= waited <= longest for waited, longest in zip(stop.waited, (4, 8, 16), strict=True)
    ] == [
        True,
        True,
        True,
    ]


def test_stopping_while_throttled_leaves_the_message_queued(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    stop = Event()

    def throttle(outgoing: Outgoing) -> Outcome:
        stop.set()
        return Throttled(3_600)

    provider.script = throttle
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger, stop)
    assert statuses(messenger, blast) == [Status.QUEUED]
    assert numbers(store, account) == (299, 1, 0)


def test_stopping_finishes_the_message_in_hand_and_takes_no_other(
    messenger: Messenger, provider: Scripted, account: Account
) -> None:
    stop = Event()
    provider.script = lambda outgoing: stop.set()
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))
    deliver(messenger, stop)
    assert statuses(messenger, blast) == [Status.SENT, Status.QUEUED]
    deliver(messenger, stop)
    assert len(provider.given) == 1


def test_a_worker_that_fails_between_two_messages_leaves_the_next_one_queued(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    def fail(summary: BlastSummary) -> None:
        raise ZeroDivisionError

    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))
    with pytest.raises(ZeroDivisionError):
        messenger.deliver(stop=Event(), on_progress=fail)
    assert statuses(messenger, blast) == [Status.SENT, Status.QUEUED]
    deliver(messenger)
    assert [one.to for one in provider.given] == [ZOE, ANN]
    assert numbers(store, account) == (298, 0, 2)


def test_cancelling_while_sending_keeps_what_has_left(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN, LONDON)))

    def cancel(outgoing: Outgoing) -> None:
        messenger.cancel(blast.id)

    provider.script = cancel
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.SENT, Status.CANCELLED, Status.CANCELLED]
    assert numbers(store, account) == (299, 0, 1)


def test_a_throttled_message_of_a_cancelled_blast_doesnt_come_back(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))

    def cancel(outgoing: Outgoing) -> Outcome:
        messenger.cancel(blast.id)
        return Throttled(0)

    provider.script = cancel
    deliver(messenger, Waits())
    assert statuses(messenger, blast) == [Status.CANCELLED, Status.CANCELLED]
    assert len(provider.given) == 1
    assert numbers(store, account) == (300, 0, 0)


def test_a_worker_that_stays_sends_what_comes_later(
    messenger: Messenger, provider: Scripted, account: Account
) -> None:
    class LaterWork(Waits):
        def wait(self, timeout: float | None = None) -> bool:
            if self.waited:
                self.set()
            else:
                messenger.send(account.id, Draft(body="Second", to=(ANN,)))
            return super().wait(timeout)

    messenger.send(account.id, Draft(body="First", to=(ZOE,)))
    messenger.deliver(stop=LaterWork(), forever=True)
    assert [one.body for one in provider.given] == ["First", "Second"]


def test_progress_is_told_at_most_ten_times_a_second(
    messenger: Messenger, provider: Scripted, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0

    def monotonic() -> float:
        nonlocal now
        now += 0.0125
        return now

    monkeypatch.setattr(delivery, "monotonic", monotonic)
    began = now
    messenger.send(account.id, Draft(body="Hi", to=tuple(f"+1415555{at:04}" for at in range(100, 200))))
    seen = deliver(messenger)
    assert 2 < len(seen) <= (now - began) * 10 + 1
    assert seen[-1].counts == {Status.SENT: 100}
