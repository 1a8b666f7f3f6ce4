"""What is said before anything is ordered: plans side by side, and how a price and credits come about."""

from __future__ import annotations

from store.credits.model import Quote
from store.sentences import Money
from tests.store.credits.books import Books


def said(quote: Quote) -> list[tuple[str, dict[str, object]]]:
    """The lines about the money and the credits of today: the words and what stands in them."""
    return [
        (line.template, {name: plain(value) for name, value in line.values.items()})
        for line in quote.explanation[:2]
    ]


def plain(value: object) -> object:
    return value if isinstance(value, int | Money) else str(value)


def test_a_subscription_says_what_of_the_trial_ends_if_anything_does(books: Books) -> None:
    books.at("2026-04-03").join("trial", "community-texts").use(4)
    month = ("Today: {charge} for {days} days.", {"charge": Money(2_000), "days": 30})
    plan = {"credits": "400 credits"}
    assert said(books.ledger.quote_plan(books.account, "200")) == [
        month,
        ("Credits now: {credits} from the plan. Your trial's {ended} expire.", plan | {"ended": "6 credits"}),
    ]
    books.use(6)
    assert said(books.ledger.quote_plan(books.account, "200")) == [
        month,
        ("Credits now: {credits} from the plan.", plan),
    ]


def test_a_price_is_that_of_the_days_left_unless_all_are(books: Books) -> None:
    books.at("2026-04-03").join("300").cancel()
    assert said(books.at("2026-06-16").ledger.quote_plan(books.account, "300"))[0] == (
        "Today: {charge}, which is {new} for {left} of {days} days including today.",
        {"charge": Money(500), "new": Money(1_000), "left": 15, "days": 30},
    )
    assert said(books.at("2026-07-01").ledger.quote_plan(books.account, "300"))[0] == (
        "Today: {charge} for {days} days.",
        {"charge": Money(1_000), "days": 31},
    )
