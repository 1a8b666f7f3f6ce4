"""Tables and demo data that were made once and serve many tests.

To make all tables takes as long as most tests do: 40 ms in SQLite, four tenths of a second of a PostgreSQL
server's. So a process makes each set of them once. A new SQLite file gets a copy; a schema that a test leaves
is emptied, and the next one that wants its tables has it under its own name. All else is as it was: whoever
opens a database finds what `Database.migrate` would have made.

Demo data takes seconds: a run makes it once for each language and seed. `program` runs the command line with
that, for tests that start it and aren't about how demo data comes about.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
import threading
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeAlias

import psycopg

from store import demo
from store.database import Database, Table
from store.demo.languages import LANGUAGE, spoken
from store.engines.sqlite import SQLite
from store.schema import SCHEMA_VERSION
from tests.environment import OTHER_SERVER

Tables: TypeAlias = tuple[str, ...]
"""The names of a set of tables, as they are declared."""

SCHEMA = "test_"
"""What the names of tests' schemas begin with."""

_make = Database.migrate
_invent = demo.make
_one_at_a_time = threading.RLock()


def install(run: Path) -> None:
    """Has the tables of all databases of this process made so, and demo data. run: a folder that the
    processes of a run share."""
    Database.migrate = _migrate  # type: ignore[assignment, method-assign]
    demo.make = partial(_make_demo, run)
    _runs.append(run)


_runs: list[Path] = []

_PROGRAM = """
import sys
from pathlib import Path

from tests import templates
from tui.commands import main

templates.install(Path(sys.argv.pop(1)))
sys.exit(main())
"""


def program() -> tuple[str, str]:
    """What `python -c` runs in the checkout as the command line, with what was made; a command follows."""
    return _PROGRAM, str(_runs[-1])


def _migrate(database: Database, tables: Iterable[type[Table]]) -> None:
    declared = list(tables)
    names = tuple(str(table._meta.table_name) for table in declared)
    give = _copied if isinstance(database._engine, SQLite) else _handed_on
    with _one_at_a_time, give(database, names):
        _make(database, declared)


def _make_demo(run: Path, path: Path, language: str = LANGUAGE, seed: int = demo.SEED) -> None:
    """`demo.make`, which copies what the run has made."""
    kept = run / f"demo-{spoken(language)}-{seed}.sqlite3"
    with (run / "demo").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        if not kept.exists():
            _invent(kept.with_suffix(".new"), language, seed)
            kept.with_suffix(".new").rename(kept)
    path.touch(mode=0o600)
    shutil.copyfile(kept, path)


# SQLite

_files: dict[Tables, Path] = {}
_folder = tempfile.TemporaryDirectory(prefix="textmeter-tables-", ignore_cleanup_errors=True)


@contextmanager
def _copied(database: Database, names: Tables) -> Iterator[None]:
    """Copies the tables into a file in which there is nothing yet; where they aren't made yet, keeps those
    that are made within."""
    path = database._engine.path  # type: ignore[attr-defined] # SQLite's
    if path.stat().st_size:
        yield
    elif names in _files:
        shutil.copyfile(_files[names], path)
        yield
    else:
        yield
        kept = Path(_folder.name, f"{len(_files)}.sqlite3")
        with closing(sqlite3.connect(path)) as made, closing(sqlite3.connect(kept)) as copy:
            made.backup(copy)
        _files[names] = kept


# PostgreSQL

_spare: dict[Tables, list[str]] = defaultdict(list)
_made: dict[str, tuple[Tables, str]] = {}
"""By their schemas' names: which tables were made there, and what they were like then."""

_HAS_TABLES = "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = %(of)s::regnamespace)"

# Whatever changes a table, or gives it an index or a trigger, writes one of these rows anew.
_STATE = """
    SELECT md5(string_agg(concat(what, ':', xmin), ' ' ORDER BY what)) FROM (
        SELECT concat('class ', oid) AS what, xmin::text FROM pg_class
        WHERE relnamespace = %(of)s::regnamespace
        UNION ALL
        SELECT concat('function ', oid), xmin::text FROM pg_proc WHERE pronamespace = %(of)s::regnamespace
        UNION ALL
        SELECT concat('column ', attrelid, '.', attnum), a.xmin::text FROM pg_attribute AS a
        JOIN pg_class AS c ON c.oid = attrelid AND relnamespace = %(of)s::regnamespace
    ) AS rows
"""

_SIZE = """
    SELECT coalesce(sum(pg_relation_size(oid)), 0) FROM pg_class WHERE relnamespace = %(of)s::regnamespace
"""
LARGE = 8 << 20
"""Bytes from which a schema isn't handed on: rows that are gone still lie in its tables."""

_OTHERS = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

# In any order, since all goes; not TRUNCATE, which makes every file anew.
_EMPTY = """
    DO $$
    DECLARE one regclass;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOR one IN SELECT oid FROM pg_class WHERE relnamespace = '{schema}'::regnamespace AND relkind = 'r'
            AND relname <> 'schema_version' AND pg_relation_size(oid) > 0
        LOOP EXECUTE 'DELETE FROM ' || one; END LOOP;
        FOR one IN SELECT oid FROM pg_class WHERE relnamespace = '{schema}'::regnamespace AND relkind = 'S'
        LOOP PERFORM setval(one, 1, false); END LOOP;
    END $$
"""


@cache
def _server(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True)


@contextmanager
def schema(server: str) -> Iterator[str]:
    """The URL of a new schema in a database that is this process's own. At its end it goes, or serves the
    next one that wants its tables."""
    name = f"{SCHEMA}{uuid.uuid4().hex}"
    _server(server).execute(f"CREATE SCHEMA {name}".encode())
    _at[name] = server
    try:
        yield f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{name}"
    finally:
        _leave(_server(_at.pop(name)), name)


_at: dict[str, str] = {}
"""The URLs of the databases in which there are schemas, by their names."""


@contextmanager
def _handed_on(database: Database, names: Tables) -> Iterator[None]:
    """Gives a schema in which there is nothing yet the tables of one that was left; where none was, remembers
    what those are like that are made within."""
    with database.connection():
        [(name,)] = database.execute("SELECT current_schema()").fetchall()
    if name not in _at or _one(_server(_at[name]), _HAS_TABLES, name):
        yield
        return
    server = _server(_at[name])
    if _spare[names]:
        spare = _spare[names].pop()
        server.execute(f"DROP SCHEMA {name}; ALTER SCHEMA {spare} RENAME TO {name}".encode())
        _made[name] = _made.pop(spare)
        yield
    else:
        yield
        _made[name] = names, _one(server, _STATE, name)


def _leave(server: psycopg.Connection[Any], name: str) -> None:
    names, state = _made.pop(name, ((), None))
    ours = OTHER_SERVER not in os.environ  # else others may be at work in this database
    if ours and state and _one(server, _STATE, name) == state and _one(server, _SIZE, name) <= LARGE:
        server.execute(_OTHERS)  # who is still there, as after a kill, would write into the next one's
        spare = f"spare_{name}"
        server.execute(_EMPTY.format(schema=name).encode())
        if _one(server, f"SELECT version FROM {name}.schema_version") == SCHEMA_VERSION:
            server.execute(f"ALTER SCHEMA {name} RENAME TO {spare}".encode())
            _made[spare] = names, state
            _spare[names].append(spare)
            return
    server.execute(f"DROP SCHEMA {name} CASCADE".encode())


def _one(server: psycopg.Connection[Any], query: str, schema: str = "") -> Any:
    """The one value that is found."""
    found = server.execute(query.encode(), {"of": schema} if schema else None).fetchone()
    assert found is not None
    return found[0]
