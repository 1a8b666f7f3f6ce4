"""Whatever becomes of one text, those of another blast stay as they are: one in every status, all taken by
the same worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.messages.backoff import SOONEST
from store.messages.messenger import Messenger
from store.messages.model import Draft, Status
from store.messages.providers import Accepted, NoAnswer, Outcome, Outgoing, Refused, Throttled
from tests.store.bystander import NEVER
from tests.store.messages.scripted import Scripted, ended
from tests.store.messages.working import ZOE, deliver

NEIGHBOURS = (
    "status = 'queued', claim = NULL",
    f"status = 'sending', claimed_at = {NEVER}",
    f"status = 'sent', claimed_at = 1, provider_id = '', sent_at = 1, receipt_at = {NEVER}",
    "status = 'sent', claimed_at = 1, provider_id = 'P', sent_at = 1",
    "status = 'delivered', claimed_at = 1, provider_id = 'Q', sent_at = 1",
    "status = 'undelivered', claimed_at = 1, provider_id = 'R', sent_at = 1",
    "status = 'failed', claimed_at = 1, reason = 'refused'",
    f"status = 'unknown', claimed_at = 1, reason = 'no-answer', lookup_at = {NEVER}",
    "status = 'cancelled', claim = NULL",
)


class Street:
    """A blast to Zoe, whose text is the one that something happens to, and one to the neighbours."""

    def __init__(self, store: Store, messenger: Messenger, account: Account) -> None:
        self.database = store.database
        self.messenger = messenger
        self.blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,))).id
        phones = tuple(f"+1415555{number:04}" for number in range(100, 100 + len(NEIGHBOURS)))
        self.others = messenger.send(account.id, Draft(body="Hi", to=phones)).id
        (self.text,) = (message.id for message in messenger.messages(self.blast))
        self.before: list[Any] = []

    def move_in(self) -> None:
        """The neighbours are now where they are."""
        with self.database.transaction():
            for message, columns in zip(self.messenger.messages(self.others), NEIGHBOURS, strict=True):
                self.database.execute(
                    "UPDATE message SET claim = (SELECT claim FROM message WHERE id = ?) WHERE id = ?",
                    (self.text, message.id),
                )
                self.database.execute(f"UPDATE message SET {columns} WHERE id = ?", (message.id,))
        self.before = self.rows()

    def rows(self) -> list[Any]:
        """All that the neighbours have: texts, blast, what is held for them."""
        return [
            self.database.execute(f"SELECT * FROM {which} ORDER BY 1, 2", (self.others,)).fetchall()
            for which in (
                "message WHERE blast_id = ?",
                "blast WHERE id = ?",
                "allocation WHERE hold_id = (SELECT hold_id FROM blast WHERE id = ?)",
            )
        ]

    def change(self, columns: str) -> None:
        with self.database.transaction():
            self.database.execute(f"UPDATE message SET {columns} WHERE id = ?", (self.text,))

    def assert_only_the_one_became(self, status: Status) -> None:
        assert [message.status for message in self.messenger.messages(self.blast)] == [status]
        assert self.before
        assert self.rows() == self.before


@pytest.fixture
def street(store: Store, messenger: Messenger, account: Account) -> Street:
    return Street(store, messenger, account)


SAID_LEFT = "status = 'sent', provider_id = ''"
SAID_NOT_LEFT = "status = 'failed', reason = 'not-left'"
TAKEN_FOR_LOST = "status = 'unknown', reason = 'interrupted', lookup_at = 0"


def hand_over(street: Street, provider: Scripted, outcome: Outcome, meanwhile: str = "") -> None:
    """The worker hands the one text over, and stops. meanwhile: what becomes of it before the outcome is
    known."""
    stop = Event()

    def answer(outgoing: Outgoing) -> Outcome:
        stop.set()
        street.move_in()
        if meanwhile:
            street.change(meanwhile)
        return outcome

    provider.script = answer
    deliver(street.messenger, stop)


@pytest.mark.parametrize(
    ("outcome", "meanwhile", "status"),
    [
        (Accepted("P1"), "", Status.SENT),
        (Accepted("P1"), TAKEN_FOR_LOST, Status.SENT),
        (Accepted("P1"), SAID_LEFT, Status.SENT),
        (Accepted("P1"), SAID_NOT_LEFT, Status.FAILED),
        (Refused("blocked"), "", Status.FAILED),
        (Refused("blocked"), TAKEN_FOR_LOST, Status.FAILED),
        (Refused("blocked"), SAID_LEFT, Status.SENT),
        (Throttled(0), "", Status.QUEUED),
        (Throttled(0), TAKEN_FOR_LOST, Status.FAILED),
        (Throttled(0), SAID_LEFT, Status.SENT),
        (NoAnswer(), "", Status.UNKNOWN),
        (NoAnswer(), SAID_LEFT, Status.SENT),
    ],
)
def test_an_outcome_is_of_one_text(
    street: Street, provider: Scripted, outcome: Outcome, meanwhile: str, status: Status
) -> None:
    hand_over(street, provider, outcome, meanwhile)
    street.assert_only_the_one_became(status)


def test_a_text_that_the_provider_lists_is_the_one_that_was_sent(street: Street, provider: Scripted) -> None:
    provider.listed = {ZOE}
    hand_over(street, provider, NoAnswer())
    street.assert_only_the_one_became(Status.SENT)


def test_a_text_that_comes_back_after_its_blast_was_cancelled_is_cancelled_alone(
    street: Street, provider: Scripted
) -> None:
    stop = Event()

    def answer(outgoing: Outgoing) -> Outcome:
        stop.set()
        street.move_in()
        street.messenger.cancel(street.blast)
        return Throttled(0)

    provider.script = answer
    deliver(street.messenger, stop)
    street.assert_only_the_one_became(Status.CANCELLED)


def known(street: Street, *, left: bool) -> None:
    street.change(TAKEN_FOR_LOST)
    street.messenger.resolve_unknown(street.text, left=left)


def stopped(street: Street) -> None:
    """A worker comes, and sends nothing."""
    stop = Event()
    stop.set()
    deliver(street.messenger, stop)


def interrupted(street: Street) -> None:
    street.change("status = 'sending', claim = 'a dead worker', claimed_at = 0")
    stopped(street)


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (lambda street: street.messenger.cancel(street.blast), Status.CANCELLED),
        (lambda street: known(street, left=True), Status.SENT),
        (lambda street: known(street, left=False), Status.FAILED),
        (stopped, Status.QUEUED),
        (interrupted, Status.UNKNOWN),
    ],
    ids=["cancelled", "left", "not left", "nothing", "interrupted"],
)
def test_what_people_and_time_do_is_to_one_text(
    street: Street, act: Callable[[Street], object], status: Status
) -> None:
    street.move_in()
    act(street)
    street.assert_only_the_one_became(status)


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.UNDELIVERED, None])
def test_a_receipt_is_of_one_text(
    street: Street, provider: Scripted, real: FixedClock, status: Status | None
) -> None:
    hand_over(street, provider, Accepted("P1"))
    provider.answers = [ended(street.text, status)] if status else []
    real.instant += SOONEST + timedelta(seconds=1)
    street.messenger.poll_receipts()
    assert [one.id for asked in provider.asked for one in asked] == [street.text]
    street.assert_only_the_one_became(status or Status.SENT)
