"""Two processes, or a process and a person, at the same messages at the same time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.errors import NotEnoughCredits, RefusedByRule
from store.messages.backoff import GIVEN_UP_AFTER, SOONEST
from store.messages.messenger import Messenger
from store.messages.model import Draft, Status
from store.messages.outbox import Claimed, Outbox
from store.messages.providers import Sent
from store.messages.receipts import Receipts
from tests.store.meanwhile import meanwhile
from tests.store.messages.scripted import ended

ZOE, ANN, BO = "+14155550101", "+14155550102", "+14155550103"


class Workers:
    """Two workers, a blast to three people, and what becomes of it."""

    def __init__(self, store: Store, account: Account, messenger: Messenger, real: FixedClock) -> None:
        self.store = store
        self.account = account
        self.messenger = messenger
        self.one, self.other = (Outbox(store.database, store.credits, real) for _ in range(2))
        self.receipts = Receipts(store.database, store.credits, real)
        self.blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN, BO))).id

    def meanwhile(self, first: Callable[[], object], second: Callable[[], Any]) -> Any:
        return meanwhile(self.store.database, first, second)

    def claim(self, outbox: Outbox | None = None, blast: int = 0) -> Claimed:
        with self.store.database.transaction():
            [message] = (outbox or self.one).claim(blast or self.blast, 1)
        return message

    def ask(self) -> list[Sent]:
        """What it is time to ask about."""
        return self.receipts.awaited(10).get("", [])

    def statuses(self) -> list[Status]:
        return [message.status for message in self.messenger.messages(self.blast)]

    def numbers(self) -> tuple[int, int, int]:
        """Available, held and used."""
        assert self.store.credits.verify().ok
        balance = self.store.credits.balance(self.account.id)
        return balance.available, balance.held, balance.used


@pytest.fixture
def workers(store: Store, account: Account, messenger: Messenger, real: FixedClock) -> Workers:
    return Workers(store, account, messenger, real)


def test_a_text_that_one_worker_takes_is_passed_over_by_the_other(workers: Workers) -> None:
    taken: list[Claimed] = []
    taken.append(
        workers.meanwhile(lambda: taken.append(workers.claim()), lambda: workers.claim(workers.other))
    )
    assert [message.phone for message in taken] == [ZOE, ANN]


def test_a_text_that_is_taken_while_its_blast_is_cancelled_is_handed_over_and_paid(workers: Workers) -> None:
    taken: list[Claimed] = []
    cancelled = workers.meanwhile(
        lambda: taken.append(workers.claim()), lambda: workers.messenger.cancel(workers.blast)
    )
    assert cancelled == 2
    workers.one.accept(taken[0], "P1")
    assert workers.statuses() == [Status.SENT, Status.CANCELLED, Status.CANCELLED]
    assert workers.numbers() == (299, 0, 1)


def test_a_text_that_comes_back_while_its_blast_is_cancelled_is_cancelled_too(workers: Workers) -> None:
    message = workers.claim()
    workers.meanwhile(lambda: workers.one.put_back(message), lambda: workers.messenger.cancel(workers.blast))
    assert workers.statuses() == [Status.CANCELLED] * 3
    assert workers.numbers() == (300, 0, 0)


def test_a_blast_that_is_cancelled_while_a_text_comes_back_takes_that_along(workers: Workers) -> None:
    message = workers.claim()
    workers.meanwhile(lambda: workers.messenger.cancel(workers.blast), lambda: workers.one.put_back(message))
    assert workers.statuses() == [Status.CANCELLED] * 3
    assert workers.numbers() == (300, 0, 0)


def test_a_blast_cancelled_twice_gives_its_credits_back_once(workers: Workers) -> None:
    def cancel() -> int:
        return workers.messenger.cancel(workers.blast)

    assert workers.meanwhile(cancel, cancel) == 0
    assert workers.numbers() == (300, 0, 0)


def test_receipts_that_two_processes_get_are_charged_once(
    workers: Workers, real: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = replace(workers.store.credits.product(workers.account), charged_on="delivered")
    monkeypatch.setattr(workers.store.credits, "product", lambda account: product)
    for name in ("P1", "P2", "P3"):
        workers.one.accept(workers.claim(), name)
    real.instant += SOONEST
    receipts = [ended(sent.id, Status.DELIVERED) for sent in workers.ask()]
    touched = workers.meanwhile(
        lambda: workers.receipts.end("", receipts), lambda: workers.receipts.end("", receipts)
    )
    assert touched == (set(), set())
    assert workers.numbers() == (297, 0, 3)


def test_a_text_whose_receipt_another_process_keeps_meanwhile_isnt_asked_about_again(
    workers: Workers, real: FixedClock
) -> None:
    workers.one.accept(workers.claim(), "P1")
    real.instant += SOONEST
    asked = workers.ask()
    workers.meanwhile(
        lambda: workers.receipts.end("", [ended(asked[0].id, Status.DELIVERED)]),
        lambda: workers.receipts.asked_about(asked, answered=True),
    )
    real.instant += GIVEN_UP_AFTER
    assert workers.statuses()[0] is Status.DELIVERED
    assert workers.ask() == []


def test_an_unknown_text_of_which_two_people_say_different_things_is_as_the_first_says(
    workers: Workers,
) -> None:
    message = workers.claim()
    workers.one.lose(message)
    with pytest.raises(RefusedByRule, match="no longer unknown"):
        workers.meanwhile(
            lambda: workers.messenger.resolve_unknown(message.id, left=False),
            lambda: workers.messenger.resolve_unknown(message.id, left=True),
        )
    assert workers.statuses() == [Status.FAILED, Status.QUEUED, Status.QUEUED]
    assert workers.numbers() == (298, 2, 0)


def test_of_two_unknown_texts_with_the_same_words_one_is_the_one_that_the_provider_lists(
    workers: Workers, messenger: Messenger
) -> None:
    first = workers.claim()
    workers.one.lose(first)
    again = messenger.send(workers.account.id, Draft(body="Hi", to=(ZOE,))).id
    second = workers.claim(blast=again)
    workers.one.lose(second)
    workers.meanwhile(lambda: workers.one.found(first, "P1"), lambda: workers.other.found(second, "P1"))
    assert workers.statuses()[0] is Status.SENT
    assert [message.status for message in messenger.messages(again)] == [Status.UNKNOWN]


def test_of_two_texts_that_credits_suffice_for_one_of_one_is_sent(
    store: Store, account: Account, messenger: Messenger
) -> None:
    long = Draft(body="a" * 200, to=tuple(f"+1415555{at:04}" for at in range(100, 190)))
    assert messenger.estimate(account.id, long).credits == 180
    with pytest.raises(NotEnoughCredits):
        meanwhile(
            store.database,
            lambda: messenger.send(account.id, long),
            lambda: messenger.send(account.id, long),
        )
    assert len(messenger.blasts(account.id)) == 1
    assert store.credits.verify().ok


def test_a_text_sent_twice_at_once_under_one_key_is_sent_once(
    store: Store, account: Account, messenger: Messenger
) -> None:
    draft = Draft(body="Hi", to=(ZOE,))

    def send() -> int:
        return messenger.send(account.id, draft, idempotency_key="k").id

    sent = meanwhile(store.database, send, send)
    assert [blast.id for blast in messenger.blasts(account.id)] == [sent]
    assert store.credits.balance(account.id).held == 1


def test_a_draft_saved_in_two_places_at_once_is_kept_twice(store: Store, messenger: Messenger) -> None:
    draft = messenger.save_draft(Draft(body="Hi"))
    meanwhile(
        store.database,
        lambda: messenger.save_draft(replace(draft, body="Hi Zoe")),
        lambda: messenger.save_draft(replace(draft, body="Hi Ann")),
    )
    assert sorted(draft.body for draft in messenger.drafts()) == ["Hi Ann", "Hi Zoe"]


def test_a_draft_saved_while_it_is_deleted_elsewhere_is_kept_as_a_new_one(
    store: Store, messenger: Messenger
) -> None:
    draft = messenger.save_draft(Draft(body="Hi"))
    kept = meanwhile(
        store.database,
        lambda: messenger.delete_draft(draft.id),
        lambda: messenger.save_draft(replace(draft, body="Hi Zoe")),
    )
    assert messenger.drafts() == [kept]
