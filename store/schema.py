"""The version of the schema that a database has: read, refused where it is newer or not ours, and made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from store.engines.engine import Engine  # isort: split

import peewee

from store.errors import DatabaseTrouble
from store.sentences import sentence

if TYPE_CHECKING:
    from store.migrations import Step

SCHEMA_VERSION = 7


class SchemaVersion(peewee.Model):
    """One row: the version of the schema that the tables have."""

    version = peewee.IntegerField()

    class Meta:
        legacy_table_names = False


class Schema:
    """The schema of an open database, by its engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connections = engine.database

    def version(self) -> int:
        """The version that the tables have, 0 where there are none. Raises DatabaseTrouble where others
        are."""
        there = self._connections.get_tables()
        if "schema_version" in there:
            row = self._execute("SELECT version FROM schema_version").fetchone()
            if row and not (isinstance(row[0], int) and row[0] > 0):
                raise DatabaseTrouble(
                    sentence(
                        "{path} is damaged or isn't a database. It was left as it is. Restore a backup "
                        "there, or choose another file with --database.",
                        path=self._engine.name,
                    ),
                    code="corrupt",
                )
            if row and row[0] > SCHEMA_VERSION:
                raise DatabaseTrouble(
                    sentence(
                        "{path} was made by a newer version of Textmeter. Nothing was changed. Install the "
                        "latest Textmeter, or choose another database with --database.",
                        path=self._engine.name,
                    ),
                    code="newer-database",
                )
            return int(row[0]) if row else 0
        if there:
            raise DatabaseTrouble(
                sentence(
                    "{path} is another program's database. Nothing was changed. Choose another with "
                    "--database.",
                    path=self._engine.name,
                ),
                code="foreign-database",
            )
        return 0

    def make(self, tables: Sequence[type[peewee.Model]]) -> None:
        """Within a transaction: makes the tables that are missing, and brings older ones up to date."""
        self._engine.lock_schema()
        version = self.version()
        if version == SCHEMA_VERSION:  # another process was faster
            return
        if version:
            from store.migrations import UPGRADES

            for older in range(version, SCHEMA_VERSION):
                self._take(UPGRADES[older])
        declared = peewee.sort_models([SchemaVersion, *tables])  # type: ignore[attr-defined] # no types
        for table in declared:
            peewee.SchemaManager(table, self._connections).create_all(safe=True)  # on no other database
        if version:
            from store.migrations import FILLS

            for older in range(version, SCHEMA_VERSION):
                self._take(FILLS.get(older, ()))
            self._execute("UPDATE schema_version SET version = ?", (SCHEMA_VERSION,))
        else:
            self._execute("INSERT INTO schema_version (version) VALUES (?)", (SCHEMA_VERSION,))

    def _take(self, steps: Iterable[Step]) -> None:
        there = {"", *self._connections.get_tables()}
        for step in steps:
            if step.table in there and step.engine in ("", type(self._engine).__name__):
                self._execute(step.statement, step.values)

    def _execute(self, statement: str, parameters: Sequence[object] = ()) -> Any:
        return self._connections.execute_sql(self._engine.translated(statement), parameters)
