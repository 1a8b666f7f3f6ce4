"""Texts of a community, whose credits can be bought, and of an account that sends emails."""

from __future__ import annotations

import pytest

from store import Store
from store.credits.model import Account, Use
from store.errors import NotEnoughCredits, RefusedByRule
from store.messages.model import Draft
from tests.store.messages.conftest import NOON

PEOPLE = tuple(f"+1415555{number:04}" for number in range(500))
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def community(store: Store) -> Account:
    return store.credits.open_account("community-texts", "200", "America/New_York")


@pytest.fixture
def emails(store: Store) -> Account:
    return store.credits.open_account("agent-email", "free", "America/New_York")


def test_too_few_credits_hold_nothing_and_say_how_many_to_buy(store: Store, community: Account) -> None:
    draft = store.messages.save_draft(Draft(body="Hello", to=PEOPLE[:450]))
    assert store.messages.estimate(community.id, draft).buy == 100
    with pytest.raises(NotEnoughCredits) as refused:
        store.messages.send(community.id, draft)
    assert refused.value.details == {"needed": 450, "available": 400, "buy": 100}
    assert (store.credits.balance(community.id).held, store.messages.drafts()[0].body) == (0, "Hello")


def test_what_was_bought_is_enough_then_and_is_used_last(store: Store, community: Account) -> None:
    draft = Draft(body="Hello", to=PEOPLE[:450])
    store.credits.place(community.id, store.credits.quote_purchase(community.id, 100), key="a")
    estimate = store.messages.estimate(community.id, draft)
    assert (estimate.sendable, estimate.from_allotted, estimate.from_purchased) == (True, 400, 50)
    store.messages.send(community.id, draft)
    balance = store.credits.balance(community.id)
    assert (balance.allotted, balance.purchased, balance.held) == (0, 50, 450)


def test_what_credits_are_used_for_is_told_apart(
    store: Store, community: Account, tmp_path_factory: pytest.TempPathFactory
) -> None:
    picture = tmp_path_factory.mktemp("pictures") / "house.png"
    picture.write_bytes(PNG)
    for draft in (
        Draft(body="Hello", to=PEOPLE[:2]),
        Draft(body="Look", to=PEOPLE[:1], media=(str(picture),)),
    ):
        store.messages.send(community.id, draft)
    uses = store.database.execute("SELECT use, credits FROM hold WHERE id > 0 ORDER BY id").fetchall()
    assert [tuple(row) for row in uses] == [(Use.SMS, 2), (Use.MMS, 3)]


def test_an_account_that_sends_emails_texts_nobody(store: Store, emails: Account) -> None:
    draft = store.messages.save_draft(Draft(body="Hello", to=PEOPLE[:1]))
    for ask in (store.messages.estimate, store.messages.send):
        with pytest.raises(RefusedByRule) as refused:
            ask(emails.id, draft)
        assert refused.value.code == "no-texts"
    assert store.messages.drafts()[0].body == "Hello"
    assert store.credits.balance(emails.id).available == 5_000
    assert store.clock.now() == NOON
