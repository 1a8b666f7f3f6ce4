"""PostgreSQL: a server that several people share.

A statement sees what is committed when it starts, so whatever a change decides on is locked first. In a
deadlock the server undoes a transaction, which must then be done again (`store.database.retried`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from time import perf_counter
from typing import ClassVar

import peewee

from store.engines.engine import Engine
from store.engines.urls import SECRETS
from store.errors import DatabaseTrouble
from store.sentences import N_, Sentence, sentence

try:
    import psycopg

    from store.engines.postgresql_pool import Connections
except ImportError as error:
    raise DatabaseTrouble(
        sentence(
            "The PostgreSQL driver isn't installed, so this database can't be opened. Install "
            "it: pip install 'textmeter[postgresql]'"
        ),
        code="no-driver",
    ) from error

_LOCK = 0x74_65_78_74_6D_65_74
"""The number of the lock of whoever makes tables: "textmet"."""

LOCK_SECONDS = 10

# What a JSON array has in it.
_TEXTS = 'SELECT value COLLATE "C" FROM jsonb_array_elements_text(CAST(%s AS jsonb)) AS value'
_NUMBERS = "SELECT CAST(value AS BIGINT) FROM jsonb_array_elements_text(CAST(%s AS jsonb)) AS value"

_REFUSALS = {
    "password authentication failed": "wrong-password",
    "no password supplied": "wrong-password",
    "does not exist": "no-such-database",
}
"""What a server says when it lets nobody in, as far as it speaks English; it gives no code."""

_STATES = {
    "40001": "conflict",
    "40P01": "conflict",
    "25006": "unwritable",
    "42501": "unwritable",
    "53100": "full",
    "55P03": "locked",
    "57P": "connection-lost",
    "25P03": "connection-lost",
    "08": "connection-lost",
}
"""Codes of ours by the beginning of the server's own (SQLSTATE)."""

_SAYS = {
    "unreachable": N_(
        "Can't reach {path}: {why}. Nothing was changed. Check that the server is running "
        "and the network is up, or choose another database with --database."
    ),
    "wrong-password": N_(
        "{path} doesn't accept this user or password. Nothing was changed. Put both in the "
        "URL, postgresql://user:password@host/name, or the password in PGPASSWORD."
    ),
    "no-such-database": N_(
        "{path} doesn't exist: {why}. Nothing was changed. Ask for it to be created on the "
        "server, or choose another database with --database."
    ),
    "conflict": N_(
        "Others kept changing the same data in {path}, so your last change wasn't saved; "
        "everything before it was. Try again in a moment."
    ),
    "unwritable": N_(
        "Can't write to {path}: {why}. Nothing was changed. Ask for permission to write and "
        "to create tables, or choose another database with --database."
    ),
    "full": N_(
        "The server of {path} is out of disk space. Your last change wasn't saved; "
        "everything before it was. Ask for space to be freed, then try again."
    ),
    "locked": N_(
        "Someone else is changing the same data in {path} and hasn't finished. Nothing was "
        "changed. Try again in a moment."
    ),
    "connection-lost": N_(
        "The connection to {path} was lost. Your last change was either saved completely or "
        "not at all: check before you make it again. Textmeter reconnects on its own."
    ),
}

_QUOTED_OR_MARK = re.compile(r"'[^']*'|\"[^\"]*\"|[?%]")


class PostgreSQL(Engine):
    """A database that a server keeps. parameters: of a connection, under libpq's names."""

    errors = (peewee.PeeweeException, psycopg.Error)
    writing = "READ COMMITTED"
    reading = "REPEATABLE READ, READ ONLY"
    for_update = " FOR UPDATE"
    skip_locked = " FOR UPDATE SKIP LOCKED"

    field_types: ClassVar[dict[str, str]] = {
        # As wide as SQLite's.
        "AUTO": "BIGSERIAL",
        "INT": "BIGINT",
        # Compared by their bytes, as in SQLite, whatever the server's language: sort keys give the order.
        "TEXT": 'TEXT COLLATE "C"',
    }
    # Whoever waits should hear why; and whoever fell asleep in the middle of a change must let go.
    settings: ClassVar[str] = (
        f"SET lock_timeout = '{LOCK_SECONDS}s'; SET idle_in_transaction_session_timeout = '60s'"
    )

    def __init__(self, name: str, parameters: dict[str, str]) -> None:
        self.name = name
        self._has_several_hosts = "," in parameters.get("host", "")
        self._secrets = [parameters[given] for given in SECRETS if given in parameters]
        self.database = self._connections = Connections(
            {"connect_timeout": "10", "application_name": "textmeter", **parameters},
            settings=self.settings,
            refused=self._refusal,
            field_types=self.field_types,
        )

    def translated(self, statement: str) -> str:
        return _translated(statement)

    def listed(self, field_type: str) -> str:
        return _TEXTS if field_type == "TEXT" else _NUMBERS

    def revive(self) -> None:
        self._connections.revive()

    def close(self) -> None:
        super().close()
        self._connections.close_idle()

    def prepare(self) -> None:
        """Nothing: whoever keeps the server has set it up."""

    def lock_schema(self) -> None:
        self.database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))

    def lock(self, table: str) -> None:
        self.database.execute_sql(f'LOCK TABLE "{table}" IN SHARE ROW EXCLUSIVE MODE')

    def wait_for_locks(self, seconds: float | None = None) -> None:
        self.database.execute_sql(f"SET lock_timeout = '{(seconds or LOCK_SECONDS) * 1_000:.0f}ms'")

    def changes(self) -> object:
        """Which transactions are seen: every one that changes something has a number of its own."""
        (seen,) = self.database.execute_sql("SELECT CAST(pg_current_snapshot() AS TEXT)").fetchone()
        return seen

    def described(self) -> list[tuple[str, str]]:
        started = perf_counter()
        (version,) = self.database.execute_sql("SELECT version()").fetchone()
        milliseconds = (perf_counter() - started) * 1_000
        size_of = "SELECT pg_size_pretty(pg_database_size(current_database()))"
        (size,) = self.database.execute_sql(size_of).fetchone()
        return [
            ("server", re.split(r" on | \(", version)[0]),
            ("latency", f"{milliseconds:.1f} ms"),
            ("size", size),
        ]

    def standby(self) -> str:
        (names,) = self.database.execute_sql("SHOW synchronous_standby_names").fetchone()
        if names:
            return "synchronous"
        (standbys,) = self.database.execute_sql("SELECT COUNT(*) FROM pg_stat_replication").fetchone()
        return "asynchronous" if standbys or self._has_several_hosts else ""

    def flaw(self) -> str:
        (failures,) = self.database.execute_sql(
            "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
        return f"checksum_failures = {failures}" if failures else ""

    def _trouble(self, cause: BaseException) -> DatabaseTrouble:
        state = getattr(cause, "sqlstate", None)
        if state is None and isinstance(cause, psycopg.OperationalError):
            return self._told("connection-lost", cause)
        for beginning, code in _STATES.items():
            if (state or "").startswith(beginning):
                return self._told(code, cause)
        return self._unforeseen(self._why(cause))

    def _refusal(self, error: psycopg.Error) -> DatabaseTrouble:
        """Why no connection came about."""
        code = next((code for words, code in _REFUSALS.items() if words in str(error)), "unreachable")
        return self.worded(self._told(code, error))

    def _told(self, code: str, cause: BaseException) -> DatabaseTrouble:
        says = Sentence(_SAYS[code], {"path": self.name, "why": self._why(cause)})
        return DatabaseTrouble(says, code=code)

    def _why(self, cause: BaseException) -> str:
        """The first line of what the driver says; what comes after it is a hint, or the statement."""
        lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
        why = lines[0].rpartition("FATAL:")[2].strip().removesuffix(".") if lines else type(cause).__name__
        for secret in self._secrets:
            why = why.replace(secret, "…")
        return why


@lru_cache(maxsize=512)
def _translated(statement: str) -> str:
    return _QUOTED_OR_MARK.sub(_marked, statement)


def _marked(found: re.Match[str]) -> str:
    text = found[0]
    return "%s" if text == "?" else text.replace("%", "%%")
