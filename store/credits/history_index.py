"""Any line of a long history by its number: a survey counts what a filter shows and remembers a signpost
every 200 lines, so that a page anywhere is a short walk from one of them.

Lines are only ever appended, and only those of the newest day may still grow, so by date a survey is carried
on from the last line before that day.

Raw SQL, as in `history_query`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from store.credits import tables
from store.credits.history_query import (
    Conditions,
    Filter,
    Key,
    Sort,
    conditions,
    last_seq_until,
    place,
    read,
    seq_of_day,
)
from store.credits.model import Entry, Kind
from store.database import Database

STEP = 200
"""Lines from one signpost to the next."""


class Counted(NamedTuple):
    """What was counted up to an account's line `last`; as in `Survey`."""

    last: int
    lines: int
    posts: tuple[Key, ...]
    credits: Mapping[Kind, int]


_NOTHING = Counted(0, 0, (), {})


@dataclass(frozen=True, slots=True)
class Survey:
    """What a filter and an order show, as of an account's line `last`.

    lines: how many. posts: the keys of the lines 0, 200, 400... counted against `sort.descending`, so from
    the oldest or smallest on. credits: what the lines of each kind come to. left: the pool's balance after
    the newest line of the span of days, 0 where there is none or the filter names no pool. done: as much of
    it as no line can change any more.
    """

    chosen: Filter
    sort: Sort
    last: int
    lines: int
    posts: tuple[Key, ...]
    credits: Mapping[Kind, int]
    left: int
    done: Counted

    @property
    def received(self) -> int:
        """Credits granted and purchased."""
        return self._sum(Kind.GRANTED, Kind.PURCHASED)

    @property
    def used(self) -> int:
        return self._sum(Kind.USED)

    @property
    def given_back(self) -> int:
        """Credits that came back of those used."""
        return self._sum(Kind.RELEASED)

    @property
    def expired(self) -> int:
        return self._sum(Kind.EXPIRED)

    @property
    def taken_away(self) -> int:
        """Credits that went otherwise without being used: forfeited, taken back, ended."""
        return self._sum(Kind.FORFEITED, Kind.TAKEN_BACK, Kind.ENDED)

    def _sum(self, *kinds: Kind) -> int:
        return sum(self.credits.get(kind, 0) for kind in kinds)


def take(
    database: Database, account_id: int, chosen: Filter, sort: Sort, earlier: Survey | None = None
) -> Survey:
    """A survey as of now. earlier: one of the same filter, which is carried on where it can be: from the last
    line that can't grow any more."""
    if earlier and (earlier.chosen != chosen or earlier.sort.columns != sort.columns):
        earlier = None
    last: int = database.scalar(
        tables.Account.select(tables.Account.seq).where(tables.Account.id == account_id)
    )
    where = conditions(database, account_id, chosen)
    if where is None:
        return Survey(chosen, sort, last, 0, (), {}, 0, _NOTHING)
    done = _NOTHING
    if sort is not Sort.LARGEST:  # by size, new lines may belong anywhere
        done = _count(
            database, where, sort, earlier.done if earlier else done, _last_done(database, account_id)
        )
    now = _count(database, where, sort, done, last)
    left = _left(database, account_id, chosen, last)
    return Survey(chosen, sort, last, now.lines, now.posts, now.credits, left, done)


def _last_done(database: Database, account_id: int) -> int:
    """The last line before those of the newest line's day, on which lines may still grow; 0 for none."""
    row = database.row(
        "SELECT MAX(seq) AS seq FROM entry WHERE account_id = ? "
        "AND day < (SELECT MAX(day) FROM entry WHERE account_id = ?)",
        (account_id, account_id),
    )
    return int(row.seq or 0)


def _count(database: Database, where: Conditions, sort: Sort, before: Counted, last: int) -> Counted:
    """What is counted, carried on up to a line."""
    if before.last >= last:
        return before
    where = where.and_also("seq > ? AND seq <= ?", before.last, last)
    credits, new = dict(before.credits), 0
    for row in database.rows(
        f"SELECT kind, COUNT(*) AS lines, SUM(amount) AS amount FROM entry WHERE {where} GROUP BY kind",
        where.values,
    ):
        new += row.lines
        credits[Kind(row.kind)] = credits.get(Kind(row.kind), 0) + row.amount
    columns = ", ".join(sort.columns)
    posts = tuple(
        tuple(row)
        for row in database.rows(
            f"SELECT {columns} FROM (SELECT {columns}, ROW_NUMBER() OVER (ORDER BY {columns}) AS number "
            f"FROM entry WHERE {where}) AS numbered WHERE (number + ?) % ? = 0 ORDER BY {columns}",
            (*where.values, before.lines - 1, STEP),
        )
    )
    return Counted(last, before.lines + new, before.posts + posts, credits)


def lines_at(database: Database, account_id: int, survey: Survey, first: int, count: int) -> list[Entry]:
    """The lines from the one of that number on, in the survey's order; fewer where it ends before."""
    first = max(first, 0)
    count = min(count, survey.lines - first)
    if count <= 0:
        return []
    rank = survey.lines - first - count if survey.sort.descending else first
    found = _surveyed(database, account_id, survey)
    if found is None:
        return []
    condition, key = place(survey.posts[rank // STEP], survey.sort, ">=")
    found.add(condition, *key)
    lines = read(database, found, survey.sort, descending=False, limit=count, offset=rank % STEP)
    return lines[::-1] if survey.sort.descending else lines


def line_of_day(database: Database, account_id: int, survey: Survey, day: date) -> int:
    """The number of the first line, from above, on that day or beyond it; the last line's where all are
    before it. For surveys by date."""
    if survey.sort is Sort.OLDEST:
        first = seq_of_day(database, account_id, day)
        number = survey.lines if first is None else _lines_below(database, account_id, survey, first)
    else:
        last = last_seq_until(database, account_id, day)
        number = survey.lines - (0 if last is None else _lines_below(database, account_id, survey, last + 1))
    return max(min(number, survey.lines - 1), 0)


def _lines_below(database: Database, account_id: int, survey: Survey, seq: int) -> int:
    """How many lines of a survey by date are before a seq."""
    block = bisect_right(survey.posts, (seq,)) - 1
    found = _surveyed(database, account_id, survey)
    if block < 0 or found is None:
        return 0
    found.add("seq >= ?", *survey.posts[block])
    found.add("seq < ?", seq)
    walked = database.row(f"SELECT COUNT(*) AS lines FROM entry WHERE {found}", found.values)
    return block * STEP + int(walked.lines)


def _surveyed(database: Database, account_id: int, survey: Survey) -> Conditions | None:
    where = conditions(database, account_id, survey.chosen)
    if where is not None:
        where.add("seq <= ?", survey.last)
    return where


def _left(database: Database, account_id: int, chosen: Filter, last: int) -> int:
    span = conditions(database, account_id, Filter(pool=chosen.pool, until=chosen.until))
    if span is None or chosen.pool is None:
        return 0
    span.add("seq <= ?", last)
    newest = read(database, span, Sort.NEWEST, descending=True, limit=1)
    return newest[0].balance if newest else 0
