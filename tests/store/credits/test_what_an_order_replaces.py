"""A quote says which change it withdraws that was to come at a renewal."""

from __future__ import annotations

import pytest

from store.credits.model import Quote
from store.sentences import Money
from tests.store.credits.books import Books


@pytest.fixture
def community(books: Books) -> Books:
    return books.at("2026-04-10").join("200", product="community-texts")


def replaced(quote: Quote) -> list[str]:
    return [str(line) for line in quote.explanation if "This withdraws" in str(line)]


def to_400(books: Books, billing: str | None = None) -> Quote:
    return books.ledger.quote_plan(books.account, "400", billing=billing)


def test_where_nothing_is_pending_nothing_is_withdrawn(community: Books) -> None:
    assert replaced(to_400(community)) == []


def test_a_smaller_plan_that_was_to_come_is_named(community: Books) -> None:
    community.order("50")
    assert replaced(to_400(community)) == ["This withdraws the pending change to 50."]


def test_a_cancellation_is_called_that(community: Books) -> None:
    community.cancel()
    assert replaced(to_400(community)) == ["This withdraws the cancellation."]


def test_a_change_of_billing_is_called_that_unless_it_stays(community: Books) -> None:
    community.order("200", billing="yearly")
    assert replaced(to_400(community)) == ["This withdraws the pending billing change."]
    assert replaced(to_400(community, billing="yearly")) == []
    assert community.order("400", billing="yearly").billing == "yearly"
    assert community.ledger.account(community.account).pending_billing == "yearly"


def test_other_billing_is_quoted_for_the_plan_that_is_to_come(community: Books) -> None:
    community.order("50")
    quote = community.ledger.quote_plan(community.account, "200", billing="yearly")
    told = [line.values for line in quote.explanation]
    assert told[2]["price"] == told[3]["price"] == Money(10_000)
    assert str(told[2]["credits"]) == "100 credits"


def test_other_billing_promises_nothing_after_a_cancellation(community: Books) -> None:
    community.cancel()
    quote = community.ledger.quote_plan(community.account, "200", billing="yearly")
    told = [str(line) for line in quote.explanation]
    assert told[2] == "The plan ends on 2026-05-10. After that, nothing is charged and no credits are added."
    assert not any("billed yearly" in line for line in told)
