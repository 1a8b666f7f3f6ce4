"""What the ledger tells of the past: use by day and kind, periods, and where notices were given."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from store.credits.model import Use
from tests.store.credits.books import Books


def test_use_is_told_by_day_and_by_what_it_was_for(books: Books) -> None:
    books.at("2026-04-16").join()
    books.at("2026-04-18T23:59").use(5)
    books.at("2026-04-19T00:00")
    books.ledger.charge(books.account, 2, mms=True)
    books.ledger.charge(books.account, 1, inbound=True)
    since, until = date(2026, 4, 17), date(2026, 4, 20)
    assert books.ledger.uses(books.account, since, until) == {
        date(2026, 4, 17): {},
        date(2026, 4, 18): {Use.SMS: 5},
        date(2026, 4, 19): {Use.MMS: 6, Use.REPLY: 1},
        date(2026, 4, 20): {},
    }
    assert list(books.ledger.daily_use(books.account, since, until).values()) == [0, 5, 7, 0]
    kinds = books.ledger.use_by_kind(books.account, since, until)
    assert kinds == {Use.SMS: 5, Use.MMS: 6, Use.REPLY: 1, Use.EMAIL: 0}


def test_emails_are_a_use_of_their_own(books: Books) -> None:
    books.at("2026-04-16").join("free", "agent-email").use(3)
    day = date(2026, 4, 16)
    assert books.ledger.uses(books.account, day, day) == {day: {Use.EMAIL: 3}}


def test_all_periods_stay_with_what_was_used_in_them(books: Books) -> None:
    books.at("2026-04-16").join().use(120)
    books.at("2026-05-10").use(200)
    books.at("2026-06-02")
    periods = books.ledger.periods(books.account)
    assert [(period.starts, period.ends, period.used) for period in periods] == [
        (date(2026, 4, 1), date(2026, 5, 1), 120),
        (date(2026, 5, 1), date(2026, 6, 1), 200),
        (date(2026, 6, 1), date(2026, 7, 1), 0),
    ]


def test_today_is_the_accounts_own_and_never_before_what_was_processed(books: Books) -> None:
    books.at("2026-04-16").join()
    assert books.at("2026-04-17T03:30Z").ledger.today(books.account) == date(2026, 4, 16)
    books.at("2026-05-03").use(1)
    assert books.at("2026-04-20").ledger.today(books.account) == date(2026, 5, 3)


def test_a_notice_tells_where_it_was_given(books: Books) -> None:
    books.at("2026-04-16").join().use(260)
    highest, lower = books.ledger.notices(books.account)
    assert (highest.threshold, highest.channels, highest.given) == (85, ("email", "screen"), ())
    assert (lower.threshold, lower.channels, lower.given) == (80, (), ())
    books.ledger.mark_shown([highest.id])
    assert books.ledger.notices(books.account)[0].given == ("screen",)


def test_what_comes_back_at_once_to_several_workers_is_one_line(books: Books) -> None:
    hold = books.at("2026-04-16").join().hold(100)
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: books.ledger.release(hold, 2), range(20)))
    assert books.lines_of_today() == ["+300 granted", "-100 used", "+40 released"]
    assert books.ledger.verify().problems == ()


def test_what_comes_back_in_another_month_lessens_that_months_use(books: Books) -> None:
    """Usage is what the history's lines of a month come to, so a month that is over doesn't change."""
    books.at("2026-04-30").join().hold(280)
    books.at("2026-05-01").release(1)
    books.settle(279)
    days = books.ledger.daily_use(books.account, date(2026, 4, 30), date(2026, 5, 1))
    assert list(days.values()) == [280, -1]
    assert [period.used for period in books.ledger.periods(books.account)] == [279, 0]
