"""The database keeps a transaction whole, is nobody else's, and makes again what others undid; on each
engine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.config import default_database
from store.database import TRIES, Database, retried
from store.errors import DatabaseTrouble
from store.prepared import Prepared
from store.schema import SCHEMA_VERSION
from store.sentences import sentence
from store.settings import Setting, Settings
from tests.environment import CHECKOUT
from tests.store.opened import opened


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


def test_what_was_written_is_there_after_closing(url: str) -> None:
    settings = opened(url)
    settings.write("theme", "day")
    settings.write("theme", "night")
    settings._database.close()
    assert opened(url).read("theme") == "night"
    assert settings.read("never set") is None


def test_a_transaction_that_fails_leaves_nothing_of_itself_or_of_those_within(url: str) -> None:
    settings = opened(url)
    database = settings._database

    def fails_halfway() -> None:
        with database.transaction():
            settings.write("outer", "1")
            with database.transaction():
                settings.write("inner", "2")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_halfway()
    assert (settings.read("outer"), settings.read("inner")) == (None, None)


def test_a_statement_that_fails_is_told_and_undoes_its_transaction(url: str) -> None:
    settings = opened(url)
    with pytest.raises(DatabaseTrouble, match="textmeter doctor"), settings._database.transaction():
        settings.write("theme", "day")
        settings._database.execute("INSERT INTO setting (name, value) VALUES (?, ?)", ("theme", "night"))
    assert settings.read("theme") is None


def test_a_bulk_write_tells_how_many_rows_changed(url: str) -> None:
    settings = opened(url)
    insert = "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING"
    with settings._database.transaction():
        assert settings._database.executemany(insert, [("a", "1"), ("b", "2"), ("a", "3")]) == 2
        assert settings._database.executemany(insert, iter([])) == 0
    assert settings.read("a") == "1"


def test_marks_and_percent_signs_in_texts_are_left_alone(url: str) -> None:
    database = opened(url)._database
    with database.connection():
        found = database.execute(
            """SELECT '?', 'it''s 100 %s', 'a%' LIKE ?, ? AS "?" """, ("a%", "x")
        ).fetchone()
    assert found == ("?", "it's 100 %s", True, "x")


def test_sums_are_whole_numbers_and_as_wide_as_they_are(url: str) -> None:
    database = opened(url)._database
    with database.transaction():
        database.execute("UPDATE schema_version SET version = ?", (2**62,))
        total, biggest = database.execute("SELECT SUM(version), MAX(version) FROM schema_version").fetchone()
    assert (total, type(total), biggest) == (2**62, int, 2**62)


def test_a_database_of_a_newer_textmeter_is_left_as_it_is(url: str) -> None:
    database = opened(url)._database
    with database.transaction():
        database.execute("UPDATE schema_version SET version = ?", (SCHEMA_VERSION + 1,))
    with pytest.raises(DatabaseTrouble, match="Install the latest Textmeter") as trouble:
        opened(url)
    assert trouble.value.code == "newer-database"


def test_a_database_of_another_program_is_left_as_it_is(url: str) -> None:
    database = Database(url)
    with database.transaction():
        database.execute("CREATE TABLE songs (title TEXT)")
    with pytest.raises(DatabaseTrouble, match="Choose another") as trouble:
        opened(url)
    assert trouble.value.code == "foreign-database"
    with pytest.raises(DatabaseTrouble), database.connection():
        database.execute("SELECT * FROM setting")


OPEN = """
import sys
from store import Store
print("ready", flush=True)
sys.stdin.readline()
Store(sys.argv[1]).settings.write(sys.argv[2], "opened")
"""


def test_several_processes_may_be_the_first_to_open_it(url: str) -> None:
    names = ["a", "b", "c", "d"]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, url, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
        )
        for name in names
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    settings = opened(url)
    assert [settings.read(name) for name in names] == ["opened"] * 4
    with settings._database.connection():
        versions = settings._database.execute("SELECT version FROM schema_version").fetchall()
    assert versions == [(SCHEMA_VERSION,)]


def test_what_is_read_in_a_snapshot_is_of_one_moment_while_others_write(url: str) -> None:
    settings, other = opened(url), opened(url)
    settings.write("theme", "day")
    with settings._database.snapshot():
        before = settings.read("theme")
        other.write("theme", "night")
        assert (before, settings.read("theme")) == ("day", "day")
    assert settings.read("theme") == "night"


class Undone:
    """Changes that the engine undoes at first. tries: how often one was begun."""

    def __init__(self, database: Database, times: float, code: str = "conflict") -> None:
        self._database = database
        self.tries = 0
        self.times = times
        self.code = code

    @retried
    def change(self) -> str:
        with self._database.transaction():
            self.tries += 1
            if self.tries <= self.times:
                raise DatabaseTrouble(sentence("Undone."), code=self.code)
        return "made"

    @retried
    def change_within(self) -> str:
        with self._database.transaction():
            return self.change()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long somebody would have waited, in seconds."""
    waited: list[float] = []
    monkeypatch.setattr("store.database.time.sleep", waited.append)
    return waited


def test_a_change_that_the_engine_undid_is_made_again(url: str, waits: list[float]) -> None:
    undone = Undone(Database(url), times=3)
    assert (undone.change(), undone.tries, len(waits)) == ("made", 4, 3)


def test_a_change_within_another_is_made_again_with_all_of_that(url: str, waits: list[float]) -> None:
    undone = Undone(Database(url), times=3)
    assert (undone.change_within(), undone.tries, len(waits)) == ("made", 4, 3)


def test_a_change_that_is_undone_for_ever_is_given_up_in_a_few_seconds(url: str, waits: list[float]) -> None:
    undone = Undone(Database(url), times=float("inf"))
    with pytest.raises(DatabaseTrouble, match="Undone"):
        undone.change()
    assert (undone.tries, sum(waits) < 6) == (TRIES, True)


def test_what_failed_for_good_isnt_made_again(url: str, waits: list[float]) -> None:
    undone = Undone(Database(url), times=1, code="full")
    with pytest.raises(DatabaseTrouble):
        undone.change()
    assert (undone.tries, waits) == (1, [])


def test_the_default_place_is_the_environments_else_the_users_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TEXTMETER_DATABASE", "elsewhere.db")
    assert default_database() == "elsewhere.db"
    monkeypatch.delenv("TEXTMETER_DATABASE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_database() == str(tmp_path / "textmeter" / "textmeter.sqlite3")


def test_of_two_databases_that_are_open_each_gets_its_own_tables(tmp_path: Path) -> None:
    first, second = (Database(str(tmp_path / f"{name}.sqlite3")) for name in ("first", "second"))
    first.migrate(Settings.TABLES)
    with first.connection(), second.connection():
        assert "setting" in first._connections.get_tables()
        assert second._connections.get_tables() == []


def test_a_prepared_query_is_made_once_and_takes_its_values_each_time(tmp_path: Path) -> None:
    database = Database(str(tmp_path / "textmeter.sqlite3"))
    database.migrate(Settings.TABLES)
    made: list[Any] = []

    def build(_: Database, name: Any) -> Any:
        made.append(name)
        return Setting.select(Setting.value).where(Setting.name == name)

    read = Prepared(build)
    with database.connection():
        database.run(Setting.insert(name="theme", value="day"))
        found = [database.scalar(read(name=name)) for name in ("theme", "diary", "theme")]
    assert found == ["day", None, "day"]
    assert len(made) == 1
