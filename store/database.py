"""A URL becomes a database: connections, queries and the one transaction helper.

One process works on one database, for one person: tables are declared on `proxy`, which `Database` points at
what it opens. Connections belong to threads; `connection()` opens the calling thread's where needed. What
differs between engines is in `store.engines`.
"""

from __future__ import annotations

import contextlib
import functools
import random
import time
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from store.engines import open_engine  # isort: split

import peewee

from store.engines.urls import is_served
from store.errors import DatabaseTrouble
from store.prepared import Bound, Place, listed
from store.roles import LOCAL, Person, Role
from store.schema import SCHEMA_VERSION, Schema

TRIES = 12
"""How often a change is begun that others keep undoing: for four seconds or so."""

A_MOMENT = 0.2
"""Seconds for which what can be made later waits for others."""

proxy = peewee.DatabaseProxy()

S = TypeVar("S", bound="HasDatabase")
T = TypeVar("T")
P = ParamSpec("P")


class Table(peewee.Model):
    """The base of all tables."""

    class Meta:
        database = proxy
        legacy_table_names = False


def person_column() -> peewee.TextField:
    """A column for whose a row is, or whose doing: a name, "" for nobody's."""
    return words_column()


def words_column() -> peewee.TextField:
    """A column for words that rows made before it was there have none of: "" then."""
    return peewee.TextField(default="", constraints=[peewee.SQL("DEFAULT ''")])


class Cursor(Protocol):
    """What a statement found or did."""

    @property
    def description(self) -> Sequence[Any] | None: ...

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Database:
    """An open database.

    url: a path, `sqlite:///path` or `postgresql://user:password@host:port/name`.
    A file and its folder are made where they are missing, readable by their owner only. person: who works on
    it. name: what people may be told it is called; is_served: whether a server keeps it, not a file. Raises
    WrongUsage where the URL can't be read, and DatabaseTrouble with a way out.
    """

    def __init__(self, url: str, person: Person = LOCAL) -> None:
        self.person = person
        self._engine = open_engine(url)
        self._connections = self._engine.database
        self.name = self._engine.name
        self.is_served = is_served(url)
        proxy.initialize(self._connections)

    @contextlib.contextmanager
    def connection(self) -> Iterator[None]:
        """The calling thread's connection, open for the length of the block; may be nested."""
        with self._told_to_people(), self._connections.connection_context():
            self._engine.revive()
            yield

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """A transaction for reading: all that is read in it is of one moment, while others go on writing."""
        with self._within(self._engine.reading):
            yield

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction that changes something. A nested one joins the outer one, so that what belongs
        together is committed together or not at all.

        SQLite lets one at a time in. Elsewhere others are under way: what a change decides on, it reads
        `for_update`, and its method is a `unit_of_work`.
        """
        with self._within(self._engine.writing):
            yield

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of a transaction that is undone alone where it raises."""
        with self._connections.savepoint():
            yield

    @property
    def in_transaction(self) -> bool:
        """Whether the calling thread is within a transaction: it sees what only that has changed."""
        return bool(self._connections.in_transaction())

    @contextlib.contextmanager
    def _within(self, begun: str) -> Iterator[None]:
        """The outer transaction where there is one, else one of its own, begun like this."""
        with self.connection():
            if self._connections.in_transaction():
                yield
            else:
                with self._connections.transaction(begun):
                    yield

    def retry(self, change: Callable[[], T]) -> T:
        """Makes a change, and makes it again where the engine undid it for the sake of another's. Within a
        transaction it is made once: whoever began that makes all of it again."""
        tried = 1
        while True:
            try:
                return change()
            except DatabaseTrouble as trouble:
                self.wait_to_try_again(trouble, tried)
            tried += 1

    def wait_to_try_again(self, trouble: DatabaseTrouble, tried: int) -> None:
        """Waits before a change that the engine undid is begun again; tried: how often it was. Raises the
        trouble where it is another, or beginning again is somebody else's or has no end."""
        if trouble.code != "conflict" or tried == TRIES or self._connections.in_transaction():
            raise trouble
        # Random, so that those who met don't meet again.
        time.sleep(random.uniform(0, min(0.01 * 2**tried, 0.5)))

    def run(self, query: Any) -> Any:
        """One query of peewee's that changes something, on this database, whichever was opened last: how many
        rows it changed, or the number of the one that it added."""
        if isinstance(query, Bound):
            return self.cursor(query).rowcount
        return query.execute(self._connections)

    def run_unless_locked(self, query: Any) -> None:
        """Makes a small change that may as well be made later: not where somebody else has locked what it
        changes, which is waited for a moment only."""
        if self._connections.in_transaction():
            self.run(query)
            return
        with self.connection():
            self._engine.wait_for_locks(A_MOMENT)
            try:
                with self._told_to_people():
                    self.run(query)
            except DatabaseTrouble as trouble:
                if trouble.code != "locked":
                    raise
            finally:
                self._engine.wait_for_locks()

    def find(self, query: Any) -> list[Any]:
        """The rows that a SELECT of peewee's finds, their columns read by their names. (Its `namedtuples`
        makes a class for each query, which takes longer than most.)"""
        return list(query.objects(SimpleNamespace).execute(self._connections))

    def first(self, query: Any) -> Any:
        """The first row that a SELECT of peewee's finds, likewise, or None."""
        return next(iter(self.find(query)), None)

    def each(self, query: Any) -> Iterator[Any]:
        """The rows that a query of peewee's finds, none of which is kept: there may be a million."""
        rows: Iterator[Any] = query.iterator(self._connections)
        return rows

    def scalar(self, query: Any) -> Any:
        """The first column of the first row that a query of peewee's finds, None where it finds none."""
        if isinstance(query, Bound):
            rows = self.cursor(query).fetchall()  # all, since a change that returns something ends only then
            return rows[0][0] if rows else None
        return query.scalar(self._connections)

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Any]:
        """What one statement finds: rows whose columns are read by their names."""
        return _named(self.execute(statement, parameters))

    def row(self, statement: str, parameters: Sequence[object] = ()) -> Any:
        """The one row that a statement finds, likewise, or None."""
        found = self.rows(statement, parameters)
        return found[0] if found else None

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> Cursor:
        """One statement, its parameters marked by `?`, on the calling thread's connection."""
        cursor: Cursor = self._connections.execute_sql(self._engine.translated(statement), parameters)
        return cursor

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> int:
        """The driver's own bulk execution inside the present transaction (three times faster than
        `insert_many`, thirty times than models). The number of changed rows."""
        cursor = self._connections.cursor()
        cursor.executemany(self._engine.translated(statement), rows)
        return max(0, int(cursor.rowcount))

    def fetch(self, query: Any) -> list[Any]:
        """What a query of peewee's finds, as `rows` gives it: the driver's own values, for many rows, since
        peewee would take several times as long to look at each."""
        return _named(self.cursor(query))

    def cursor(self, query: Any) -> Cursor:
        """Likewise, row by row as the driver gives them, where even a name for each column takes too long."""
        if isinstance(query, Bound):
            cursor: Cursor = self._connections.execute_sql(*query.query.statement(self, query.values))
        else:
            cursor = self._connections.execute(query)
        return cursor

    @property
    def engine(self) -> str:
        """The name of the kind of engine."""
        return type(self._engine).__name__

    def sql(self, query: Any) -> tuple[str, list[Any]]:
        """A query of peewee's as this engine's SQL, and its parameters."""
        sql, parameters = self._connections.get_sql_context().sql(query).query()
        return sql, list(parameters)

    def among(self, column: peewee.Field, values: Iterable[str] | Iterable[int] | Place) -> peewee.Expression:
        """For a query of peewee's: that a column has one of many values, which are one parameter, while those
        of `in_` are bounded, and each takes its time. A place takes them as `listed`."""
        values_of = self._engine.listed(str(column.field_type))
        given = values.given if isinstance(values, Place) else listed(values)
        return column.in_(peewee.SQL(f"({values_of})", [given]))

    def locking(self, query: Any, *, skip_locked: bool = False) -> Any:
        """A query of peewee's that locks the rows which it reads, as `for_update` or `skip_locked` does."""
        lock = (self.skip_locked if skip_locked else self.for_update).strip()
        return query.for_update(lock) if lock else query

    @property
    def for_update(self) -> str:
        """What ends a SELECT that locks the row which it reads until the transaction ends; "" where a
        transaction holds the one write lock anyhow. Lock one table by a statement of its own, and read after
        it: what that statement joins is of the moment before it had to wait."""
        return self._engine.for_update

    @property
    def skip_locked(self) -> str:
        """What ends a SELECT that locks the row which it reads, and passes over those that others have
        locked; "" where nobody else can have locked any."""
        return self._engine.skip_locked

    def lock(self, table: type[Table]) -> None:
        """Within a transaction: lets nobody else change a table before its end. For changes that decide on
        what a table has, where no row stands for all of it."""
        self._engine.lock(str(table._meta.table_name))

    def migrate(self, tables: Iterable[type[Table]]) -> None:
        """Makes the tables of a new database, brings those of an older Textmeter up to date, and refuses a
        database of a newer version, or one that isn't ours. tables: looked at only where there is something
        to make."""
        with self.connection():
            schema = Schema(self._engine)
            version = schema.version()
            if version == SCHEMA_VERSION:
                return
            if not version:
                self._engine.prepare()
            declared = list(tables)

            def make() -> None:
                with self.transaction():
                    schema.make(declared)

            self.retry(make)

    def changes(self) -> object:
        """A value that is another one once anybody, here or in another process, has changed something."""
        with self.connection():
            return self._engine.changes()

    def described(self) -> list[tuple[str, str]]:
        """What `doctor` tells of the engine: names and values."""
        with self.connection():
            return self._engine.described()

    def standby(self) -> str:
        """Of a server that another one stands in for: "synchronous" where that has all that is committed,
        "asynchronous" where it may lack the last of it; "" where none is known."""
        with self.connection():
            return self._engine.standby()

    def flaw(self) -> str:
        """What the engine finds wrong with the database, in its own words; "" where nothing is."""
        with self.connection():
            return self._engine.flaw()

    def close(self) -> None:
        """Closes the calling thread's connection, if it is open."""
        self._engine.close()

    @contextlib.contextmanager
    def _told_to_people(self) -> Iterator[None]:
        try:
            yield
        # peewee wraps what its own statements raise; bulk execution and fetching rows are the driver's.
        except self._engine.errors as error:
            raise self._engine.trouble(error) from error


class HasDatabase(Protocol):
    """An object that works on a database."""

    _database: Database


def unit_of_work(
    needs: Role | None = None,
) -> Callable[[Callable[Concatenate[S, P], T]], Callable[Concatenate[S, P], T]]:
    """For a public method that makes one change, in transactions, of its object's `_database` and of nothing
    else. The person at work is looked at (RefusedByRule where the role doesn't cover the one it needs), the
    connection is open, and where the engine undoes the change for the sake of another's, it is made again."""

    def at_the_door(change: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
        # One frame, not one for each of these: changes are made within others.
        @functools.wraps(change)
        def door(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
            database = self._database
            if needs is not None:
                database.person.check(needs)
            tried = 1
            while True:
                try:
                    with database.connection():
                        return change(self, *args, **kwargs)
                except DatabaseTrouble as trouble:
                    database.wait_to_try_again(trouble, tried)
                tried += 1

        return door

    return at_the_door


retried = unit_of_work()
"""As `unit_of_work`, for what everybody may do, or time does."""


def _named(cursor: Cursor) -> list[Any]:
    named = _row_type(tuple(column[0] for column in cursor.description or ()))
    return [named(row) for row in cursor]


@functools.lru_cache(maxsize=256)
def _row_type(names: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    row: Any = namedtuple("Row", names)  # type: ignore[misc]
    make: Callable[[Iterable[Any]], Any] = row._make
    return make
