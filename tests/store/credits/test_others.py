"""What one account does is nothing to another, nor counted for it."""

from __future__ import annotations

import pytest

from store.errors import PaymentDeclined
from tests.store.credits.books import Books

DECLINES, PAYS = "4000000000000002", "4242424242424242"


@pytest.fixture
def both(books: Books) -> tuple[Books, int, int]:
    """Two of a community's accounts on the plan of 200 (400 credits), opened on one day; the second is at
    hand."""
    first = books.at("2026-04-10").join("200", "community-texts").account
    return books, first, books.join("200", "community-texts").account


def test_what_one_account_buys_leaves_the_others_room_for_the_month(both: tuple[Books, int, int]) -> None:
    books, first, second = both
    books.buy(700)
    rooms = [books.ledger.purchase_room(account) for account in (first, second)]
    assert [room and room.left for room in rooms] == [2_000, 1_300]


def test_what_one_account_uses_is_no_use_of_the_other(both: tuple[Books, int, int]) -> None:
    books, first, second = both
    books.use(390)
    today = books.ledger.today(first)
    assert [books.ledger.daily_use(account, today, today)[today] for account in (first, second)] == [0, 390]
    assert books.ledger.notices(first) == books.ledger.notices_to_show(first) == []
    assert books.ledger.reached(first) == frozenset()
    assert [notice.threshold for notice in books.ledger.notices_to_show(second)] == [95]
    books.at("2026-05-10")
    used = [{offer.used for offer in books.ledger.plan_offers(account)} for account in (first, second)]
    assert used == [{0}, {390}]


def test_credits_of_another_that_expire_are_no_boundary(books: Books) -> None:
    first = books.at("2026-02-10").join().account
    books.at("2026-04-16").join()
    books.at("2027-04-15").ledger.catch_up(first)
    assert books.at("2027-04-17").ledger.catch_up(first).boundaries == 0


def test_a_cancelled_plans_end_ends_no_credits_of_another(books: Books) -> None:
    first = books.at("2026-04-16").join().account
    books.join()
    books.cancel()
    for account in (books.account, first):
        books.at("2026-05-02").ledger.catch_up(account)
    assert [books.ledger.balance(account).available for account in (first, books.account)] == [600, 0]


def test_a_renewal_that_is_declined_is_owed_by_one_account(both: tuple[Books, int, int]) -> None:
    books, first, second = both
    books.gateway.use(DECLINES)
    books.at("2026-05-11")
    for account in (first, second):
        books.ledger.catch_up(account)
    books.gateway.use(PAYS)
    assert books.ledger.collect(second, again=True) == []
    assert [order.number for order in books.ledger.owing(first)] == [2]


def test_an_opening_that_is_declined_takes_nothing_from_others(both: tuple[Books, int, int]) -> None:
    books, *_ = both
    books.ledger.once(books.account, "key", "request", lambda: 1)
    before = books.everything()
    books.gateway.use(DECLINES)
    with pytest.raises(PaymentDeclined):
        books.join()
    assert books.everything() == before


def test_a_key_is_each_accounts_own(both: tuple[Books, int, int]) -> None:
    books, first, second = both
    done: list[None] = []
    for account in (first, second, first):
        books.ledger.once(account, "key", "request", lambda: done.append(None))
    assert len(done) == 2
