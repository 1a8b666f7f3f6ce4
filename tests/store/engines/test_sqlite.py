"""A database in a file: made for its owner only, and whatever is wrong with it is said with a way out."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from store.database import Database
from store.errors import DatabaseTrouble
from store.schema import SCHEMA_VERSION
from store.settings import Settings
from tests.store.opened import opened


def test_a_new_file_is_made_with_its_folder_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "texts.sqlite3"
    opened(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0


def test_a_url_names_the_same_file_as_its_path(tmp_path: Path) -> None:
    opened(tmp_path / "x").write("theme", "day")
    database = Database(f"sqlite:///{tmp_path / 'x'}")
    assert Settings(database).read("theme") == "day"


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
        (newer, "newer-database", "Install the latest Textmeter"),
        (foreign, "foreign-database", "Choose another"),
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
    with pytest.raises(DatabaseTrouble, match="locked by another program") as trouble:
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
        with pytest.raises(DatabaseTrouble, match="Can't write to") as trouble:
            settings.write("theme", "day")
    assert trouble.value.code == "unwritable"


def test_a_full_disk_is_said_and_what_was_there_is_kept(tmp_path: Path) -> None:
    settings = opened(tmp_path / "x")
    settings.write("theme", "day")
    with settings._database.connection():
        settings._database.execute("PRAGMA max_page_count = 1")
        with pytest.raises(DatabaseTrouble, match="is full") as trouble:
            settings.write("diary", "x" * 1_000_000)
        assert trouble.value.code == "full"
        assert settings.read("theme") == "day"


def test_a_disk_that_fills_up_in_a_bulk_write_is_said_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    settings = opened(tmp_path / "x")
    database = settings._database
    rows = [(str(number), "x" * 1_000) for number in range(1_000)]
    with database.connection():
        database.execute("PRAGMA max_page_count = 20")
        with pytest.raises(DatabaseTrouble, match="is full") as trouble, database.transaction():
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
