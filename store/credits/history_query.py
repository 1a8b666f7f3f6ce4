"""Pages of the history: found by index whatever the filters and the order, so that a page takes as long as it
is, not as the history is.

Raw SQL: a page of 100 of a million lines takes 0.1 ms, by peewee 0.4 to 0.6, and indexes serve row values
only. What is put together here is the names of columns and marks, never a value."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from store.credits.model import Change, Entry, Kind, Pool
from store.credits.row_mapping import entry
from store.database import Database

ORDERED = (*Change, "renewal")
"""The causes of lines whose reference is an order's number."""

Key: TypeAlias = tuple[int, ...]
"""A line's place in an order, as the values of `Sort.columns`."""


class Sort(StrEnum):
    """In which order lines are shown. largest: by the credits that a line speaks of, the newest of equal ones
    first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LARGEST = "largest"

    @property
    def columns(self) -> tuple[str, ...]:
        return ("amount", "seq") if self is Sort.LARGEST else ("seq",)

    @property
    def descending(self) -> bool:
        return self is not Sort.OLDEST

    def key(self, entry: Entry) -> Key:
        return (entry.amount, entry.seq) if self is Sort.LARGEST else (entry.seq,)


class Telling(NamedTuple):
    """All that the words for what caused a line are made of. number: credits waived on such a line, else
    `Entry.count`."""

    kind: Kind
    cause: str
    number: int

    @classmethod
    def of(cls, entry: Entry) -> Telling:
        return cls(entry.kind, entry.cause, entry.amount if entry.kind is Kind.WAIVED else entry.count)


class Selection(NamedTuple):
    """A SELECT of one column, and its values."""

    statement: str
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """What a text that somebody looks for is found in; a line need only be in one of these. tellings: what
    lines tell. about: by causes, the references of lines that are about something in which it is found.
    order: an order's number, "" for none."""

    tellings: frozenset[Telling]
    about: Mapping[str, Selection]
    order: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines are meant; None is all. since, until: local days, both included."""

    pool: Pool | None = None
    kind: Kind | None = None
    since: date | None = None
    until: date | None = None
    matching: Matching | None = None


class Conditions:
    """What follows WHERE, and its values."""

    def __init__(self, account_id: int) -> None:
        self._parts = ["account_id = ?"]
        self.values: list[object] = [account_id]

    def add(self, part: str, *values: object) -> None:
        self._parts.append(part)
        self.values += values

    def and_also(self, part: str, *values: object) -> Conditions:
        """These and one more."""
        more = copy(self)
        more._parts, more.values = [*self._parts, part], [*self.values, *values]
        return more

    def __str__(self) -> str:
        return " AND ".join(self._parts)


def conditions(database: Database, account_id: int, chosen: Filter) -> Conditions | None:
    """The conditions that a filter makes; None where no line can meet them."""
    found = Conditions(account_id)
    if chosen.pool:
        found.add("pool = ?", chosen.pool)
    if chosen.kind:
        found.add("kind = ?", chosen.kind)
    # Days never decrease along seq, so that a span of days is a span of seq.
    if chosen.since:
        first = seq_of_day(database, account_id, chosen.since)
        if first is None:
            return None
        found.add("seq >= ?", first)
    if chosen.until:
        last = last_seq_until(database, account_id, chosen.until)
        if last is None:
            return None
        found.add("seq <= ?", last)
    if chosen.matching:
        found.add(*_matching(chosen.matching))
    return found


def place(key: Key, sort: Sort, comparison: str) -> tuple[str, Key]:
    """The condition that lines are before or after a place in an order, as a row value, which indexes
    serve."""
    return f"({', '.join(sort.columns)}) {comparison} ({', '.join('?' * len(key))})", key


def read(
    database: Database, where: Conditions, sort: Sort, *, descending: bool, limit: int, offset: int = 0
) -> list[Entry]:
    """Lines that meet conditions, along an order or against it. offset: small, since it is walked."""
    direction = " DESC" if descending else ""
    order = ", ".join(f"{column}{direction}" for column in sort.columns)
    found = database.rows(
        f"SELECT * FROM entry WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?", (*where.values, limit, offset)
    )
    return [entry(row) for row in found]


def read_page(
    database: Database, account_id: int, chosen: Filter, sort: Sort, *, after: Key | None, limit: int
) -> list[Entry]:
    """The lines that follow a place in an order, or the first ones."""
    where = conditions(database, account_id, chosen)
    if where is None:
        return []
    if after is not None:
        condition, values = place(after, sort, "<" if sort.descending else ">")
        where.add(condition, *values)
    return read(database, where, sort, descending=sort.descending, limit=limit)


def read_tellings(database: Database, account_id: int, after: int) -> frozenset[Telling]:
    """All that lines tell, of those after a seq; there are far fewer than lines."""
    found = database.rows(
        "SELECT DISTINCT kind, cause, CASE kind WHEN 'waived' THEN amount ELSE count END AS number "
        "FROM entry WHERE account_id = ? AND seq > ?",
        (account_id, after),
    )
    return frozenset(Telling(Kind(row.kind), row.cause, row.number) for row in found)


def seq_of_day(database: Database, account_id: int, day: date) -> int | None:
    """The seq of the first line on a day or after it."""
    row = database.row(
        "SELECT seq FROM entry WHERE account_id = ? AND day >= ? ORDER BY day, seq LIMIT 1",
        (account_id, day.isoformat()),
    )
    return None if row is None else int(row.seq)


def last_seq_until(database: Database, account_id: int, day: date) -> int | None:
    """The seq of the last line on a day or before it."""
    row = database.row(
        "SELECT seq FROM entry WHERE account_id = ? AND day <= ? ORDER BY day DESC, seq DESC LIMIT 1",
        (account_id, day.isoformat()),
    )
    return None if row is None else int(row.seq)


def _matching(matching: Matching) -> tuple[str, *tuple[object, ...]]:
    parts, values = list[str](), list[object]()
    for cause, references in matching.about.items():
        parts.append(f"(cause = ? AND reference IN ({references.statement}))")
        values += [cause, *references.values]
    numbers: dict[tuple[Kind, str], list[int]] = {}
    for kind, cause, number in matching.tellings:
        numbers.setdefault((kind, cause), []).append(number)
    for (kind, cause), some in numbers.items():
        # Numbers stand in the statement itself, since a statement takes only so many values.
        column = "amount" if kind is Kind.WAIVED else "count"
        parts.append(f"(kind = ? AND cause = ? AND {column} IN ({', '.join(map(str, sorted(some)))}))")
        values += [kind, cause]
    if matching.order:
        parts.append(f"(cause IN ({', '.join('?' * len(ORDERED))}) AND reference = ?)")
        values += [*ORDERED, matching.order]
    return f"({' OR '.join(parts)})", *values
