"""How long what is left lasts, if the pace of late goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.credits.catalog_files import Catalog
from store.credits.forecast import DAYS, a_day, forecast
from store.credits.model import Account, Forecast, Lot, Period, Pool
from tests.store.credits.books import Books
from tests.store.credits.reference import COMMUNITY, EMAIL, TEXTS, Reference

CATALOG = Catalog.load()
OPENED = datetime(2025, 1, 1, 12, tzinfo=UTC)


def told(
    left: int, pace: int, today: date, *, product: str = TEXTS, plan: str = "300", **changed: Any
) -> Forecast:
    """What is told of an account of the 1st with so much left of this month's credits, of which so many were
    used on each of the last 30 days."""
    starts = today.replace(day=1)
    ends = (starts + timedelta(days=31)).replace(day=1)
    account = account_of(product, plan, starts, ends)._replace(**changed)
    expires_on = ends if product == EMAIL else starts.replace(year=starts.year + 1)
    lot = Lot(1, Pool.ALLOTTED, 300, left, 0, starts, expires_on, 0)
    uses = {today - timedelta(days=back): pace for back in range(DAYS)}
    return forecast(
        CATALOG.product(product), account, Period(0, starts, ends, 0, 0, 0), [lot] * (left > 0), uses, today
    )


def account_of(product: str, plan: str, starts: date, ends: date, anchor: date | None = None) -> Account:
    return Account(
        id=1,
        product=product,
        plan=plan,
        billing="monthly",
        pending_plan=None,
        pending_billing=None,
        billed_from=starts,
        billed_until=ends,
        timezone="UTC",
        country="US",
        anchor=anchor or starts,
        demo_clock=True,
        opened_at=OPENED,
        clock_floor=OPENED,
    )


def test_nine_a_day_of_three_hundred_a_month_last(books: Books) -> None:
    """Example 35: 285 are left on the evening of Feb 4."""
    books.at("2026-01-01").join("300")
    for day in range(35):
        books.at(str(date(2026, 1, 1) + timedelta(days=day))).use(9)
    assert books.available() == 285
    assert books.ledger.forecast(books.account).runs_out_on is None


def test_forty_a_day_run_out_on_a_day_after_the_renewal() -> None:
    # 7 days in May leave 5, and 300 more are used up in 7 days of June.
    assert told(285, 40, date(2026, 5, 25)).runs_out_on == date(2026, 6, 8)


@pytest.mark.parametrize(
    ("left", "pace", "runs_out_on"),
    [
        (100, 50, date(2026, 5, 22)),
        (105, 50, date(2026, 5, 22)),
        (0, 50, date(2026, 5, 20)),
        (0, 0, date(2026, 5, 20)),
    ],
    ids=["used up in two days", "a day begun", "nothing left", "nothing left and nothing used"],
)
def test_the_first_day_on_which_a_text_could_not_be_paid(left: int, pace: int, runs_out_on: date) -> None:
    assert told(left, pace, date(2026, 5, 20)).runs_out_on == runs_out_on


def test_emails_that_lapse_at_the_renewal_dont_run_out() -> None:
    # 100 a day for the 12 days left of May are 1,200 of the 3,000.
    found = told(3_000, 100, date(2026, 5, 20), product=EMAIL, plan="free")
    assert (found.runs_out_on, found.lapses, found.renews_on) == (None, 1_800, date(2026, 6, 1))


def test_emails_run_out_where_they_do_so_before_the_renewal() -> None:
    found = told(3_000, 300, date(2026, 5, 20), product=EMAIL, plan="free")
    assert (found.runs_out_on, found.lapses) == (date(2026, 5, 30), 0)


def test_emails_that_last_this_month_and_not_each_month_run_out_in_a_longer_one() -> None:
    # 5,000 at 165 a day last for 30 days, and July has 31.
    found = told(4_000, 165, date(2026, 6, 20), product=EMAIL, plan="free")
    assert found.runs_out_on == date(2026, 7, 31)


def test_a_plan_that_is_to_end_takes_what_is_left_along() -> None:
    found = told(285, 9, date(2026, 5, 25), pending_plan="none")
    # 7 days of 9 leave 222, which lapse with the plan.
    assert (found.runs_out_on, found.lapses) == (date(2026, 6, 1), 222)


def test_a_smaller_plan_to_come_is_played_from_the_end_of_the_paid_term_on() -> None:
    found = told(5_000, 300, date(2026, 5, 20), product=EMAIL, plan="10000", pending_plan="free")
    assert found.runs_out_on == date(2026, 6, 17)
    later = told(
        *(5_000, 300, date(2026, 5, 20)),
        product=EMAIL,
        plan="10000",
        pending_plan="free",
        billed_until=date(2026, 8, 1),
    )
    assert later.runs_out_on == date(2026, 8, 17)


def test_one_blast_of_a_new_account_is_no_pace_yet(books: Books) -> None:
    books.at("2026-04-16").join().use(285)
    found = books.ledger.forecast(books.account)
    assert (found.runs_out_on, found.early) == (None, True)
    assert books.at("2026-04-21").ledger.forecast(books.account).early
    assert not books.at("2026-04-22").ledger.forecast(books.account).early


def test_nothing_left_is_told_on_the_first_day_too(books: Books) -> None:
    books.at("2026-04-16").join().use(300)
    assert books.ledger.forecast(books.account).runs_out_on == date(2026, 4, 16)


def test_a_forecast_carries_on_the_pace_since_the_account_was_opened(books: Books) -> None:
    books.at("2026-04-16").join().use(40)
    books.at("2026-04-18").use(20)
    found = books.ledger.forecast(books.account)
    # 60 in 3 days: the 240 that are left last 12 more.
    assert (found.runs_out_on, found.used, found.days) == (date(2026, 4, 30), 60, 3)


PLANS = {
    product: {plan.id: (plan.credits, plan.price_cents) for plan in CATALOG.product(product).plans}
    for product in (TEXTS, EMAIL, COMMUNITY)
}


@settings(deadline=None)
@given(
    st.sampled_from([(product, plan) for product, plans in PLANS.items() for plan in plans]),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 400),
    st.integers(1, 900),
)
def test_it_is_what_using_as_many_every_day_comes_to(
    plan: tuple[str, str], opened: date, waited: int, pace: int
) -> None:
    product, name = plan
    book = Reference(
        product, PLANS[product], name, opened, "monthly", opened.day if product == COMMUNITY else 1
    )
    book.advance(waited)
    today, ends, starts = book.today, book.ends, book.starts
    lots = [
        Lot(
            number,
            Pool.ALLOTTED,
            lot.granted,
            lot.left,
            0,
            lot.added,
            None if lot.expires == date.max else lot.expires,
            lot.period,
        )
        for number, lot in enumerate(book.lots)
    ]
    anchor = opened.replace(day=opened.day if product == COMMUNITY else 1)
    found = forecast(
        CATALOG.product(product),
        account_of(product, name, starts, ends, anchor),
        Period(0, starts, ends, 0, 0, 0),
        lots,
        {today - timedelta(days=back): pace for back in range(DAYS)},
        today,
    )
    while book.today <= today + timedelta(days=365):
        if book.left() < pace:
            assert found.runs_out_on == book.today
            return
        book.hold(pace)
        book.settle(-1, pace)
        book.advance(1)
    assert found.runs_out_on is None


@pytest.mark.parametrize(
    ("used", "days", "pace"), [(300, 30, 10), (14, 30, 0), (15, 30, 1), (44, 30, 1), (45, 30, 2)]
)
def test_the_pace_is_told_in_whole_credits_a_day(used: int, days: int, pace: int) -> None:
    assert a_day(Forecast(None, used, days, 0, date(2026, 6, 1))) == pace
