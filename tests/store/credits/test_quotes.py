"""What a quote says before anything is ordered: all that one would regret not to have known."""

from __future__ import annotations

from datetime import date

import pytest

from store.credits.model import Quote, Renewal
from store.errors import RefusedByRule
from store.sentences import Money, Percent, Sentence, Value
from tests.store.credits.books import Books
from tests.store.credits.examples import act


def said(quote: Quote) -> str:
    return "\n".join(map(in_words, quote.explanation))


def in_words(value: Value) -> str:
    match value:
        case Sentence(plural=plural, template=template, values=values):
            several = plural if plural and values["count"] != 1 else template
            return several.format_map({name: in_words(one) for name, one in values.items()})
        case Money(cents=cents):
            return f"${cents / 100:,.2f}"
        case Percent(percent=percent):
            return f"{percent}%"
        case int():
            return f"{value:,}"
    return str(value)


def quoted(books: Books, plan: str, billing: str | None = None) -> Quote:
    return books.ledger.quote_plan(books.account, plan, billing=billing)


def cancelled(books: Books) -> Quote:
    return books.ledger.quote_cancel(books.account)


@pytest.fixture
def yearly(books: Books) -> Books:
    """Tier 200, billed yearly from 31 January 2026; it is 1 February."""
    act(books.at("2026-01-31"), "join community-texts 200 yearly")
    return books.at("2026-02-01")


def test_a_cancellation_waits_for_the_end_of_the_year_that_was_paid(yearly: Books) -> None:
    quote = cancelled(yearly)
    assert quote.effective == date(2027, 1, 31)
    assert quote.next_renewal == Renewal(date(2027, 1, 31), 0, 0)
    assert "no change. You keep them after 2027-01-31" in said(quote)
    assert "you get 400 credits each month" in said(quote)
    assert "You can withdraw this until 2027-01-31." in said(quote)


def test_a_downgrade_says_the_year_and_what_its_cap_forfeits_then(yearly: Books) -> None:
    quote = quoted(yearly, "100")
    assert quote.effective == date(2027, 1, 31)
    assert quote.next_renewal == Renewal(date(2027, 1, 31), 15_000, 200)
    assert "$150.00 for a year, 200 credits a month" in said(quote)
    assert "you get 400 credits each month until 2027-01-31" in said(quote)
    # By then three allotments of 400 are there, and 200 more: 1,400, of which 600 roll over.
    assert "800 credits will be forfeited on 2027-01-31" in said(quote)


def test_a_change_of_billing_waits_too_and_is_told_by_another_quote(yearly: Books) -> None:
    quote = quoted(yearly, "200", "monthly")
    assert (quote.effective, quote.next_renewal) == (
        date(2027, 1, 31),
        Renewal(date(2027, 1, 31), 2_000, 400),
    )
    assert "Billed monthly from 2027-01-31: $20.00." in said(quote)
    yearly.order("200", "monthly")
    assert "This withdraws the pending billing change." in said(cancelled(yearly))


def test_what_is_pending_already_is_refused_with_the_day_on_which_it_comes(yearly: Books) -> None:
    yearly.order("100")
    with pytest.raises(RefusedByRule) as refused:
        quoted(yearly, "100")
    assert "2027-01-31" in in_words(refused.value.says)
    yearly.cancel()
    with pytest.raises(RefusedByRule) as refused:
        cancelled(yearly)
    assert "2027-01-31" in in_words(refused.value.says)


def test_a_year_is_called_a_year(books: Books, yearly: Books) -> None:
    upgrade = said(quoted(yearly, "400"))
    assert "$300.00 minus $200.00 a year, for 364 of 365 days" in upgrade
    assert "The year is paid for until 2027-01-31" in upgrade
    act(books.at("2026-02-01"), "join community-texts trial")
    subscription = said(quoted(books, "50", "yearly"))
    assert "Today: $100.00 for a year." in subscription
    assert "The year is paid for until 2027-02-01" in subscription


def test_an_upgrade_of_a_community_says_which_part_of_the_credits_it_brings(books: Books) -> None:
    act(books.at("2026-04-15"), "join community-texts 200")
    quote = quoted(books.at("2026-04-25"), "400")
    assert (quote.charge_cents, quote.credits_now) == (667, 267)
    assert "267 credits more, which is 400 for 20 of 30 days" in said(quote)


def test_credits_of_one_month_cant_be_had_for_the_price_of_its_last_day(books: Books) -> None:
    act(books.at("2026-01-31"), "join community-texts 200")
    quote = quoted(books.at("2026-02-27"), "800")
    assert (quote.charge_cents, quote.credits_now) == (107, 43)  # 1/28 of $30.00, and of 1,200


@pytest.mark.parametrize(
    ("ready", "plan"),
    [
        (["join agent-texts 3000", "use 2733", "order 300"], "1000"),
        (["join agent-email 25000", "use 22000", "cancel"], "10000"),
    ],
    ids=["texts", "email"],
)
def test_what_brings_nothing_costs_nothing(books: Books, ready: list[str], plan: str) -> None:
    for action in ready:
        act(books.at("2026-08-10"), action)
    quote = quoted(books.at("2026-08-12"), plan)
    assert (quote.charge_cents, quote.credits_now) == (0, 0)
    assert said(quote).startswith("Today: no charge.\nCredits now: none. You already got")


def test_cancelling_says_how_many_credits_lapse_those_that_rolled_over_included(books: Books) -> None:
    act(books.at("2026-01-01"), "join agent-texts 1000")
    quote = cancelled(books.at("2026-06-10"))
    assert (quote.effective, quote.credits_now) == (date(2026, 7, 1), 0)
    assert "6,000 credits" in said(quote)
    assert "lapse, including those that rolled over" in said(quote)


def test_subscribing_anew_says_what_the_next_renewal_forfeits(books: Books) -> None:
    act(books.at("2026-01-31"), "join community-texts 400")
    act(books.at("2026-03-31"), "cancel")
    quote = quoted(books.at("2026-05-05"), "50")
    assert quote.credits_now == 100
    assert "2,300 credits will be forfeited on 2026-06-05" in said(quote)
    act(books, "use 2300")
    assert "forfeited" not in said(quoted(books, "50"))


@pytest.mark.parametrize(("used", "taken", "left"), [(2_000, 5_000, 3_000), (7_000, 3_000, 0)])
def test_cancelling_emails_says_what_is_left_and_how_to_keep_all(
    books: Books, used: int, taken: int, left: int
) -> None:
    act(books.at("2026-04-16"), "join agent-email 10000")
    act(books, f"use {used}")
    says = said(cancelled(books))
    assert f"{taken:,} emails from this period are taken back. You have {left:,}" in says
    assert f"To keep {taken:,} emails until 2026-05-01" in says
    assert "change to the plan free instead of cancelling" in says
    act(books, "order free")
    assert books.available() == 10_000 - used


def test_a_threshold_that_is_crossed_is_told_by_what_is_reached(books: Books) -> None:
    act(books.at("2026-04-16"), "join agent-email 10000")
    act(books, "use 7000")
    assert "7,000 of 7,000 are used (100%)" in said(cancelled(books))
