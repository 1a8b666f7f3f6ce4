"""A community's text costs when it is delivered: held until its receipt, given back where it failed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account, Kind
from store.messages.backoff import SOONEST
from store.messages.messenger import Messenger
from store.messages.model import BlastSummary, Draft, Status
from store.messages.providers import NoAnswer, Receipt, Refused
from store.messages.providers.simulated import Simulated
from store.messages.senders import only
from tests.store.messages.conftest import NOON
from tests.store.messages.scripted import Scripted, ended
from tests.store.messages.working import ANN, ZOE, deliver, numbers, outcomes, statuses

BOB = "+14155552673"
NO_RECEIPT, UNREACHED = "+14155550014", "+14155550003"


@pytest.fixture
def account(store: Store) -> Account:
    return store.credits.open_account("community-texts", "200", "America/New_York")


def receipts(messenger: Messenger, blast: BlastSummary, *ends: Status | None) -> list[Receipt]:
    """A receipt for each message of a blast, but where it has none."""
    messages = messenger.messages(blast.id)
    return [
        ended(one.id, end, "" if end is Status.DELIVERED else "blocked")
        for one, end in zip(messages, ends, strict=True)
        if end
    ]


def lines(store: Store, account: Account) -> list[tuple[Kind, int]]:
    history = store.credits.history(account.id)[::-1]
    return [(entry.kind, entry.delta) for entry in history if entry.kind is not Kind.GRANTED]


def test_what_arrived_is_charged_and_what_did_not_comes_back_as_one_line(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    provider.script = outcomes(_3=Refused("no-such-number"))
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN, BOB, UNREACHED[:-1] + "5")))
    deliver(messenger)
    assert numbers(store, account) == (397, 3, 0)
    provider.answers = receipts(messenger, blast, Status.DELIVERED, Status.UNDELIVERED, None, None)
    provider.answers += provider.answers[:1]  # told twice, charged once
    real.instant += SOONEST
    messenger.poll_receipts()
    assert numbers(store, account) == (398, 1, 1)
    provider.answers = receipts(messenger, blast, None, None, None, Status.UNDELIVERED)
    real.instant += 2 * SOONEST
    messenger.poll_receipts()
    assert numbers(store, account) == (399, 0, 1)
    assert lines(store, account) == [(Kind.USED, -4), (Kind.RELEASED, 3)]


def test_without_a_receipt_for_three_days_it_counts_as_delivered(
    store: Store, messenger: Messenger, account: Account, real: FixedClock
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    sent_at = real.instant
    while real.instant < sent_at + timedelta(hours=71):
        real.instant += timedelta(hours=1)
        messenger.poll_receipts()
    real.instant = sent_at + timedelta(hours=72) - SOONEST
    messenger.poll_receipts()
    assert numbers(store, account) == (399, 1, 0)
    real.instant = sent_at + timedelta(hours=72)
    messenger.poll_receipts()
    assert numbers(store, account) == (399, 0, 1)
    [message] = messenger.messages(blast.id)
    assert (message.status, str(message.reason)) == (
        Status.DELIVERED,
        "No receipt arrived within three days, so this text counts as delivered.",
    )


def test_a_receipt_that_waited_while_nobody_asked_counts_after_three_days_too(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    provider.answers = receipts(messenger, blast, Status.UNDELIVERED)
    real.instant += timedelta(days=9)
    messenger.poll_receipts()
    assert numbers(store, account) == (400, 0, 0)


@pytest.mark.parametrize("left", [True, False])
def test_what_nobody_knows_stays_held_until_a_person_decides(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock, left: bool
) -> None:
    provider.script = outcomes(_1=NoAnswer())
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    for _ in range(30):
        real.instant += timedelta(days=1)
        deliver(messenger)
        messenger.poll_receipts()
    assert (statuses(messenger, blast), numbers(store, account)) == ([Status.UNKNOWN], (399, 1, 0))
    messenger.resolve_unknown(messenger.messages(blast.id)[0].id, left=left)
    assert numbers(store, account) == ((399, 1, 0) if left else (400, 0, 0))
    real.instant += timedelta(days=3)
    messenger.poll_receipts()
    assert numbers(store, account) == ((399, 0, 1) if left else (400, 0, 0))


def test_what_a_look_up_finds_waits_for_its_receipt(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    provider.script = outcomes(_1=NoAnswer())
    provider.listed = {ZOE}
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    assert (statuses(messenger, blast), numbers(store, account)) == ([Status.SENT], (399, 1, 0))
    provider.answers = receipts(messenger, blast, Status.UNDELIVERED)
    real.instant += SOONEST
    messenger.poll_receipts()
    assert numbers(store, account) == (400, 0, 0)


def test_what_was_sent_by_an_older_textmeter_is_paid_for_and_its_receipt_changes_nothing(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    with store.database.transaction():
        store.database.execute("UPDATE blast SET charged_on = 'accepted' WHERE id = ?", (blast.id,))
    deliver(messenger)
    assert numbers(store, account) == (399, 0, 1)
    provider.answers = receipts(messenger, blast, Status.UNDELIVERED)
    real.instant += SOONEST
    messenger.poll_receipts()
    assert (statuses(messenger, blast), numbers(store, account)) == ([Status.UNDELIVERED], (399, 0, 1))


def test_a_demo_clock_that_is_set_ahead_brings_the_receipts_of_its_account(
    store: Store, real: FixedClock
) -> None:
    """Example 32, with a clock that is moved; nobody waits."""
    account = store.credits.open_account("community-texts", "200", "UTC", demo_clock=True)
    messenger = Messenger(
        store.database,
        store.clock,
        store.credits,
        store.people,
        store.consent,
        only(store.database, Simulated(), real),
        real=real,
    )
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, UNREACHED, NO_RECEIPT)))
    deliver(messenger)

    def at(instant: datetime) -> list[Status]:
        store.clock.instant = instant  # type: ignore[attr-defined]
        messenger.catch_up()
        return statuses(messenger, blast)

    assert at(NOON) == [Status.SENT] * 3
    assert at(NOON + timedelta(minutes=1)) == [Status.DELIVERED, Status.UNDELIVERED, Status.SENT]
    assert numbers(store, account) == (398, 1, 1)
    assert at(NOON + timedelta(hours=71, minutes=59))[2] is Status.SENT
    assert at(NOON + timedelta(hours=72))[2] is Status.DELIVERED
    assert numbers(store, account) == (398, 0, 2)


def test_the_real_time_brings_them_too_where_a_demo_clock_stands(store: Store, real: FixedClock) -> None:
    account = store.credits.open_account("community-texts", "200", "UTC", demo_clock=True)
    messenger = Messenger(
        store.database,
        store.clock,
        store.credits,
        store.people,
        store.consent,
        only(store.database, Simulated(), real),
        real=real,
    )
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    real.instant += timedelta(minutes=1)
    messenger.poll_receipts()
    assert statuses(messenger, blast) == [Status.DELIVERED]
