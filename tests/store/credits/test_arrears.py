"""Renewals that nobody paid: their credits come when they are paid, not before."""

from __future__ import annotations

import pytest

from store.credits.model import OrderState
from store.errors import RefusedByRule
from tests.store.credits.books import Books
from tests.store.credits.examples import act

DECLINES, PAYS = "4000000000000002", "4242424242424242"


def declining(books: Books) -> Books:
    books.gateway.use(DECLINES)
    return books


def pay(books: Books) -> None:
    books.gateway.use(PAYS)
    assert books.ledger.collect(books.account, again=True) == []


def owed(books: Books) -> tuple[int, str | None]:
    account = books.ledger.balance(books.account).account
    return account.owed, str(account.owed_since) if account.owed_since else None


def states(books: Books) -> list[str]:
    return [f"{one.on} {one.state} {one.cents}" for one in books.ledger.orders(books.account)[::-1]]


def asked(books: Books) -> list[str]:
    """How the card answered, since the beginning."""
    return [code for (code,) in books.rows("SELECT code FROM test_charge ORDER BY id")]


def test_a_declined_renewal_brings_its_credits_when_it_is_paid(books: Books) -> None:
    """Example 34."""
    books.at("2026-01-10").join("300")
    assert books.orders() == [710]
    declining(books).at("2026-03-05")
    assert books.available() == 300
    assert owed(books) == (1_000, "2026-02-01")
    assert states(books) == [
        "2026-01-10 paid 710",
        "2026-02-01 skipped 1000",
        "2026-03-01 unpaid 1000",
    ]
    books.at("2026-03-06")
    pay(books)
    assert books.available() == 600
    assert owed(books) == (0, None)
    assert [str(lot.expires_on) for lot in books.ledger.lots(books.account)] == ["2027-01-10", "2027-03-06"]
    assert states(books)[-1] == "2026-03-01 paid 1000"
    assert books.ledger.verify().problems == ()
    books.at("2026-04-01")
    assert books.available() == 900


def test_the_card_is_tried_again_after_one_three_five_and_seven_days(books: Books) -> None:
    declining(books.at("2026-01-10").join("300"))
    tried = []
    for day in range(1, 29):
        books.at(f"2026-02-{day:02}").available()
        tried.append(len(asked(books)) - 1)
    assert [day for day in range(1, 29) if tried[day - 1] > (tried[day - 2] if day > 1 else 0)] == [
        1,
        2,
        4,
        6,
        8,
    ]
    books.at("2026-04-20").available()
    assert len(asked(books)) == 1 + 5, "then only when somebody says so"


def test_a_retry_that_pays_brings_the_credits_on_its_day(books: Books) -> None:
    declining(books.at("2026-01-10").join("300")).at("2026-02-02").available()
    books.gateway.use(PAYS)
    books.at("2026-02-20")
    assert books.available() == 600
    assert [str(lot.granted_on) for lot in books.ledger.lots(books.account)] == ["2026-01-10", "2026-02-04"]
    assert owed(books) == (0, None)


def test_paying_that_is_declined_again_changes_nothing(books: Books) -> None:
    declining(books.at("2026-01-10").join("300")).at("2026-03-05").available()
    (order,) = books.ledger.collect(books.account, again=True)
    assert (order.cents, order.state) == (1_000, OrderState.UNPAID)
    assert books.available() == 300


def test_what_costs_waits_until_the_renewal_is_paid(books: Books) -> None:
    declining(books.at("2026-01-10").join("200", "community-texts")).at("2026-03-11").available()
    books.gateway.use(PAYS)
    for order in ("buy 100", "order 400"):
        with pytest.raises(RefusedByRule) as caught:
            act(books, order)
        assert caught.value.code == "unpaid-order"
    pay(books)
    books.buy(100)
    assert books.available() == 400 + 400 + 100


def test_credits_above_the_cap_are_forfeited_when_the_renewal_is_paid(books: Books) -> None:
    books.at("2026-01-10").join("200", "community-texts").at("2026-03-11").available()
    declining(books).at("2026-04-11")
    assert books.available() == 1_200
    assert books.lines() == ["+400 granted", "+400 granted", "+400 granted"]
    pay(books)
    assert books.lines() == ["+400 granted", "-400 forfeited"]


def test_an_unpaid_year_begins_with_the_month_that_is_paid(books: Books) -> None:
    books.at("2025-01-31").join("200", "community-texts", "yearly")
    declining(books).at("2026-03-05").available()
    assert owed(books) == (20_000, "2026-01-31")
    pay(books)
    account = books.ledger.account(books.account)
    assert (str(account.billed_from), str(account.billed_until)) == ("2026-02-28", "2027-02-28")
    books.at("2026-04-01")
    assert owed(books) == (0, None)


def test_an_email_plan_that_isnt_paid_is_the_free_one(books: Books) -> None:
    books.at("2026-04-01").join("10000", "agent-email")
    declining(books).at("2026-05-02")
    assert books.available() == 5_000
    books.use(2_000)
    books.at("2026-05-10")
    assert books.available() == 3_000
    pay(books)
    assert books.available() == 8_000
    books.at("2026-06-01")
    assert books.available() == 10_000


def test_going_free_ends_what_is_owed_and_keeps_the_free_limit(books: Books) -> None:
    books.at("2026-04-01").join("10000", "agent-email")
    declining(books).at("2026-05-02").use(2_000)
    books.cancel()
    assert books.available() == 3_000
    assert owed(books) == (0, None)
    books.at("2026-06-01")
    assert books.available() == 5_000
    assert books.ledger.owing(books.account) == []


def test_a_smaller_plan_is_what_is_owed_from_then_on(books: Books) -> None:
    books.at("2026-01-10").join("1000")
    declining(books).at("2026-02-10").available()
    assert owed(books) == (3_000, "2026-02-01")
    books.order("300")
    assert owed(books) == (1_000, "2026-02-01")
    assert books.available() == 1_000
    pay(books)
    assert books.available() == 1_300
    assert [cents for (cents,) in books.rows("SELECT cents FROM test_charge WHERE code = ''")] == [
        2_129,
        1_000,
    ]
    assert books.ledger.verify().problems == ()


def test_a_plan_that_was_cancelled_is_owed_until_it_ends_and_not_charged_by_itself(books: Books) -> None:
    declining(books.at("2026-01-10").join("300")).at("2026-02-02T12:00").available()
    books.cancel()
    books.gateway.use(PAYS)
    books.at("2026-02-20")
    assert (books.available(), owed(books)) == (300, (1_000, "2026-02-01"))
    books.at("2026-03-01")
    assert (books.available(), owed(books)) == (0, (0, None))
    assert books.ledger.owing(books.account) == []


def test_one_is_told_of_it_on_every_channel_until_it_is_paid(books: Books) -> None:
    declining(books.at("2026-01-10").join("300")).at("2026-02-02").available()
    (notice,) = books.ledger.notices(books.account)
    assert (notice.threshold, notice.cause, notice.kind) == (0, "unpaid", "fired")
    assert (notice.channels, notice.given) == (("email", "screen"), ())
    pay(books)
    (notice,) = books.ledger.notices(books.account)
    assert notice.given == notice.channels


def test_nobody_is_told_of_a_period_that_is_over(books: Books) -> None:
    declining(books.at("2026-01-10").join("300")).at("2026-04-05").available()
    (notice,) = books.ledger.notices(books.account)
    assert str(notice.at.date()) == "2026-04-01"
