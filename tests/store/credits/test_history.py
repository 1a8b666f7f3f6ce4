"""The history by filter, order and number: whatever the way to a line, it is the line that a look through the
whole list finds there."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.clock import micros
from store.credits import history_index as survey
from store.credits import history_query as pages
from store.credits.history_index import Counted, Survey
from store.credits.history_query import Filter, Matching, Selection, Sort, Telling
from store.credits.model import Entry, Kind, Pool
from store.database import Cursor
from store.engines.urls import is_served
from store.errors import WrongUsage
from tests.store.credits.books import Books

FIRST_DAY = date(2026, 4, 16)
DAYS = 40
LINES = 330
SIGNPOSTS = 7


def made_up(number: int, chance: random.Random) -> Entry:
    """A line whose every value says something of its own, so that no two filters come to the same."""
    day = FIRST_DAY + timedelta(days=number * DAYS // LINES)
    kind = chance.choice([*Kind] + [Kind.USED] * 8)
    cause = chance.choice(["blast", "upgrade", "reply"])
    return Entry(
        seq=number + 1,
        on=day,
        at=datetime.combine(day, time(12), UTC) + timedelta(seconds=number),
        pool=chance.choice([Pool.ALLOTTED, Pool.ALLOTTED, Pool.PURCHASED]),
        kind=kind,
        delta=0,
        balance=chance.randrange(1_000),
        amount=chance.randrange(12),
        cause=cause,
        reference=str(chance.randrange(9)),
        count=chance.randrange(6),
    )


CHANCE = random.Random(5)
ENTRIES = [made_up(number, CHANCE) for number in range(LINES)]


def write(books: Books, entries: list[Entry]) -> None:
    """Puts lines at the end of the history, past the ledger's rules, which aren't asked here."""
    with books.database.transaction():
        books.database.executemany(
            "INSERT INTO entry "
            "(account_id, seq, at, day, pool, kind, delta, balance, amount, cause, reference, count) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    books.account,
                    line.seq,
                    micros(line.at),
                    line.on.isoformat(),
                    line.pool,
                    line.kind,
                    line.delta,
                    line.balance,
                    line.amount,
                    line.cause,
                    line.reference,
                    line.count,
                )
                for line in entries
            ],
        )
        books.database.execute(
            "UPDATE account SET seq = ? WHERE id = ?",
            (max((line.seq for line in entries), default=0), books.account),
        )


@pytest.fixture
def empty(books: Books, monkeypatch: pytest.MonkeyPatch) -> Books:
    """An account without lines, whose surveys have a signpost every few lines."""
    monkeypatch.setattr(survey, "STEP", SIGNPOSTS)
    books.at("2026-04-16").join()
    with books.database.transaction():
        for table in ("movement", "entry"):
            books.database.execute(f"DELETE FROM {table} WHERE account_id = ?", (books.account,))
        books.database.execute("UPDATE account SET seq = 0 WHERE id = ?", (books.account,))
    return books


@pytest.fixture
def full(empty: Books) -> Books:
    write(empty, ENTRIES)
    return empty


days = st.none() | st.integers(-3, DAYS + 3).map(lambda number: FIRST_DAY + timedelta(days=number))
tellings = st.frozensets(st.sampled_from(sorted({Telling.of(line) for line in ENTRIES})), max_size=9)
blasts = st.lists(st.integers(0, 9).map(str), max_size=3).map(
    lambda ids: {
        "blast": Selection(
            " UNION ".join(["SELECT 'none'", *["SELECT CAST(? AS TEXT)"] * len(ids)]), tuple(ids)
        )
    }
)
matchings = st.none() | st.builds(Matching, tellings, blasts, st.sampled_from(["", "3", "77"]))
filters = st.builds(
    Filter,
    pool=st.none() | st.sampled_from(Pool),
    kind=st.none() | st.sampled_from(Kind),
    since=days,
    until=days,
    matching=matchings,
)
sorts = st.sampled_from(Sort)


def shown(entries: list[Entry], chosen: Filter, sort: Sort) -> list[int]:
    """The oracle: the seqs of the lines that a filter shows, in order, by a look at each."""

    def is_meant(line: Entry) -> bool:
        found = chosen.matching
        return (
            chosen.pool in (None, line.pool)
            and chosen.kind in (None, line.kind)
            and (chosen.since is None or line.on >= chosen.since)
            and (chosen.until is None or line.on <= chosen.until)
            and (
                found is None
                or (line.cause == "blast" and line.reference in found.about["blast"].values)
                or (line.cause == "upgrade" and line.reference == found.order)
                or any(
                    (line.kind, line.cause) == telling[:2]
                    and (line.amount if line.kind is Kind.WAIVED else line.count) == telling.number
                    for telling in found.tellings
                )
            )
        )

    meant = [line for line in entries if is_meant(line)]
    if sort is Sort.LARGEST:
        meant.sort(key=lambda line: (line.amount, line.seq), reverse=True)
    elif sort is Sort.NEWEST:
        meant.reverse()
    return [line.seq for line in meant]


def seqs(entries: list[Entry]) -> list[int]:
    return [line.seq for line in entries]


def test_page_by_page_any_filter_and_order_is_that_of_the_whole_list(full: Books) -> None:
    @given(filters, sorts, st.integers(1, 90))
    def check(chosen: Filter, sort: Sort, size: int) -> None:
        got, after = list[int](), None
        while page := full.ledger.page(full.account, chosen, sort, after=after, limit=size):
            got += seqs(page)
            after = sort.key(page[-1])
        assert got == shown(ENTRIES, chosen, sort)

    check()


def test_any_stretch_of_lines_by_number_is_that_of_the_whole_list(full: Books) -> None:
    @given(filters, sorts, st.integers(-2, LINES + 2), st.integers(0, 40))
    def check(chosen: Filter, sort: Sort, first: int, count: int) -> None:
        whole = shown(ENTRIES, chosen, sort)
        surveyed = full.ledger.survey(full.account, chosen, sort)
        assert surveyed.lines == len(whole)
        start = max(first, 0)
        assert (
            seqs(full.ledger.lines_at(full.account, surveyed, first, count)) == whole[start : start + count]
        )

    check()


def test_a_survey_carried_on_is_the_one_made_anew(empty: Books) -> None:
    """New lines come in while a list is seen: what was counted isn't counted again."""
    chosen_and_sorts = [
        (Filter(pool=pool, kind=kind), sort) for pool in Pool for kind in (None, Kind.USED) for sort in Sort
    ]
    surveys = [empty.ledger.survey(empty.account, *which) for which in chosen_and_sorts]
    at = 0
    for more in (1, 5, 1, 6, 8, 100, 50):
        write(empty, ENTRIES[at : at + more])
        at += more
        surveys = [
            empty.ledger.survey(empty.account, *which, earlier)
            for which, earlier in zip(chosen_and_sorts, surveys, strict=True)
        ]
        assert surveys == [empty.ledger.survey(empty.account, *which) for which in chosen_and_sorts]


def test_lines_that_came_after_a_survey_are_not_in_it(empty: Books) -> None:
    write(empty, ENTRIES[:100])
    for sort in Sort:
        surveyed = empty.ledger.survey(empty.account, Filter(), sort)
        write(empty, ENTRIES[100:120]) if sort is Sort.NEWEST else None
        first = empty.ledger.lines_at(empty.account, surveyed, 0, 500)
        assert len(first) == surveyed.lines


def test_the_other_order_by_date_counts_only_the_newest_day_anew(
    full: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = full.ledger.survey(full.account, Filter(), Sort.NEWEST)
    counted = list[Counted]()

    def counting(*arguments: Any) -> Counted:
        counted.append(count(*arguments))
        return counted[-1]

    count = survey._count
    monkeypatch.setattr(survey, "_count", counting)
    assert full.ledger.survey(full.account, Filter(), Sort.OLDEST, newest).lines == LINES
    assert counted[0] is newest.done
    today = [entry for entry in ENTRIES if entry.on == ENTRIES[-1].on]
    assert counted[1].lines - counted[0].lines == len(today)


def test_a_survey_carried_on_knows_what_came_back_meanwhile(books: Books) -> None:
    books.at("2026-04-16").join().hold(100)
    books.at("2026-04-17").release(10)
    earlier = {sort: books.ledger.survey(books.account, Filter(), sort) for sort in Sort}
    books.release(5)
    for sort, before in earlier.items():
        carried_on = books.ledger.survey(books.account, Filter(), sort, before)
        assert (carried_on.lines, carried_on.given_back) == (3, 15)
        assert carried_on == books.ledger.survey(books.account, Filter(), sort)


def test_a_day_leads_to_its_first_line_or_the_next_one_beyond_it(full: Books) -> None:
    @given(filters, st.sampled_from([Sort.NEWEST, Sort.OLDEST]), st.integers(-3, DAYS + 3))
    def check(chosen: Filter, sort: Sort, number: int) -> None:
        day = FIRST_DAY + timedelta(days=number)
        whole = [ENTRIES[seq - 1].on for seq in shown(ENTRIES, chosen, sort)]
        beyond = [
            place for place, on in enumerate(whole) if (on <= day if sort is Sort.NEWEST else on >= day)
        ]
        surveyed = full.ledger.survey(full.account, chosen, sort)
        expected = beyond[0] if beyond else max(len(whole) - 1, 0)
        assert full.ledger.line_of_day(full.account, surveyed, day) == expected

    check()


def what_it_comes_to(surveyed: Survey) -> tuple[int, ...]:
    return (
        surveyed.received,
        surveyed.used,
        surveyed.given_back,
        surveyed.expired,
        surveyed.taken_away,
        surveyed.left,
    )


def test_what_is_shown_adds_up(books: Books) -> None:
    books.at("2026-04-16").join()
    books.at("2026-04-20").use(120)
    books.at("2026-05-10").use(50)
    books.hold(30)
    books.release(10)
    books.at("2027-04-16").available()  # all of the first lot had been used; the year's renewals came
    surveyed = books.ledger.survey(books.account, Filter(pool=Pool.ALLOTTED), Sort.NEWEST)
    assert what_it_comes_to(surveyed) == (3_900, 200, 10, 110, 0, 3_600)
    may = Filter(pool=Pool.ALLOTTED, since=date(2026, 5, 1), until=date(2026, 5, 31))
    surveyed = books.ledger.survey(books.account, may, Sort.LARGEST)
    assert what_it_comes_to(surveyed) == (300, 80, 10, 0, 0, 410)
    used = Filter(pool=Pool.ALLOTTED, kind=Kind.USED)
    surveyed = books.ledger.survey(books.account, used, Sort.NEWEST)
    assert what_it_comes_to(surveyed) == (0, 200, 0, 0, 0, 3_600)


def test_all_lines_come_one_by_one_however_many_pages_they_are(
    full: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.credits.history.PAGE", 33)
    whole = shown(ENTRIES, Filter(), Sort.LARGEST)
    assert seqs(list(full.ledger.every_line(full.account, Filter(), Sort.LARGEST))) == whole
    for limit in (1, 33, 34, 66, 500):
        some = full.ledger.every_line(full.account, Filter(), Sort.LARGEST, limit)
        assert seqs(list(some)) == whole[:limit]


def test_whether_credits_were_ever_purchased_is_known(full: Books) -> None:
    assert full.ledger.ever_purchased(full.account)
    with full.database.transaction():
        full.database.execute(
            "DELETE FROM entry WHERE pool = 'purchased' AND account_id = ?", (full.account,)
        )
    assert not full.ledger.ever_purchased(full.account)


def test_what_lines_tell_is_known_without_reading_them_again(full: Books) -> None:
    everything = frozenset(map(Telling.of, ENTRIES))
    assert full.ledger.tellings(full.account) == everything
    late = frozenset(map(Telling.of, ENTRIES[-3:]))
    assert full.ledger.tellings(full.account, after=LINES - 3) == late


def test_a_page_is_found_by_an_index_and_never_sorted(full: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    execute, asked = full.database.execute, list[tuple[str, Sequence[object]]]()

    def noting(statement: str, values: Sequence[object] = ()) -> Cursor:
        asked.append((statement, values))
        return execute(statement, values)

    monkeypatch.setattr(full.database, "execute", noting)
    for sort in Sort:
        for kind in (None, Kind.EXPIRED):
            key = (3, 60) if sort is Sort.LARGEST else (60,)
            pages.read_page(
                full.database, full.account, Filter(Pool.ALLOTTED, kind), sort, after=key, limit=5
            )
    explain = "EXPLAIN QUERY PLAN"
    if is_served(full.url):
        explain = "EXPLAIN"
        for way in ("seqscan", "bitmapscan", "sort"):  # which are cheaper where there are so few lines
            execute(f"SET enable_{way} = off")
    for statement, values in asked:
        plan = "\n".join(str(row) for row in execute(f"{explain} {statement}", values)).lower()
        assert "index" in plan
        assert "sort" not in plan
        assert "temp b-tree" not in plan


def test_a_line_tells_which_lots_it_drew_on_and_made(books: Books) -> None:
    books.at("2026-04-16").join().at("2026-05-10").use(120)
    books.at("2026-05-20").use(200)
    spent, *_others, joined = books.ledger.history(books.account)
    details = books.ledger.entry_details(books.account, spent.seq)
    assert details.entry == spent
    assert [(str(part.lot.granted_on), part.credits) for part in details.movements] == [
        ("2026-04-16", -180),
        ("2026-05-01", -20),
    ]
    assert details.order is None
    details = books.ledger.entry_details(books.account, joined.seq)
    assert [(part.lot.granted, part.lot.expires_on, part.credits) for part in details.movements] == [
        (300, date(2027, 4, 16), 300)
    ]
    assert details.order is not None
    assert (details.order.cause, details.order.cents) == ("join", 500)


def test_a_line_that_is_not_there_is_said_to_be_missing(full: Books) -> None:
    with pytest.raises(WrongUsage) as raised:
        full.ledger.entry_details(full.account, LINES + 1)
    assert raised.value.code == "no-such-line"
