"""`textmeter backup` and `restore`: a copy of one moment, and the way back to it that loses nothing."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.tui.commands.conftest import Textmeter

NUMBERS = ["--to", "+14155550123", "--to", "+14155550124"]


@pytest.fixture
def backup(demo: Textmeter, tmp_path: Path) -> Path:
    """A backup of an account with 300 credits, of which 100 are used afterwards."""
    file = tmp_path / "monday.sqlite3"
    assert demo("backup", str(file)).code == 0
    assert demo("charge", "100").code == 0
    return file


def available(textmeter: Textmeter) -> int:
    return int(textmeter("balance", "--json").json["available"])


def test_a_backup_is_one_file_that_only_its_owner_can_read(backup: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*monday*-*"))
    assert not list(tmp_path.glob(".*"))
    with sqlite3.connect(f"{backup.as_uri()}?mode=ro", uri=True) as database:
        assert database.execute("SELECT available_allotted FROM account").fetchone() == (300,)
    database.close()


def test_a_restored_backup_is_the_database_and_what_was_there_is_kept(
    demo: Textmeter, backup: Path, tmp_path: Path
) -> None:
    assert available(demo) == 200
    done = demo("restore", str(backup), "--json")
    assert (done.json["accounts"], done.json["entries"]) == (1, 1)
    assert available(demo) == 300
    assert demo("--database", done.json["kept"], "balance", "--json").json["available"] == 200
    assert backup.exists()
    assert stat.S_IMODE((tmp_path / "textmeter.sqlite3").stat().st_mode) == 0o600


def test_what_others_write_while_a_backup_is_made_is_in_it_as_a_whole_or_not_at_all(
    demo: Textmeter, tmp_path: Path
) -> None:
    database = sqlite3.connect(tmp_path / "textmeter.sqlite3", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    database.execute("UPDATE account SET available_allotted = 7")
    assert demo("backup", str(tmp_path / "b.sqlite3")).code == 0
    database.execute("ROLLBACK")
    database.close()
    with sqlite3.connect(tmp_path / "b.sqlite3") as copy:
        assert copy.execute("SELECT available_allotted FROM account").fetchone() == (300,)
    copy.close()


def test_a_backup_is_of_the_time_that_is_named(demo: Textmeter, tmp_path: Path) -> None:
    file = str(tmp_path / "june.sqlite3")
    assert demo("--now", "2026-06-02", "backup", file).code == 0
    assert demo("--database", file, "clock", "--json").json["now"] == "2026-06-02T00:00:00-04:00"


def test_a_backup_writes_over_nothing(demo: Textmeter, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Zoë", encoding="utf-8")
    done = demo("backup", str(letter), "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "file-exists")
    assert letter.read_text(encoding="utf-8") == "Dear Zoë"
    own = demo("backup", str(tmp_path / "textmeter.sqlite3"), "--json")
    assert own.json["error"]["code"] == "file-exists"


def test_without_a_database_there_is_nothing_to_copy(textmeter: Textmeter, tmp_path: Path) -> None:
    done = textmeter("backup", str(tmp_path / "b.sqlite3"), "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "no-database")
    assert list(tmp_path.iterdir()) == []


def damaged(file: Path) -> None:
    """Overwrites a page in the middle."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    file.write_bytes(content)


def tampered(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("UPDATE account SET available_allotted = 299")
    database.close()


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:20_000])


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def of_another_program(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE songs (name TEXT)")
    database.close()


def newer(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("UPDATE schema_version SET version = 999")
    database.close()


@pytest.mark.parametrize("harm", [damaged, tampered, cut_short, emptied, of_another_program, newer])
def test_a_backup_that_is_not_whole_replaces_nothing(
    demo: Textmeter, backup: Path, tmp_path: Path, harm: object
) -> None:
    assert callable(harm)
    harm(backup)
    before = backup.read_bytes()
    done = demo("restore", str(backup), "--json")
    assert done.code == 1
    assert str(backup) in done.json["error"]["message"]
    assert available(demo) == 200
    assert backup.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["monday.sqlite3", "textmeter.sqlite3"]


def test_a_database_that_is_open_elsewhere_is_not_replaced(
    demo: Textmeter, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.backup.BUSY_SECONDS", 0.05)
    other = sqlite3.connect(tmp_path / "textmeter.sqlite3")
    other.execute("SELECT COUNT(*) FROM account").fetchone()
    done = demo("restore", str(backup), "--json")
    other.close()
    assert (done.code, done.json["error"]["code"]) == (1, "locked")
    assert available(demo) == 200


def test_a_damaged_database_is_kept_too(demo: Textmeter, backup: Path, tmp_path: Path) -> None:
    present = tmp_path / "textmeter.sqlite3"
    present.write_bytes(b"no database" * 1_000)
    done = demo("restore", str(backup), "--json")
    assert done.code == 0, done
    assert Path(done.json["kept"]).read_bytes() == b"no database" * 1_000
    assert available(demo) == 300


def test_a_backup_is_put_where_there_was_no_database(demo: Textmeter, backup: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "new" / "place.sqlite3"
    done = demo("--database", str(elsewhere), "restore", str(backup), "--json")
    assert done.json["kept"] is None
    assert demo("--database", str(elsewhere), "balance", "--json").json["available"] == 300


def test_the_database_itself_is_no_backup(demo: Textmeter, tmp_path: Path) -> None:
    done = demo("restore", str(tmp_path / "textmeter.sqlite3"), "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "same-file")


def test_where_the_database_is_a_link_what_it_points_to_is_replaced(
    demo: Textmeter, backup: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.sqlite3"
    link.symlink_to(tmp_path / "textmeter.sqlite3")
    assert demo("--database", str(link), "restore", str(backup)).code == 0
    assert link.is_symlink()
    assert available(demo) == 300


def test_texts_that_waited_in_a_backup_are_not_sent_a_second_time(demo: Textmeter, tmp_path: Path) -> None:
    demo("send", *NUMBERS, "--no-wait", "Hello")
    file = tmp_path / "b.sqlite3"
    demo("backup", str(file))
    demo("run", "--once")  # they leave
    done = demo("restore", str(file), "--json")
    assert done.json["doubtful"] == 2
    assert "aren't sent automatically" in done.err
    demo("run", "--once")
    balance = demo("balance", "--json").json
    assert (balance["held"], balance["used"]) == (2, 0)
    assert demo("verify").code == 0


def test_who_opted_out_since_a_backup_is_out_when_it_is_put_back(demo: Textmeter, tmp_path: Path) -> None:
    before, since = "+14155550197", "+14155550198"
    demo("consent", "out", before)
    demo("backup", str(tmp_path / "b.sqlite3"))
    demo("consent", "out", since, "--why", "wrote STOP")
    (newest, _) = demo("consent", "list", "--json").json
    done = demo("restore", str(tmp_path / "b.sqlite3"))
    assert "1 opt-out since the backup still applies." in done.out
    kept, _ = demo("consent", "list", "--out", "--json").json
    assert kept == newest
    assert demo("send", "--to", since, "Hi").code == 2


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_server_copies_its_databases_itself(textmeter: Textmeter, command: str) -> None:
    done = textmeter("--database", "postgresql://zoe:secret@localhost/texts", command, "x.sqlite3")
    assert (done.code, done.out) == (4, "")
    assert "pg_dump" in done.err
    assert "secret" not in done.err


def test_what_a_killed_backup_left_goes_with_the_next_one(demo: Textmeter, tmp_path: Path) -> None:
    old, young, other = (
        tmp_path / f".{name}" for name in ("b.db.abcdefgh", "b.db.ijklmnop", "c.db.abcdefgh")
    )
    for path in (old, young, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert demo("backup", str(tmp_path / "b.db")).code == 0
    assert not old.exists()
    assert young.exists()  # may be under way
    assert other.exists()
