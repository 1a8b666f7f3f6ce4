"""Rounds of what happens by itself: renewals, payments and mail."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.catalog import Product
from store.credits.model import Account, Balance, Order, OrderState
from store.emails.model import SmartPlan, Step
from store.errors import DatabaseTrouble
from store.mailroom import About, Posted, Text
from store.maintenance import Round, keep_up, one_round
from store.payments import PaymentUnreachable
from store.sentences import sentence

OPENED = datetime(2026, 4, 16, 12, tzinfo=UTC)
LATER = datetime(2026, 6, 2, 12, tzinfo=UTC)


def write(balance: Balance, product: Product, about: About) -> Text:
    return Text("subject", "body")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two accounts that were opened on 16 April."""
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(OPENED))
    store.credits.open_account("agent-texts", "300", "UTC")
    store.credits.open_account("community-texts", "200", "UTC")
    return store


def move(store: Store, instant: datetime) -> None:
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = instant


def test_all_accounts_are_brought_up_to_the_present(store: Store) -> None:
    assert one_round(store, write, Event()) == Round(0, 0, 0, ())
    move(store, LATER)
    assert one_round(store, write, Event()).boundaries == 2 + 1
    assert one_round(store, write, Event()).boundaries == 0


def test_what_is_declined_is_counted_and_after_its_last_retry_not_asked_for_by_itself(store: Store) -> None:
    store.gateway.use("4000000000000002")
    move(store, LATER)
    assert one_round(store, write, Event()).unpaid == 2
    store.gateway.use("4242424242424242")
    assert one_round(store, write, Event()).unpaid == 2
    assert {order.state for order in store.credits.owing(1)} == {OrderState.UNPAID}


def test_what_is_ten_years_ahead_waits_and_says_so(store: Store) -> None:
    move(store, datetime(2036, 4, 16, 12, tzinfo=UTC))
    found = one_round(store, write, Event())
    assert (found.boundaries, len(found.waiting)) == (0, 2)
    assert "`textmeter renew --yes`" in str(found.waiting[0])
    assert [len(store.credits.orders(account)) for account in (1, 2)] == [1, 1]


def test_what_goes_wrong_with_one_account_keeps_no_other_from_its_renewal(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect = store.credits.collect

    def unreachable(account_id: int) -> list[Order]:
        if account_id == 1:
            raise PaymentUnreachable(sentence("The payment provider doesn't answer."))
        return collect(account_id)

    monkeypatch.setattr(store.credits, "collect", unreachable)
    move(store, LATER)
    found = one_round(store, write, Event())
    assert found.boundaries == 3
    assert [str(says) for says in found.trouble] == ["The payment provider doesn't answer."]


def test_a_payment_provider_that_is_out_of_reach_keeps_no_email_from_leaving(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    says = sentence("The payment provider doesn't answer.")

    def unreachable(account_id: int) -> list[Order]:
        raise PaymentUnreachable(says)

    monkeypatch.setattr(store.credits, "collect", unreachable)
    account = store.credits.open_account("agent-email", "free", "UTC", demo_clock=True)
    hello = SmartPlan("Hello", (Step(0, "Hello", "Hello"),))
    store.smartplans.start(account.id, hello, to=["ann@example.com"])
    assert one_round(store, write, Event()) == Round(0, 0, 1, (says,))


def test_mail_that_cannot_leave_is_trouble_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    says = sentence("The mail server refuses the password.")
    monkeypatch.setattr(store.mail, "post", lambda write, stop: Posted(2, says))
    assert one_round(store, write, Event()) == Round(0, 0, 2, (says,))


def test_a_database_that_is_gone_is_trouble_and_no_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    says = sentence("The disk is gone.")

    def gone() -> list[Account]:
        raise DatabaseTrouble(says)

    monkeypatch.setattr(store.credits, "accounts", gone)
    assert one_round(store, write, Event()).trouble == (says,)


def test_rounds_are_made_until_somebody_says_stop(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.maintenance.SECONDS", 0)
    stop, rounds = Event(), []

    def report(found: Round) -> None:
        rounds.append(found.boundaries)
        move(store, LATER)
        if len(rounds) == 3:
            stop.set()

    keep_up(store, write, report, stop=stop, forever=True)
    assert rounds == [0, 3, 0]


def test_one_round_is_made_where_one_is_asked_for(store: Store) -> None:
    rounds: list[Round] = []
    keep_up(store, write, rounds.append, stop=Event(), forever=False)
    assert len(rounds) == 1
