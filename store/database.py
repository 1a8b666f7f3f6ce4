"""A URL becomes a database: connections, pragmas, the schema's version and the one transaction helper.

One process works on one database: tables are declared on `proxy`, which `Database` points at the file it
opens. Connections belong to threads; `connection()` opens the calling thread's where needed. Only this module
knows which engine it is, and only it turns the engine's errors into sentences.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import peewee

from store.errors import DatabaseTrouble, WrongUsage, reason
from store.paths import typed_path
from store.sentences import sentence

SCHEMA_VERSION = 1

BUSY_SECONDS = 5

proxy = peewee.DatabaseProxy()


class Table(peewee.Model):
    """The base of all tables."""

    class Meta:
        database = proxy
        legacy_table_names = False


class SchemaVersion(Table):
    """One row: the version of the schema that the tables have."""

    version = peewee.IntegerField()


class Database:
    """An open database.

    url: a path, or `sqlite:///path`. The file and its folder are made where they are missing, readable by
    their owner only. Raises DatabaseTrouble with a way out.
    """

    def __init__(self, url: str) -> None:
        self.path = database_path(url)
        self._prepare_file()
        self._engine = peewee.SqliteDatabase(
            str(self.path),
            # FULL makes a commit outlive a power cut.
            pragmas={"synchronous": "full", "foreign_keys": 1},
            timeout=BUSY_SECONDS,
        )
        proxy.initialize(self._engine)

    def _prepare_file(self) -> None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
        except OSError as error:
            raise DatabaseTrouble(
                sentence(
                    "Textmeter can't write to {path}: {why}. Nothing was changed. "
                    "Name another place with --database, or make the folder writable.",
                    path=str(self.path),
                    why=reason(error),
                ),
                code="unwritable",
            ) from error

    @contextlib.contextmanager
    def connection(self) -> Iterator[None]:
        """The calling thread's connection, open for the length of the block; may be nested."""
        with self._told_to_people(), self._engine.connection_context():
            yield

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """A transaction for reading: all that is read in it is of one moment, while others go on writing."""
        with self._within("DEFERRED"):
            yield

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction that holds the write lock from its start. A nested one joins the outer one, so that
        what belongs together is committed together or not at all."""
        # Taking the write lock at the start avoids the deadlock of two readers that both want to write.
        with self._within("IMMEDIATE"):
            yield

    @contextlib.contextmanager
    def _within(self, lock: str) -> Iterator[None]:
        """The outer transaction where there is one, else one of its own with this lock."""
        with self._told_to_people(), self._engine.connection_context():
            if self._engine.in_transaction():
                yield
            else:
                with self._engine.transaction(lock):
                    yield

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> sqlite3.Cursor:
        """One statement, its parameters marked by `?`, on the calling thread's connection."""
        cursor: sqlite3.Cursor = self._engine.execute_sql(statement, parameters)
        return cursor

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> int:
        """The driver's own bulk execution inside the present transaction (three times faster than
        `insert_many`, thirty times than models). The number of changed rows."""
        return int(self._engine.cursor().executemany(statement, rows).rowcount)

    def migrate(self, tables: Sequence[type[Table]]) -> None:
        """Makes the tables of a new database; refuses a database of a newer version, or one that isn't
        ours."""
        with self.connection():
            if SchemaVersion.table_exists():
                version = SchemaVersion.select().get().version
                if version > SCHEMA_VERSION:
                    raise DatabaseTrouble(
                        sentence(
                            "{path} was made by a newer Textmeter. Nothing was changed. "
                            "Install the newest Textmeter, or name another database with --database.",
                            path=str(self.path),
                        ),
                        code="newer-database",
                    )
                return
            tables_there = self._engine.get_tables()
            if tables_there and "schema_version" not in tables_there:
                raise DatabaseTrouble(
                    sentence(
                        "{path} is a database of another program. Nothing was changed. "
                        "Name another file with --database.",
                        path=str(self.path),
                    ),
                    code="foreign-database",
                )
            # WAL lets screens read while a blast is written. The file remembers it.
            self._engine.pragma("journal_mode", "wal")
            with self.transaction():
                if SchemaVersion.table_exists():  # another process was faster
                    return
                self._engine.create_tables([SchemaVersion, *tables])
                SchemaVersion.create(version=SCHEMA_VERSION)

    @property
    def for_update(self) -> str:
        """What ends a SELECT that locks the row it reads until the transaction ends: "" where a transaction
        holds the one write lock anyhow. Lock one table by a statement of its own, and read after it: what that
        statement joins is of the moment before it had to wait."""
        return ""

    def close(self) -> None:
        """Closes the calling thread's connection, if it is open."""
        self._engine.close()

    @contextlib.contextmanager
    def _told_to_people(self) -> Iterator[None]:
        try:
            yield
        # peewee wraps what its own statements raise; bulk execution and fetching rows are the driver's.
        except (peewee.DatabaseError, sqlite3.DatabaseError) as error:
            raise self._trouble(error) from error

    def _trouble(self, error: Exception) -> DatabaseTrouble:
        cause = _first_cause(error)
        name = getattr(cause, "sqlite_errorname", "")
        path = str(self.path)
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return DatabaseTrouble(
                sentence(
                    "{path} is in use by another program that doesn't let go. Nothing was changed. "
                    "Close that program, or try again in a moment.",
                    path=path,
                ),
                code="locked",
            )
        if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            return DatabaseTrouble(
                sentence(
                    "{path} is damaged or no database. It was left as it is. "
                    "Put a backup in its place, or name another file with --database.",
                    path=path,
                ),
                code="corrupt",
            )
        if name.startswith("SQLITE_FULL"):
            return DatabaseTrouble(
                sentence(
                    "There is no room left on the disk of {path}. The last change was not made; "
                    "all before it is kept. Free some room and try again.",
                    path=path,
                ),
                code="full",
            )
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            return DatabaseTrouble(
                sentence(
                    "{path} can't be written. Nothing was changed. "
                    "Make the file and its folder writable, or name another with --database.",
                    path=path,
                ),
                code="unwritable",
            )
        return DatabaseTrouble(
            sentence(
                "The database {path} answered with an error: {why}. The last change was not made; "
                "all before it is kept. Run `textmeter doctor`.",
                path=path,
                why=str(cause),
            )
        )


def _first_cause(error: BaseException) -> BaseException:
    """The driver's own error, which peewee wraps; the first of several: SQLite rolls back by itself when the
    disk is full, so that the rollback that follows fails too."""
    while error.__context__ is not None:
        error = error.__context__
    return error


def database_path(url: str) -> Path:
    scheme, separator, rest = url.partition("://")
    if not separator:
        return typed_path(url)
    if scheme != "sqlite":
        raise WrongUsage(
            sentence("Textmeter can't open {url}: it takes a path or sqlite:///path.", url=url),
            code="database-url",
        )
    return typed_path(rest.removeprefix("/"))


def sqlite_version() -> str:
    """The version of the SQLite library, for `doctor`."""
    return sqlite3.sqlite_version
