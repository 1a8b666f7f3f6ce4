"""The database opens, refuses with a way out, and keeps a transaction whole."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from store.database import SCHEMA_VERSION, Database
from store.errors import DatabaseTrouble, WrongUsage
from store.settings import Settings, default_database


def opened(path: Path) -> Settings:
    database = Database(str(path))
    database.migrate(Settings.TABLES)
    return Settings(database)


def test_a_new_file_is_made_with_its_folder_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "texts.sqlite3"
    opened(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0


def test_a_url_names_the_same_file_as_its_path(tmp_path: Path) -> None:
    opened(tmp_path / "x").write("theme", "day")
    database = Database(f"sqlite:///{tmp_path / 'x'}")
    assert Settings(database).read("theme") == "day"


def test_another_engine_is_refused_with_what_is_understood() -> None:
    with pytest.raises(WrongUsage, match="sqlite:///path"):
        Database("oracle://somewhere/else")


def test_what_was_written_is_there_after_closing(tmp_path: Path) -> None:
    settings = opened(tmp_path / "x")
    settings.write("theme", "day")
    settings.write("theme", "night")
    assert opened(tmp_path / "x").read("theme") == "night"
    assert settings.read("never set") is None


def test_a_transaction_that_fails_leaves_nothing_of_itself_or_of_those_within(tmp_path: Path) -> None:
    database = Database(str(tmp_path / "x"))
    database.migrate(Settings.TABLES)
    settings = Settings(database)

    def fails_halfway() -> None:
        with database.transaction():
            settings.write("outer", "1")
            with database.transaction():
                settings.write("inner", "2")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_halfway()
    assert (settings.read("outer"), settings.read("inner")) == (None, None)


def test_a_bulk_write_tells_how_many_rows_changed(tmp_path: Path) -> None:
    database = Database(str(tmp_path / "x"))
    database.migrate(Settings.TABLES)
    with database.transaction():
        changed = database.executemany(
            "INSERT INTO setting (name, value) VALUES (?, ?)", [("a", "1"), ("b", "2")]
        )
    assert changed == 2
    assert Settings(database).read("b") == "2"


def newer(path: Path) -> None:
    opened(path)
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE schema_version SET version = ?", (SCHEMA_VERSION + 1,))


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE songs (title TEXT)")


def damaged(path: Path) -> None:
    opened(path)
    for file in path.parent.glob(f"{path.name}-*"):
        file.unlink()
    content = bytearray(path.read_bytes())
    content[100:2000] = b"\xff" * 1900
    path.write_bytes(content)


def no_database(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1000)


@pytest.mark.parametrize(
    ("spoil", "code", "way_out"),
    [
        (newer, "newer-database", "Install the newest Textmeter"),
        (foreign, "foreign-database", "Name another one"),
        (damaged, "corrupt", "backup"),
        (no_database, "corrupt", "backup"),
    ],
)
def test_a_file_that_cannot_be_used_is_left_as_it_is_with_a_way_out(
    tmp_path: Path, spoil: Callable[[Path], None], code: str, way_out: str
) -> None:
    path = tmp_path / "x"
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(DatabaseTrouble, match=way_out) as trouble:
        opened(path).read("theme")
    assert trouble.value.code == code
    assert path.read_bytes() == before


def test_a_lock_that_another_program_holds_is_named_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.engines.sqlite.BUSY_SECONDS", 0.01)
    settings = opened(tmp_path / "x")
    other = sqlite3.connect(tmp_path / "x", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseTrouble, match="in use by another program") as trouble:
        settings.write("theme", "day")
    assert trouble.value.code == "locked"
    other.execute("ROLLBACK")
    assert settings.read("theme") is None


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseTrouble, match="--database") as trouble:
        Database(str(tmp_path / "file" / "below" / "x"))
    assert trouble.value.code == "unwritable"


def test_a_file_of_which_only_a_reading_is_allowed_is_refused_when_it_is_written(tmp_path: Path) -> None:
    settings = opened(tmp_path / "x")
    with settings._database.connection():
        settings._database.execute("PRAGMA query_only = 1")
        with pytest.raises(DatabaseTrouble, match="can't be written") as trouble:
            settings.write("theme", "day")
    assert trouble.value.code == "unwritable"


def test_a_full_disk_is_said_and_what_was_there_is_kept(tmp_path: Path) -> None:
    settings = opened(tmp_path / "x")
    settings.write("theme", "day")
    with settings._database.connection():
        settings._database.execute("PRAGMA max_page_count = 1")
        with pytest.raises(DatabaseTrouble, match="no room left") as trouble:
            settings.write("diary", "x" * 1_000_000)
        assert trouble.value.code == "full"
        assert settings.read("theme") == "day"


def test_a_disk_that_fills_up_in_a_bulk_write_is_said_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    settings = opened(tmp_path / "x")
    database = settings._database
    rows = [(str(number), "x" * 1_000) for number in range(1_000)]
    with database.connection():
        database.execute("PRAGMA max_page_count = 20")
        with pytest.raises(DatabaseTrouble, match="no room left") as trouble, database.transaction():
            database.executemany("INSERT INTO setting (name, value) VALUES (?, ?)", rows)
        assert trouble.value.code == "full"
        assert settings.read("0") is None


def test_damage_that_is_met_while_rows_are_fetched_is_said(tmp_path: Path) -> None:
    database = opened(tmp_path / "x")._database
    with database.transaction():
        rows = [(str(number), "x" * 1_000) for number in range(1_000)]
        database.executemany("INSERT INTO setting (name, value) VALUES (?, ?)", rows)
    content = bytearray((tmp_path / "x").read_bytes())
    content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(DatabaseTrouble, match="backup") as trouble, database.connection():
        database.execute("SELECT value FROM setting").fetchall()
    assert trouble.value.code == "corrupt"


def test_what_is_read_in_a_snapshot_is_of_one_moment_while_others_write(tmp_path: Path) -> None:
    settings = opened(tmp_path / "x")
    settings.write("theme", "day")
    with settings._database.snapshot():
        before = settings.read("theme")
        with sqlite3.connect(tmp_path / "x") as other:
            other.execute("UPDATE setting SET value = 'night'")
        assert (before, settings.read("theme")) == ("day", "day")
    assert settings.read("theme") == "night"


def test_the_default_place_is_the_environments_else_the_users_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TEXTMETER_DATABASE", "elsewhere.db")
    assert default_database() == "elsewhere.db"
    monkeypatch.delenv("TEXTMETER_DATABASE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_database() == str(tmp_path / "textmeter" / "textmeter.sqlite3")
