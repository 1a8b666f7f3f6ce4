"""What every engine does: what one calls a transaction, a lock or an error, the other calls differently."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from store.engines.guests import for_guests
from store.errors import DatabaseTrouble
from store.paths import files_within_reach
from store.sentences import sentence

_DRIVERS = ("psycopg", "psycopg2", "pymysql", "MySQLdb")


@contextmanager
def _without_drivers() -> Iterator[None]:
    """Hides the drivers that are installed, save those that are in use already."""
    hidden = [name for name in _DRIVERS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


# peewee imports every driver that it finds, which takes twice as long as peewee itself.
with _without_drivers():
    import peewee


class Engine(ABC):
    """One database of one engine.

    name: what people may be told it is called; never with a password. database: peewee's. errors: what it and
    its driver raise. writing, reading: what a transaction that changes, or only reads, begins with.
    """

    name: str
    database: peewee.Database
    errors: tuple[type[Exception], ...]
    writing: str
    reading: str
    for_update = ""
    """What ends a SELECT that locks the rows which it reads."""
    skip_locked = ""
    """What ends a SELECT that locks the rows which it reads, and leaves out those that others have locked."""

    def translated(self, statement: str) -> str:
        """A statement whose parameters are marked by `?`, as the driver marks them."""
        return statement

    @abstractmethod
    def listed(self, field_type: str) -> str:
        """A SELECT of the values in a JSON array, which is its one parameter. field_type: peewee's name for
        the type of the column that they are compared with."""

    def revive(self) -> None:  # noqa: B027 - a file doesn't go away
        """Opens the calling thread's connection anew if the server has gone from it."""

    @abstractmethod
    def prepare(self) -> None:
        """What a new database needs before its tables, outside a transaction."""

    @abstractmethod
    def lock_schema(self) -> None:
        """Within a transaction: makes whoever else would make tables wait for its end."""

    @abstractmethod
    def lock(self, table: str) -> None:
        """Within a transaction: makes whoever else would change a table wait for its end."""

    @abstractmethod
    def wait_for_locks(self, seconds: float | None = None) -> None:
        """For how long the calling thread's connection waits for what others have locked; None: as usual."""

    @abstractmethod
    def changes(self) -> object:
        """A value that is another one once anybody has changed something. The database is open."""

    @abstractmethod
    def described(self) -> list[tuple[str, str]]:
        """For `doctor`: names and values, as of now. The database is open."""

    def standby(self) -> str:
        """As `Database.standby`. The database is open."""
        return ""

    def flaw(self) -> str:
        """What the engine finds wrong when it reads all of the database, in its own words; "" where nothing
        is. The database is open."""
        return ""

    def close(self) -> None:
        """Closes the calling thread's connection, if it is open, and those that nobody uses."""
        self.database.close()

    def trouble(self, error: Exception) -> DatabaseTrouble:
        """An error of the engine's as people are told it."""
        return self.worded(self._trouble(_first_of(error, self.errors)))

    @staticmethod
    def worded(trouble: DatabaseTrouble) -> DatabaseTrouble:
        """Trouble in words for those who hear of it."""
        return trouble if files_within_reach() else for_guests(trouble)

    @abstractmethod
    def _trouble(self, cause: BaseException) -> DatabaseTrouble: ...

    def _unforeseen(self, why: str) -> DatabaseTrouble:
        return DatabaseTrouble(
            sentence(
                "The database {path} reported an error: {why}. Your last change wasn't saved; "
                "everything before it was. Run `textmeter doctor`.",
                path=self.name,
                why=why,
            )
        )


def _first_of(error: BaseException, kinds: tuple[type[Exception], ...]) -> BaseException:
    """The driver's own error, which peewee wraps; the first of several: SQLite rolls back by itself when the
    disk is full, so that the rollback that follows fails too."""
    first, at = error, error.__context__
    while at is not None:
        if isinstance(at, kinds):
            first = at
        at = at.__context__
    return first
