"""Receipts: asked for less and less often, kept once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.database import Cursor
from store.messages import delivery
from store.messages.backoff import GIVEN_UP_AFTER, LATEST, SOONEST
from store.messages.messenger import Messenger
from store.messages.model import Draft, Status
from store.messages.providers import Receipt
from tests.store.messages.scripted import Scripted, ended
from tests.store.messages.working import ANN, LONDON, ZOE, Waits, deliver, numbers, statuses


def test_receipts_end_what_was_sent(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN, LONDON)))
    deliver(messenger)
    first, second, _ = messenger.messages(blast.id)
    provider.answers = [
        ended(first.id, Status.DELIVERED),
        ended(second.id, Status.UNDELIVERED, "unreachable"),
    ]
    for _ in range(2):
        real.instant += SOONEST
        messenger.poll_receipts()
    assert statuses(messenger, blast) == [Status.DELIVERED, Status.UNDELIVERED, Status.SENT]
    assert messenger.messages(blast.id)[1].reason is not None
    assert messenger.due() == (False, True)
    assert numbers(store, account) == (296, 0, 4)  # accepted is what counts, delivered or not


def test_a_receipt_is_asked_for_less_and_less_often(
    messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    asked = []
    for seconds in range(1, 31):
        real.instant += timedelta(seconds=1)
        messenger.poll_receipts()
        if provider.asked:
            asked.append(seconds)
        provider.asked.clear()
    assert asked == [1, 2, 3, 4, 5, 7, 9, 12, 15, 19, 24, 30]


@pytest.mark.alone("whether anything at all is under way")
def test_after_days_a_text_stays_sent_and_nobody_asks_any_more(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    assert messenger.due().awaited
    for _ in range(3):
        real.instant += GIVEN_UP_AFTER
        messenger.poll_receipts()
    assert len(provider.asked) == 1
    assert not messenger.due().awaited
    assert statuses(messenger, blast) == [Status.SENT]
    assert numbers(store, account) == (299, 0, 1)


def test_a_provider_that_couldnt_be_asked_is_asked_again_whatever_time_has_passed(
    messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    provider.trouble = ConnectionRefusedError()
    real.instant += GIVEN_UP_AFTER
    messenger.poll_receipts()
    provider.trouble = None
    provider.answers = [ended(messenger.messages(blast.id)[0].id, Status.DELIVERED)]
    real.instant += LATEST
    messenger.poll_receipts()
    assert statuses(messenger, blast) == [Status.DELIVERED]


def test_a_worker_whose_provider_fails_at_receipts_goes_on_and_asks_less_often(
    messenger: Messenger,
    provider: Scripted,
    account: Account,
    real: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began = real.instant

    class AMinute(Waits):
        """Each wait takes a second."""

        def wait(self, timeout: float | None = None) -> bool:
            real.instant += timedelta(seconds=1)
            if real.instant - began > timedelta(minutes=1):
                self.set()
            return super().wait(timeout)

    def monotonic() -> float:
        return real.instant.timestamp()

    monkeypatch.setattr(delivery, "monotonic", monotonic)
    provider.trouble = ConnectionRefusedError()
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))
    messenger.deliver(stop=AMinute(), forever=True)
    assert statuses(messenger, blast) == [Status.SENT, Status.SENT]
    # A second, and then a pause of at least 0.5, 1, 2, 4, 8, 16 seconds beside it; it would be 15 without.
    assert 3 < len(provider.asked) < 9


@pytest.mark.alone("whether anything at all is under way")
def test_each_poll_asks_for_some_of_what_is_due_and_for_the_oldest_first(
    messenger: Messenger,
    provider: Scripted,
    account: Account,
    real: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "_RECEIPTS_AT_ONCE", 2)
    blasts = []
    for _ in range(2):
        phones = tuple(f"+1415555{at:04}" for at in range(100, 103))
        blasts.append(messenger.send(account.id, Draft(body="Hi", to=phones)))
        deliver(messenger)
        real.instant += timedelta(milliseconds=1)
    ids = [one.id for blast in blasts for one in messenger.messages(blast.id)]
    provider.answers = [ended(id, Status.DELIVERED) for id in ids]
    real.instant += SOONEST
    for _ in range(4):
        messenger.poll_receipts()
    assert [len(asked) for asked in provider.asked] == [2, 2, 2]
    assert {one.id for asked in provider.asked[:2] for one in asked} >= set(ids[:3])
    assert [messenger.blast(blast.id).counts for blast in blasts] == [{Status.DELIVERED: 3}] * 2
    assert messenger.due() == (False, False)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.alone("the last question is asked only where nothing is being sent")
def test_what_is_asked_about_is_found_without_reading_what_is_kept(
    store: Store, messenger: Messenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[str, Sequence[object]]] = []
    execute: Any = store.database._connections.execute_sql

    def noting(statement: str, parameters: Sequence[object] = ()) -> Cursor:
        ran.append((statement, parameters))
        cursor: Cursor = execute(statement, parameters)
        return cursor

    monkeypatch.setattr(store.database._connections, "execute_sql", noting)
    messenger._receipts.awaited(10)
    messenger._outbox.unknown(10)
    messenger.due()
    monkeypatch.undo()
    steps = [
        row[3].replace(" t1 ", " message ")
        for statement, parameters in ran
        for row in execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]
    assert [step for step in steps if "message" in step] == [
        "SEARCH message USING INDEX message_status_receipt_at (status=? AND receipt_at<?)",
        "SEARCH message USING INDEX message_settle_at (settle_at<?)",
        "SEARCH message USING INDEX message_status_lookup_at (status=? AND lookup_at<?)",
        "SEARCH message USING COVERING INDEX message_status_blast_id (status=?)",
        "SEARCH message USING COVERING INDEX message_status_blast_id (status=?)",
        "SEARCH message USING COVERING INDEX message_status_receipt_at (status=? AND receipt_at>?)",
    ]
    assert not any("TEMP B-TREE" in step for step in steps)


def test_a_receipt_that_another_process_kept_first_stands(
    messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    [message] = messenger.messages(blast.id)
    later = [ended(message.id, Status.UNDELIVERED, "blocked")]

    class Interrupted(list[Receipt]):
        def __iter__(self) -> Iterator[Receipt]:
            provider.answers = [ended(message.id, Status.DELIVERED)]
            messenger.poll_receipts()
            return iter(later)

    provider.answers = Interrupted()
    real.instant += SOONEST
    messenger.poll_receipts()
    assert statuses(messenger, blast) == [Status.DELIVERED]


@pytest.mark.alone("whether anything at all is under way")
def test_what_is_due_is_told(
    messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    assert messenger.due() == (False, False)
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    assert messenger.due() == (True, False)
    deliver(messenger)
    assert messenger.due() == (False, True)
    provider.answers = [ended(messenger.messages(blast.id)[0].id, Status.DELIVERED)]
    real.instant += SOONEST
    messenger.poll_receipts()
    assert messenger.due() == (False, False)
