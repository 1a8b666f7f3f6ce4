"""The ledger's door: opening, choosing and asking; time that goes back; keys that make a thing happen
once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from store.credits.model import CatchUp, Charge, Kind, Pool
from store.errors import NotEnoughCredits, RefusedByRule, WrongUsage
from store.sentences import sentence
from store.settings import Settings
from tests.store.credits.books import Books

# Opening


def test_an_account_opens_at_the_clocks_instant_in_its_own_time_zone(new_books: Callable[..., Books]) -> None:
    clock_shows = "2026-05-01T02:00"  # in Madrid; in New York it is still April
    east = new_books("Europe/Madrid").at(clock_shows).join()
    balance = east.ledger.balance(east.account)
    assert (balance.period.starts, balance.period.ends) == (date(2026, 5, 1), date(2026, 6, 1))
    assert balance.account.opened_at == datetime(2026, 5, 1, 0, 0, tzinfo=UTC)
    assert east.orders() == [1000]
    instant = east.clock.instant
    west = new_books("America/New_York")
    west.clock.instant = instant
    west.join()
    assert west.ledger.balance(west.account).period.ends == date(2026, 5, 1)
    assert west.orders() == [33]


def test_midnight_may_pass_while_an_account_is_opened(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    books.at("2026-04-30T23:59:30")

    def minute_by_minute() -> datetime:
        books.clock.instant += timedelta(minutes=1)
        return books.clock.instant - timedelta(minutes=1)

    monkeypatch.setattr(books.clock, "now", minute_by_minute)
    books.join()
    assert books.orders() == [33, 1000]
    assert books.ledger.verify().ok


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"product": "agent-faxes"}, "no-such-product"),
        ({"plan": "301"}, "no-such-plan"),
        ({"timezone": "Mars/Olympus"}, "no-such-timezone"),
        ({"timezone": "../../etc/passwd"}, "no-such-timezone"),
        ({"timezone": "America"}, "no-such-timezone"),
        ({"timezone": ""}, "no-such-timezone"),
        ({"country": "USA"}, "no-such-country"),
        ({"country": "us"}, "no-such-country"),
        ({"billing": "yearly"}, "no-such-billing"),
    ],
)
def test_what_an_account_cant_be_opened_with_is_said_and_nothing_is_opened(
    books: Books, change: dict[str, object], code: str
) -> None:
    wanted: dict[str, object] = {"product": "agent-texts", "plan": "300", "timezone": "UTC"}
    with pytest.raises(WrongUsage) as caught:
        books.ledger.open_account(**{**wanted, **change})  # type: ignore[arg-type]
    assert caught.value.code == code
    assert books.accounts() == []


# Choosing


@pytest.mark.alone("which account is the only one")
def test_the_only_account_needs_no_name_and_of_several_the_default_is_taken(books: Books) -> None:
    with pytest.raises(WrongUsage, match="no account yet"):
        books.ledger.account()
    first = books.join().account
    assert books.ledger.account().id == first
    second = books.join("1000").account
    with pytest.raises(WrongUsage, match=f"{first}, {second}"):
        books.ledger.account()
    Settings(books.database).write("account", str(second))
    assert books.ledger.account().plan == "1000"
    assert books.ledger.account(first).plan == "300"


@pytest.mark.parametrize("ask", ["account", "balance", "lots", "history", "catch_up", "notices", "forecast"])
def test_an_account_that_isnt_there_is_said_so(books: Books, ask: str) -> None:
    books.join()
    with pytest.raises(WrongUsage, match="no account 99"):
        getattr(books.ledger, ask)(99)


@pytest.mark.alone("how many accounts there are")
def test_accounts_dont_touch_each_other(books: Books) -> None:
    first = books.at("2026-04-16").join().account
    second = books.join("1000").account
    books.use(700)
    assert books.ledger.balance(first).available == 300
    assert books.ledger.balance(second).available == 300
    assert [entry.delta for entry in books.ledger.history(first)] == [300]
    assert books.ledger.verify().ok
    assert books.ledger.verify().accounts == 2


# Time


def test_a_clock_set_back_processes_nothing_and_says_so(books: Books) -> None:
    books.at("2026-04-16").join()
    assert books.ledger.catch_up(books.account) == CatchUp(0, clock_set_back=False)
    books.at("2026-06-03")
    assert books.ledger.catch_up(books.account) == CatchUp(2, clock_set_back=False)
    before = books.everything()
    books.at("2026-05-20")
    assert books.ledger.catch_up(books.account) == CatchUp(0, clock_set_back=True)
    assert books.ledger.balance(books.account).available == 900
    assert books.everything() == before


def test_what_is_done_while_the_clock_is_set_back_counts_at_the_last_instant(books: Books) -> None:
    books.at("2026-04-16").join().at("2026-06-03").available()
    books.at("2026-05-20").use(10)
    newest = books.ledger.history(books.account)[0]
    assert (newest.on, newest.kind, newest.delta) == (date(2026, 6, 3), Kind.USED, -10)
    assert newest.at == datetime(2026, 6, 3, 16, 0, tzinfo=UTC)


def test_a_demo_clock_remembers_a_time_in_which_nothing_was_due(books: Books) -> None:
    books.at("2026-04-16").join().at("2026-04-20").available()
    books.at("2026-04-19")
    assert books.ledger.catch_up(books.account).clock_set_back


def test_reading_an_ordinary_account_writes_nothing(books: Books) -> None:
    books.account = books.at("2026-04-16").ledger.open_account("agent-texts", "300", "UTC").id
    before = books.everything()
    books.at("2026-04-20").available()
    assert books.everything() == before


@pytest.mark.parametrize(
    "zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Sao_Paulo", "Asia/Beirut"]
)
def test_a_period_ends_at_its_own_zones_midnight(new_books: Callable[..., Books], zone: str) -> None:
    books = new_books(zone).at("2026-04-16").join()
    assert books.at("2026-04-30T23:59:59.999999").orders() == [500]
    assert books.at("2026-05-01T00:00").orders() == [500, 1000]
    assert books.ledger.history(books.account)[0].on == date(2026, 5, 1)


def test_one_catch_up_is_the_same_ledger_row_for_row_as_a_year_of_daily_starts(
    new_books: Callable[..., Books],
) -> None:
    once, daily = new_books(), new_books()
    for books in (once, daily):
        books.hurry()
        books.at("2027-03-31").join()
        books.use(120)
        books.hold(100)
    for day in range(1, 400):
        daily.at(str(date.fromordinal(date(2027, 3, 31).toordinal() + day))).available()
    once.clock.instant = daily.clock.instant
    once.available()
    assert once.everything() == daily.everything()
    assert once.ledger.verify().ok


# Using


def test_too_few_credits_hold_nothing_and_say_how_many_there_are(books: Books) -> None:
    books.at("2026-04-16").join()
    before = books.everything()
    with pytest.raises(NotEnoughCredits) as caught:
        books.hold(301)
    assert caught.value.details == {"needed": 301, "available": 300}
    with pytest.raises(NotEnoughCredits):
        books.use(301)
    assert books.everything() == before


@pytest.mark.parametrize(
    ("product", "plan", "sold"),
    [("agent-texts", "300", False), ("community-texts", "200", True), ("community-texts", "trial", False)],
)
def test_to_buy_credits_is_advised_where_they_are_sold(
    books: Books, product: str, plan: str, sold: bool
) -> None:
    books.at("2026-04-16").join(plan, product)
    with pytest.raises(NotEnoughCredits, match="change to a larger plan") as caught:
        books.hold(401)
    assert ("Buy credits" in str(caught.value)) == sold


def test_a_hold_is_one_line_that_says_what_for(books: Books) -> None:
    books.at("2026-04-16").join()
    hold = books.ledger.hold(books.account, 213, cause="blast", reference="17", count=213)
    books.ledger.settle(hold, 200)
    books.ledger.release(hold, 13)
    released, used, _ = books.ledger.history(books.account)
    assert (used.kind, used.delta, used.balance, used.cause, used.reference, used.count) == (
        Kind.USED,
        -213,
        87,
        "blast",
        "17",
        213,
    )
    assert (released.kind, released.delta, released.balance, released.reference) == (
        Kind.RELEASED,
        13,
        100,
        "17",
    )


@pytest.mark.parametrize("end", ["settle", "release"])
def test_a_hold_cant_give_more_than_it_holds(books: Books, end: str) -> None:
    books.at("2026-04-16").join()
    hold = books.hold(10)
    books.settle(4)
    before = books.everything()
    with pytest.raises(ValueError, match="more credits than there are"):
        getattr(books.ledger, end)(hold, 7)
    assert books.everything() == before


def test_a_hold_that_isnt_there_is_no_hold(books: Books) -> None:
    with pytest.raises(LookupError):
        books.ledger.settle(5, 1)


def test_use_is_recorded_by_hand_only_under_a_demo_clock(books: Books) -> None:
    account = books.at("2026-04-16").ledger.open_account("agent-texts", "300", "UTC").id
    with pytest.raises(RefusedByRule) as caught:
        books.ledger.charge(account, 1)
    assert (caught.value.exit_code, caught.value.code) == (4, "no-demo-clock")
    assert books.ledger.balance(account).available == 300


@pytest.mark.parametrize(
    ("segments", "mms", "inbound", "expected"),
    [
        (7, False, False, Charge(7, 0, 293)),
        (7, True, False, Charge(21, 0, 279)),
        (7, False, True, Charge(7, 0, 293)),
        (150, True, True, Charge(300, 150, 0)),
    ],
)
def test_what_a_use_comes_to(books: Books, segments: int, mms: bool, inbound: bool, expected: Charge) -> None:
    books.at("2026-04-16").join()
    assert books.ledger.charge(books.account, segments, mms=mms, inbound=inbound) == expected
    assert books.available() == expected.available


@pytest.mark.parametrize("segments", [0, -3, 1_000_001])
def test_an_amount_out_of_bounds_is_wrong_usage(books: Books, segments: int) -> None:
    books.at("2026-04-16").join()
    with pytest.raises(WrongUsage, match="from 1 to"):
        books.ledger.charge(books.account, segments, inbound=True)


# Asking


def three_months(books: Books) -> None:
    books.at("2026-04-16").join()
    books.use(120)
    books.at("2026-05-10").hold(200)
    books.release(50)
    books.at("2026-06-02").use(5)


FILTERS: dict[str, tuple[dict[str, object], list[int]]] = {
    "all": ({}, [-5, 300, 50, -200, 300, -120, 300]),
    "of a kind": ({"kind": Kind.USED}, [-5, -200, -120]),
    "of a pool": ({"pool": Pool.ALLOTTED, "limit": 2}, [-5, 300]),
    "of a pool that never was": ({"pool": Pool.PURCHASED}, []),
    "of both": ({"pool": Pool.ALLOTTED, "kind": Kind.GRANTED}, [300, 300, 300]),
    "since a day with lines": ({"since": date(2026, 6, 1)}, [-5, 300]),
    "since a day without": ({"since": date(2026, 5, 11)}, [-5, 300]),
    "since a day to come": ({"since": date(2026, 6, 3)}, []),
    "until a day with lines": ({"until": date(2026, 5, 1)}, [300, -120, 300]),
    "until a day without": ({"until": date(2026, 4, 30)}, [-120, 300]),
    "until a day before all": ({"until": date(2026, 4, 15)}, []),
    "a span of a kind": (
        {"kind": Kind.USED, "since": date(2026, 4, 17), "until": date(2026, 5, 31)},
        [-200],
    ),
    "older than a line": ({"before": 4}, [300, -120, 300]),
    "older than the first": ({"before": 1}, []),
}


@pytest.mark.parametrize(("filters", "deltas"), FILTERS.values(), ids=FILTERS.keys())
def test_a_page_of_the_history(books: Books, filters: dict[str, object], deltas: list[int]) -> None:
    three_months(books)
    page = books.ledger.history(books.account, **filters)  # type: ignore[arg-type]
    assert [entry.delta for entry in page] == deltas


def test_pages_follow_one_another_without_gap_or_overlap(books: Books) -> None:
    three_months(books)
    pages, before = [], None
    while page := books.ledger.history(books.account, before=before, limit=3):
        pages += page
        before = page[-1].seq
    assert [entry.seq for entry in pages] == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    "condition",
    ["", "AND pool = 'allotted'", "AND kind = 'waived'", "AND pool = 'allotted' AND kind = 'waived'"],
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_filter_has_an_index_so_that_no_page_reads_the_whole_history(
    books: Books, condition: str
) -> None:
    plan = books.rows(
        "EXPLAIN QUERY PLAN SELECT * FROM entry "
        f"WHERE account_id = 1 {condition} AND seq < 900 ORDER BY seq DESC LIMIT 100"
    )
    (step,) = [str(row[3]) for row in plan]
    assert step.startswith("SEARCH")
    assert "seq<?" in step
    assert all(f"{column}=?" in step for column in ("pool", "kind") if column in condition)


def test_use_by_day_is_what_the_lines_of_the_day_come_to(books: Books) -> None:
    books.at("2026-04-16").join().hold(100)
    books.settle(10)
    books.at("2026-04-18").settle(20)
    books.use(5)
    books.release(70)
    assert books.ledger.daily_use(books.account, date(2026, 4, 15), date(2026, 4, 18)) == {
        date(2026, 4, 15): 0,
        date(2026, 4, 16): 100,
        date(2026, 4, 17): 0,
        date(2026, 4, 18): 5 - 70,
    }


def test_a_forecast_looks_back_thirty_days_and_no_further(books: Books) -> None:
    books.at("2026-04-16").join().use(60)
    assert books.at("2026-05-15").ledger.forecast(books.account).used == 60
    assert books.at("2026-05-16").ledger.forecast(books.account).used == 0


def test_the_next_expiry_is_of_the_oldest_credits_that_are_left(books: Books) -> None:
    books.at("2026-04-16").join().at("2026-05-02")
    assert books.ledger.next_expiry(books.account) == (date(2027, 4, 16), 300)
    books.use(300)
    assert books.ledger.next_expiry(books.account) == (date(2027, 5, 1), 300)
    books.use(300)
    assert books.ledger.next_expiry(books.account) is None


def test_the_next_expiry_is_of_all_that_is_gone_on_that_day(books: Books) -> None:
    books.at("2026-04-16").join().use(20)
    books.order("1000")
    assert books.ledger.next_expiry(books.account) == (date(2027, 4, 16), 980)


def test_a_notice_is_shown_once_and_still_owed_by_email(books: Books) -> None:
    books.at("2026-04-16").join().use(260)
    (notice,) = books.ledger.notices_to_show(books.account)
    assert (notice.threshold, notice.permille, notice.kind, notice.cause) == (85, 866, "fired", "charge")
    books.ledger.mark_shown([notice.id])
    assert books.ledger.notices_to_show(books.account) == []
    assert books.rows("SELECT channel FROM outbox WHERE NOT done AND notice_id > 0") == [("email",)]
    assert [(one.threshold, one.channels) for one in books.ledger.notices(books.account)] == [
        (85, ("email", "screen")),
        (80, ()),
    ]


def test_thresholds_count_as_reached_until_the_next_credits_come(books: Books) -> None:
    books.at("2026-04-16").join().use(260)
    assert books.ledger.reached(books.account) == {80, 85}
    books.at("2026-05-01")
    assert books.ledger.reached(books.account) == set()


# Once


def test_a_key_does_a_thing_once(books: Books) -> None:
    books.at("2026-04-16").join()
    act: Callable[[], object] = lambda: {"hold": books.hold(10)}  # noqa: E731
    first = books.ledger.once(books.account, "monday", "blast of 10", act)
    assert books.ledger.once(books.account, "monday", "blast of 10", act) == first
    assert books.available() == 290
    books.ledger.once(books.account, "tuesday", "blast of 10", act)
    assert books.available() == 280


def test_a_key_used_for_something_else_is_refused(books: Books) -> None:
    books.at("2026-04-16").join()
    books.ledger.once(books.account, "monday", "blast of 10", lambda: books.hold(10))
    with pytest.raises(RefusedByRule) as caught:
        books.ledger.once(books.account, "monday", "blast of 11", lambda: books.hold(11))
    assert caught.value.code == "idempotency-key-reused"
    assert books.available() == 290


def test_a_refusal_under_a_key_is_said_again_not_tried_again(books: Books) -> None:
    books.at("2026-04-16").join()
    act: Callable[[], object] = lambda: books.hold(310)  # noqa: E731
    with pytest.raises(NotEnoughCredits) as first:
        books.ledger.once(books.account, "monday", "blast of 310", act)
    books.at("2026-05-01")
    with pytest.raises(NotEnoughCredits) as second:
        books.ledger.once(books.account, "monday", "blast of 310", act)
    assert (second.value.says, second.value.code, second.value.details) == (
        first.value.says,
        first.value.code,
        first.value.details,
    )
    assert books.available() == 600


def test_a_refusal_doesnt_replace_what_another_process_did_under_the_key_meanwhile(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Books(books.url).at("2026-04-16")
    transaction = books.database.transaction
    other.account = books.at("2026-04-16").join().account

    def refused() -> None:
        monkeypatch.setattr(books.database, "transaction", after_the_other)
        raise RefusedByRule(sentence("Not now."))

    def after_the_other() -> contextlib.AbstractContextManager[None]:
        monkeypatch.undo()
        other.ledger.once(1, "monday", "blast of 10", lambda: other.hold(10))
        return transaction()

    assert books.ledger.once(1, "monday", "blast of 10", refused) == other.last_hold
    assert books.available() == 290


def test_what_broke_under_a_key_can_be_tried_again(books: Books) -> None:
    books.at("2026-04-16").join()

    def breaks() -> None:
        books.hold(10)
        raise OSError("the power went")

    with pytest.raises(OSError, match="power"):
        books.ledger.once(books.account, "monday", "blast of 10", breaks)
    assert books.available() == 300
    books.ledger.once(books.account, "monday", "blast of 10", lambda: books.hold(10))
    assert books.available() == 290
