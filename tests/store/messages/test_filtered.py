"""A filter is an audience: whom it finds is counted, held and sent, and nobody by mistake."""

from __future__ import annotations

import json

import pytest

from store import Store
from store.credits.model import Account
from store.errors import RefusedByRule, WrongUsage
from store.messages.messenger import Messenger
from store.messages.model import Draft
from store.people.model import Details
from tests.store.working import ANN, BOB

CY = "+14155550103"


@pytest.fixture(autouse=True)
def people(store: Store) -> None:
    """Ann and Bob are Buyers; Ann and Cy live in units 4A and 4B; Di has no number."""
    for name, phone, groups, unit in (
        ("Ann", ANN, ("Buyers",), "4A"),
        ("Bob", BOB, ("Buyers",), "12"),
        ("Cy", CY, (), "4B"),
        ("Di", "", ("Buyers",), "4C"),
    ):
        store.people.add(
            first_name=name,
            phone=phone,
            email="" if phone else "di@example.com",
            groups=groups,
            region="US",
            details=Details(fields=(("unit", unit),)),
        )


def sent_to(messenger: Messenger, account: Account, draft: Draft) -> list[str]:
    """The numbers of those whom a draft goes to, after it was counted and sent."""
    counted = messenger.estimate(account.id, draft)
    blast = messenger.send(account.id, draft, agreed=counted)
    phones = [one.to for one in messenger.messages(blast.id)]
    assert (counted.recipients, counted.credits) == (len(phones), len(phones))
    return phones


def test_a_query_and_a_saved_filter_reach_whom_they_find_once(
    store: Store, messenger: Messenger, account: Account
) -> None:
    store.people.save_filter("Fourth floor", "unit:4*")
    assert sent_to(messenger, account, Draft(body="Hi", filters=("#buyers unit:1*",))) == [BOB]
    assert sent_to(messenger, account, Draft(body="Hi", filters=("=fourth FLOOR",))) == [ANN, CY]
    both = Draft(body="Hi", filters=("=Fourth floor", "#buyers"))
    found = messenger.estimate(account.id, both)
    assert [(one.to, one.code) for one in found.refused] == [("Di", "no-phone")]
    assert found.left_out == ()
    assert sent_to(messenger, account, both) == [ANN, CY, BOB]


def test_a_saved_filter_means_what_it_says_when_the_text_leaves(
    store: Store, messenger: Messenger, account: Account
) -> None:
    store.people.save_filter("Mine", "#buyers")
    draft = messenger.save_draft(Draft(body="Hi", filters=("=Mine",)))
    counted = messenger.estimate(account.id, draft)
    store.people.save_filter("Mine", "unit:4B")
    with pytest.raises(RefusedByRule) as changed:
        messenger.send(account.id, draft, agreed=counted)
    assert changed.value.code == "estimate-changed"
    assert sent_to(messenger, account, draft) == [CY]


def test_whoever_was_texted_of_late_is_left_out_by_the_next_text(
    messenger: Messenger, account: Account
) -> None:
    draft = Draft(body="Hi", filters=("#buyers",), but_filters=("last-text:<7d",))
    assert sent_to(messenger, account, Draft(body="Hi", to=(ANN,))) == [ANN]
    found = messenger.estimate(account.id, draft)
    assert [(one.to, one.code) for one in found.left_out] == [("Ann", "excepted")]
    assert sent_to(messenger, account, draft) == [BOB]


def test_a_filter_of_exceptions_that_finds_nobody_today_takes_nobody_out(
    messenger: Messenger, account: Account
) -> None:
    draft = Draft(body="Hi", filters=("#buyers",), but_filters=("opted-out",))
    assert sent_to(messenger, account, draft) == [ANN, BOB]


def test_an_empty_filter_is_left_out_with_its_reason(messenger: Messenger, account: Account) -> None:
    draft = Draft(body="Hi", to=(ANN,), filters=("unit:99",))
    found = messenger.estimate(account.id, draft)
    assert [(one.to, one.code, str(one.reason)) for one in found.refused] == [
        ("unit:99", "empty-filter", "Nobody matches this filter.")
    ]
    assert found.sendable
    assert sent_to(messenger, account, draft) == [ANN]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("=Gone", "Can't use the filter “=Gone”: There is no saved filter “Gone”."),
        ("#gone", "Can't use the filter “#gone”: There is no group called “gone”."),
        ("", "Can't use the filter “”: The filter is empty. Say who it should find."),
    ],
)
def test_a_filter_that_cant_be_followed_stops_the_text(
    store: Store, messenger: Messenger, account: Account, query: str, says: str
) -> None:
    draft = Draft(body="Hi", to=(ANN,), filters=(query,))
    (problem,) = [one for one in messenger.estimate(account.id, draft).problems if one.blocking]
    assert (problem.code, str(problem.says)) == ("no-such-filter", says)
    with pytest.raises(WrongUsage) as refused:
        messenger.send(account.id, draft)
    assert refused.value.code == "no-such-filter"
    excepted = Draft(body="Hi", to=(ANN,), but_filters=(query,))
    with pytest.raises(WrongUsage) as refused:
        messenger.send(account.id, excepted)
    assert refused.value.code == "no-such-exception"
    assert store.credits.balance(account.id).held == 0


def test_a_draft_keeps_its_filters_and_one_without_is_kept_as_before(
    store: Store, messenger: Messenger
) -> None:
    kept = messenger.save_draft(Draft(body="Hi", filters=("=Mine", "unit:4*"), but_filters=("opted-out",)))
    assert messenger.draft(kept.id) == kept
    assert kept.people != Draft(body="Hi", filters=("=Mine",)).people
    plain = messenger.save_draft(Draft(body="Hi", to=(ANN,)))
    row = store.database.row("SELECT addressed FROM draft WHERE id = ?", (plain.id,))
    assert json.loads(row.addressed) == {"to": [ANN]}


def test_one_key_sends_once_and_means_one_filter(messenger: Messenger, account: Account) -> None:
    draft = Draft(body="Hi", filters=("#buyers",))
    first = messenger.send(account.id, draft, idempotency_key="k")
    assert messenger.send(account.id, draft, idempotency_key="k").id == first.id
    with pytest.raises(RefusedByRule, match="was already used for something else"):
        messenger.send(account.id, Draft(body="Hi", filters=("unit:4*",)), idempotency_key="k")
