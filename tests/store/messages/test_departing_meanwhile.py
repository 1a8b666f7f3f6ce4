"""A person cancels or moves a scheduled text while a worker sees it off: one of them wins, credits agree."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.errors import RefusedByRule
from store.messages.messenger import Messenger
from store.messages.model import Draft, Purpose, Status, When
from tests.store.meanwhile import meanwhile
from tests.store.messages.conftest import NOON

PEOPLE = tuple(f"+1415555{at:04}" for at in range(100, 105))
DUE = NOON + timedelta(days=1)


def cancel(messenger: Messenger) -> None:
    messenger.cancel_scheduled(1)


def cancel_its_blast(messenger: Messenger) -> None:
    messenger.cancel(1)


def move(messenger: Messenger) -> None:
    messenger.move_scheduled(1, DUE + timedelta(days=1))


def move_to_now(messenger: Messenger) -> None:
    messenger.move_scheduled(1, DUE)


@pytest.mark.parametrize("first", ["worker", "person", "other worker"])
@pytest.mark.parametrize("change", [cancel, cancel_its_blast, move, move_to_now])
def test_one_of_both_wins_and_credits_agree(
    store: Store,
    account: Account,
    messenger: Messenger,
    change: Callable[[Messenger], None],
    first: str,
) -> None:
    messenger.send(account.id, Draft(body="Hi", to=PEOPLE, purpose=Purpose.NOTICE), when=When(DUE))
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = DUE

    def person() -> None:
        with suppress(RefusedByRule):
            change(messenger)

    def worker() -> None:
        messenger.leave_due(account.id)

    match first:
        case "worker":
            meanwhile(store.database, worker, person)
        case "person":
            meanwhile(store.database, person, worker)
        case _:
            meanwhile(store.database, worker, worker)
            person()
    assert store.credits.verify().problems == ()
    blast, balance = messenger.blast(1), store.credits.balance(account.id)
    waits = [one.next_at for one in messenger.scheduled(account.id)]
    if first == "person" and change is not move_to_now:  # nothing left
        assert (blast.counts, blast.cancelled) == ({}, change is not move)
        assert waits == ([DUE + timedelta(days=1)] if change is move else [])
        assert balance.available == (295 if change is move else 300)
    elif change is cancel_its_blast:  # it left, and is taken back before it is handed over
        assert (blast.counts, waits, balance.available) == ({Status.CANCELLED: 5}, [], 300)
    else:
        assert (blast.counts, waits, balance.available) == ({Status.QUEUED: 5}, [], 295)
    assert balance.held == 300 - balance.available
