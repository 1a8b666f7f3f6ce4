"""Which plan fits: whole billing periods, as they would have gone with each."""

from __future__ import annotations

from datetime import date

import pytest

from store.credits.model import PlanOffer
from tests.store.credits.books import Books


def used(books: Books, *uses: tuple[str, int]) -> Books:
    for day, credits in uses:
        books.at(day).use(credits)
    return books


def compared(books: Books, today: str, people: int = 0) -> list[PlanOffer]:
    return books.at(today).ledger.plan_offers(books.account, people=people)


def fitting(offers: list[PlanOffer]) -> list[str]:
    return [offer.plan.id for offer in offers if offer.fits]


def costs(offers: list[PlanOffer]) -> list[tuple[str, int, int]]:
    return [(offer.plan.id, offer.past_cents, offer.short) for offer in offers]


def test_a_free_account_that_keeps_within_each_month_isnt_told_to_pay(books: Books) -> None:
    books.at("2026-01-01").join("free", "agent-email")
    used(books, ("2026-01-28", 4_500), ("2026-02-03", 4_900))
    for today in ("2026-02-03", "2026-02-28", "2026-03-10"):
        assert fitting(compared(books, today)) == ["free"]


def test_what_a_month_of_emails_leaves_doesnt_help_the_next(books: Books) -> None:
    books.at("2026-01-01").join("10000", "agent-email")
    used(books, ("2026-01-28", 1_000), ("2026-02-03", 5_001))
    offers = compared(books, "2026-03-10")
    assert costs(offers) == [("free", 0, 1), ("10000", 1_800, 0), ("25000", 4_000, 0), ("50000", 7_000, 0)]
    assert fitting(offers) == ["10000"]


def test_what_a_month_of_texts_leaves_rolls_over(books: Books) -> None:
    books.at("2026-01-01").join("1000")
    used(books, ("2026-01-10", 200), ("2026-02-10", 200), ("2026-03-10", 450))
    offers = compared(books, "2026-04-10")
    assert costs(offers) == [("300", 3_000, 0), ("1000", 9_000, 0), ("3000", 22_500, 0)]
    assert fitting(offers) == ["300"]


def test_what_rolled_over_before_the_months_that_are_compared_counts(books: Books) -> None:
    books.at("2026-01-16").join("300").use(1)
    used(books, ("2026-04-10", 550))
    # 299 of January, 900 since: the plan in use was enough, as it was.
    offers = compared(books, "2026-05-10")
    assert [(offer.periods, offer.short) for offer in offers] == [(3, 0)] * 3
    assert fitting(offers) == ["300"]
    used(books, ("2026-05-11", 949))
    assert fitting(compared(books, "2026-05-12")) == ["1000"]


def test_a_community_has_what_the_cap_leaves_and_no_more(books: Books) -> None:
    books.at("2026-01-05").join("400", "community-texts")
    # Six months of 200 come to 600, three months' credits: 590 of them leave 10, and 200 more are 5 too few.
    used(books, ("2026-06-10", 590), ("2026-07-10", 215))
    offers = compared(books, "2026-08-10")
    assert costs(offers)[1] == ("100", 4_500 + 200, 0)


def test_only_the_last_three_whole_periods_are_compared(books: Books) -> None:
    books.at("2026-01-01").join("3000")
    used(books, ("2026-01-10", 2_000), ("2026-02-10", 200), ("2026-04-30", 100))
    offers = compared(books, "2026-05-10")
    assert [(offer.periods, offer.used) for offer in offers] == [(3, 300)] * 3
    assert fitting(offers) == ["300"]


def test_whoever_is_new_isnt_told_which_plan_fits(books: Books) -> None:
    books.at("2026-01-16").join("300").use(100)
    for today in ("2026-01-18", "2026-02-01", "2026-02-28"):  # January began before the account did
        offers = compared(books, today)
        assert [(offer.periods, offer.past_cents, offer.fits) for offer in offers] == [(0, 0, False)] * 3
    assert fitting(compared(books.at("2026-02-28"), "2026-02-28")) == []
    books.use(100)
    assert fitting(compared(books, "2026-03-01")) == ["300"]


def test_whoever_used_nothing_isnt_told_which_plan_fits(books: Books) -> None:
    books.at("2026-01-01").join("300")
    offers = compared(books, "2026-03-10")
    assert [(offer.periods, offer.used) for offer in offers] == [(2, 0)] * 3
    assert fitting(offers) == []


def test_a_trial_is_no_billing_period(books: Books) -> None:
    books.at("2026-04-01").join("trial", "community-texts").use(5)
    books.at("2026-05-01")  # April has as many days as the trial
    books.order("50")
    assert [offer.periods for offer in compared(books, "2026-05-31")] == [0] * 5
    books.use(5)
    assert fitting(compared(books, "2026-06-01")) == ["50"]


def test_a_plan_isnt_recommended_to_who_has_used_it_up(books: Books) -> None:
    books.at("2026-01-01").join("300")
    used(books, ("2026-01-10", 100), ("2026-02-10", 100))
    assert fitting(compared(books, "2026-03-01")) == ["300"]
    books.use(books.available())
    assert fitting(compared(books, "2026-03-10")) == ["1000"]


def test_no_plan_fits_who_would_have_used_up_the_largest(books: Books) -> None:
    books.at("2026-01-01").join("3000").use(3_000)
    assert fitting(compared(books, "2026-02-10")) == []


def test_a_plan_for_fewer_accounts_than_one_writes_to_doesnt_fit(books: Books) -> None:
    books.at("2026-01-05").join("400", "community-texts").use(60)
    offers = compared(books, "2026-02-10", people=236)
    assert [offer.too_small for offer in offers] == [True, True, True, False, False]
    assert fitting(offers) == ["400"]
    assert fitting(compared(books, "2026-02-10", people=50)) == ["50"]


def test_credits_that_would_have_been_bought_are_paid_for(books: Books) -> None:
    books.at("2026-01-05").join("800", "community-texts")
    used(books, ("2026-01-10", 120), ("2026-02-10", 1_000))
    offers = compared(books, "2026-03-10")
    # 50: in January 20 are missing, and 100 are bought at least; in February 500, of which 80 are there; a
    # month's most is 500. 100: 720 of February, so $44.40 in all; 200: 320 of it, so $46.40.
    assert costs(offers)[:2] == [("50", 2_000 + 200 + 1_000, 320), ("100", 3_000 + 1_440, 0)]
    assert fitting(offers) == ["100"]


@pytest.mark.parametrize(("today", "periods"), [("2026-02-27", 0), ("2026-02-28", 1), ("2026-03-31", 2)])
def test_a_period_from_the_31st_to_the_28th_is_whole(books: Books, today: str, periods: int) -> None:
    books.at("2026-01-31").join("200", "community-texts", anchor=date(2026, 1, 31)).use(10)
    assert {offer.periods for offer in compared(books, today)} == {periods}


def test_each_whole_month_is_told_as_it_would_have_been_with_every_plan(books: Books) -> None:
    books.at("2026-01-01").join("1000")
    used(books, ("2026-01-10", 100), ("2026-02-10", 600), ("2026-03-10", 450), ("2026-04-03", 20))
    small, large, _ = compared(books, "2026-04-10")
    # 200 of January roll over, so that 500 are there in February, and 300 in March.
    assert [(month.starts.month, month.used, month.cents, month.short) for month in small.months] == [
        (1, 100, 1_000, 0),
        (2, 600, 1_000, 100),
        (3, 450, 1_000, 150),
    ]
    assert [(month.cents, month.short) for month in large.months] == [(3_000, 0)] * 3
    assert small.short == sum(month.short for month in small.months)


def test_of_a_month_that_began_with_the_account_nothing_is_told(books: Books) -> None:
    books.at("2026-01-16").join("300").use(1)
    assert [offer.months for offer in compared(books, "2026-01-18")] == [()] * 3
    assert [offer.months for offer in compared(books, "2026-02-18")] == [()] * 3


def test_no_more_than_a_year_of_months_is_told(books: Books) -> None:
    books.at("2025-01-01").join("300")
    months = compared(books, "2026-05-10")[0].months
    assert (months[0].starts, months[-1].starts) == (date(2025, 5, 1), date(2026, 4, 1))


def test_what_would_have_been_bought_counts_in_its_month(books: Books) -> None:
    books.at("2026-01-01").join("200", "community-texts")
    used(books, ("2026-02-10", 700))
    smallest = compared(books, "2026-04-10")[0]  # 100 a month
    january, february, march = smallest.months
    assert (january.cents, march.cents) == (smallest.price_cents, smallest.price_cents)
    assert february.cents > smallest.price_cents
    assert sum(month.cents for month in smallest.months) == smallest.past_cents
