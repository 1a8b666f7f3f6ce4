"""The delivery worker: what becomes of a message, and of the credits that it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.catalog import Catalog
from store.credits.ledger import Ledger
from store.credits.model import Account
from store.errors import RefusedByRule
from store.messages import delivery
from store.messages.messenger import Messenger
from store.messages.model import BlastSummary, Draft, Status
from store.messages.outbox import LEASE, Claimed
from store.messages.providers import Accepted, NoAnswer, Outcome, Outgoing, Receipt, Refused, Throttled
from tests.store.messages.scripted import Scripted

ZOE, ANN, LONDON = "+14155552671", "+14155552672", "+442079460123"


class Waits(Event):
    """An event nobody has to wait for: it notes how long one would have."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0.0)
        return self.is_set()


def outcomes(**by_last_digit: Outcome) -> Callable[[Outgoing], Outcome | None]:
    """A script by a number's last digit: outcomes(_1=Refused(...))."""
    return lambda outgoing: by_last_digit.get(f"_{outgoing.to[-1]}")


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


def deliver(messenger: Messenger, stop: Event | None = None) -> list[BlastSummary]:
    seen: list[BlastSummary] = []
    messenger.deliver(stop=stop or Event(), on_progress=seen.append)
    return seen


def numbers(store: Store, account: Account) -> tuple[int, int, int]:
    """Available, held and used."""
    assert store.credits.verify().ok
    balance = store.credits.balance(account.id)
    return balance.available, balance.held, balance.used


def statuses(messenger: Messenger, blast: BlastSummary) -> list[Status]:
    return [message.status for message in messenger.messages(blast.id)]


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
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    provider.script = outcomes(_1=NoAnswer())
    unknown = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    provider.script = lambda outgoing: Accepted(f"found-{outgoing.to}")
    again = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    provider.listed = {ZOE}
    deliver(messenger)
    assert statuses(messenger, unknown) + statuses(messenger, again) == [Status.UNKNOWN, Status.SENT]
    assert numbers(store, account) == (298, 1, 1)


def test_the_providers_list_is_asked_again_at_the_next_start(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    provider.script = outcomes(_1=NoAnswer())
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    provider.listed = {ZOE}
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
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    another = Messenger(
        store.database,
        store.clock,
        store.credits,
        store.people,
        provider=Scripted(),
        real=real,
    )

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
    messenger.deliver(stop=Waits())
    assert statuses(messenger, blast) == [Status.SENT, Status.SENT]
    assert [one.to for one in provider.given] == [ZOE, ANN]
    assert numbers(store, account) == (298, 0, 2)


def test_a_message_given_up_while_the_machine_slept_isnt_sent(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    another = Messenger(
        store.database,
        store.clock,
        store.credits,
        store.people,
        provider=Scripted(),
        real=real,
    )

    def sleep() -> None:
        real.instant += 2 * LEASE
        deliver(another)

    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))
    before_handing_over(messenger, ANN, sleep)
    messenger.deliver(stop=Waits())
    assert statuses(messenger, blast) == [Status.SENT, Status.UNKNOWN]
    assert [one.to for one in provider.given] == [ZOE]
    assert numbers(store, account) == (298, 1, 1)


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


def test_a_late_answer_doesnt_undo_what_a_person_decided(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    def slow(outgoing: Outgoing) -> None:
        store.database.execute("UPDATE message SET status = 'unknown' WHERE id = ?", (outgoing.id,))
        messenger.resolve_unknown(outgoing.id, left=False)

    provider.script = slow
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.FAILED]
    assert numbers(store, account) == (300, 0, 0)


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


def test_receipts_end_what_was_sent(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN, LONDON)))
    deliver(messenger)
    first, second, _ = messenger.messages(blast.id)
    provider.answers = [
        Receipt(first.id, Status.DELIVERED),
        Receipt(second.id, Status.UNDELIVERED, "unreachable"),
    ]
    messenger.poll_receipts()
    messenger.poll_receipts()
    assert statuses(messenger, blast) == [Status.DELIVERED, Status.UNDELIVERED, Status.SENT]
    assert messenger.messages(blast.id)[1].reason is not None
    assert messenger.due() == (False, True)
    assert numbers(store, account) == (296, 0, 4)  # accepted is what counts, delivered or not


def test_receipts_beyond_one_batch_are_all_kept(
    messenger: Messenger, provider: Scripted, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_RECEIPTS_AT_ONCE", 2)
    blasts = [
        messenger.send(account.id, Draft(body="Hi", to=tuple(f"+1415555{at:04}" for at in range(100, 103))))
        for _ in range(2)
    ]
    deliver(messenger)
    provider.answers = [
        Receipt(one.id, Status.DELIVERED) for blast in blasts for one in messenger.messages(blast.id)
    ]
    messenger.poll_receipts()
    assert [messenger.blast(blast.id).counts for blast in blasts] == [{Status.DELIVERED: 3}] * 2
    assert messenger.due() == (False, False)


def test_a_receipt_that_another_process_kept_first_stands(
    messenger: Messenger, provider: Scripted, account: Account
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    [message] = messenger.messages(blast.id)
    later = [Receipt(message.id, Status.UNDELIVERED, "blocked")]

    class Interrupted(list[Receipt]):
        def __iter__(self) -> Iterator[Receipt]:
            provider.answers = [Receipt(message.id, Status.DELIVERED)]
            messenger.poll_receipts()
            return iter(later)

    provider.answers = Interrupted()
    messenger.poll_receipts()
    assert statuses(messenger, blast) == [Status.DELIVERED]


def test_a_product_charged_on_delivery_charges_what_arrived(
    store: Store, provider: Scripted, account: Account
) -> None:
    products = dict(store.catalog.products)
    products["agent-texts"] = replace(products["agent-texts"], charged_on="delivered")
    messenger = Messenger(
        store.database,
        store.clock,
        Ledger(store.database, Catalog(products), store.clock, store.gateway),
        store.people,
        provider=provider,
    )
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))
    deliver(messenger)
    assert numbers(store, account) == (298, 2, 0)
    first, second = messenger.messages(blast.id)
    provider.answers = [
        Receipt(first.id, Status.DELIVERED),
        Receipt(second.id, Status.UNDELIVERED, "blocked"),
    ]
    messenger.poll_receipts()
    assert numbers(store, account) == (299, 0, 1)


def test_what_is_due_is_told(messenger: Messenger, provider: Scripted, account: Account) -> None:
    assert messenger.due() == (False, False)
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    assert messenger.due() == (True, False)
    deliver(messenger)
    assert messenger.due() == (False, True)
    provider.answers = [Receipt(messenger.messages(blast.id)[0].id, Status.DELIVERED)]
    messenger.poll_receipts()
    assert messenger.due() == (False, False)


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
