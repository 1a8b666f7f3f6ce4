"""SQLite: a file, and one writer at a time."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from pathlib import Path

import peewee

from store.engines.engine import Engine
from store.errors import DatabaseTrouble, reason
from store.paths import files_within_reach
from store.sentences import sentence

BUSY_SECONDS = 5


class SQLite(Engine):
    """A database in a file. The file and its folder are made where they are missing, readable by their owner
    only."""

    # What a damaged file holds in place of text may be no UTF-8; sqlite3 lets it through as it is.
    errors = (peewee.PeeweeException, sqlite3.DatabaseError, UnicodeDecodeError)
    # Taking the write lock at the start avoids the deadlock of two readers that both want to write.
    writing = "IMMEDIATE"
    reading = "DEFERRED"

    def __init__(self, path: Path) -> None:
        self.path = path
        # Where it lies is nothing to people whom this machine's files don't concern.
        self.name = str(path) if files_within_reach() else path.name
        self._prepare_file()
        self.database = self._file = peewee.SqliteDatabase(
            str(path),
            # FULL makes a commit outlive a power cut.
            pragmas={"synchronous": "full", "foreign_keys": 1},
            timeout=BUSY_SECONDS,
        )
        self._counting = threading.Lock()
        self._counter: list[sqlite3.Connection] = []
        weakref.finalize(self, _close_all, self._counter)

    def _prepare_file(self) -> None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
        except OSError as error:
            says = sentence(
                "Textmeter can't write to {path}: {why}. Nothing was changed. Choose another place "
                "with --database, or make the folder writable.",
                path=self.name,
                why=reason(error),
            )
            raise self.worded(DatabaseTrouble(says, code="unwritable")) from error

    def listed(self, field_type: str) -> str:
        return "SELECT value FROM json_each(?)"

    def prepare(self) -> None:
        # WAL lets screens read while a blast is written. The file remembers it.
        self._file.pragma("journal_mode", "wal")

    def lock_schema(self) -> None:
        """A transaction that changes has locked everything already."""

    def lock(self, table: str) -> None:
        """Likewise."""

    def wait_for_locks(self, seconds: float | None = None) -> None:
        self._file.execute_sql(f"PRAGMA busy_timeout = {(seconds or BUSY_SECONDS) * 1_000:.0f}")

    def changes(self) -> object:
        """SQLite tells one connection whether others committed something, so this one has to last."""
        with self._counting:
            if not self._counter:
                # Whichever thread asks next, and only one does at a time.
                self._counter.append(sqlite3.connect(self.path, check_same_thread=False))
            (version,) = self._counter[0].execute("PRAGMA data_version").fetchone()
        return version

    def close(self) -> None:
        super().close()
        with self._counting:
            _close_all(self._counter)

    def described(self) -> list[tuple[str, str]]:
        return [("sqlite", sqlite3.sqlite_version)]

    def flaw(self) -> str:
        (answer,) = self._file.execute_sql("PRAGMA integrity_check(1)").fetchone()
        if answer != "ok":
            return str(answer)
        lost = self._file.execute_sql("PRAGMA foreign_key_check").fetchone()
        return f"{lost[0]}, {lost[2]}" if lost else ""

    def _trouble(self, cause: BaseException) -> DatabaseTrouble:
        code = getattr(cause, "sqlite_errorname", "")
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return DatabaseTrouble(
                sentence(
                    "{path} is locked by another program. Nothing was changed. Close that program, or "
                    "try again in a moment.",
                    path=self.name,
                ),
                code="locked",
            )
        if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")) or isinstance(cause, UnicodeDecodeError):
            return DatabaseTrouble(
                sentence(
                    "{path} is damaged or isn't a database. It was left as it is. Restore a backup "
                    "there, or choose another file with --database.",
                    path=self.name,
                ),
                code="corrupt",
            )
        if code.startswith("SQLITE_FULL"):
            return DatabaseTrouble(
                sentence(
                    "The disk of {path} is full. Your last change wasn't saved; everything before it "
                    "was. Free some space and try again.",
                    path=self.name,
                ),
                code="full",
            )
        if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            return DatabaseTrouble(
                sentence(
                    "Can't write to {path}. Nothing was changed. Make the file and its folder writable, "
                    "or choose another with --database.",
                    path=self.name,
                ),
                code="unwritable",
            )
        return self._unforeseen(str(cause))


def _close_all(connections: list[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()
