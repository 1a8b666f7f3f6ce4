"""The log's file: bounded, its user's alone, and shared by several processes."""

from __future__ import annotations

import logging
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import log_file
from store.logs import log
from store.redaction import Word


@pytest.fixture
def written(home: Path) -> Iterator[Path]:
    """The file, while it is written."""
    log_file.write_log()
    yield home / ".local/state/textmeter/textmeter.log"
    for handler in [one for one in log().handlers if not isinstance(one, logging.NullHandler)]:
        log().removeHandler(handler)
        handler.close()


def test_a_line_has_its_time_and_no_ones_words(written: Path) -> None:
    log().info("told %s of %s", "Zoë", Word("quiet-hours"))
    (line,) = written.read_text(encoding="utf-8").splitlines()
    assert line.endswith(" told … of quiet-hours")
    assert datetime.fromisoformat(line.split()[0]) - datetime.now(UTC) < timedelta(minutes=1)
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_it_takes_no_more_than_so_many_bytes(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for handler in log().handlers:
        monkeypatch.setattr(handler, "maxBytes", 1_000, raising=False)
    for number in range(200):
        log().info("line %s", number)
    files = sorted(written.parent.iterdir())
    assert [file.name for file in files] == ["textmeter.log", *(f"textmeter.log.{n}" for n in (1, 2, 3))]
    assert all(file.stat().st_size <= 1_000 for file in files)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert log_file.log_tail(1)[0].endswith("line 199")


def test_what_another_process_has_put_aside_is_not_written_any_more(written: Path) -> None:
    log().info("before")
    written.rename(written.with_suffix(".log.1"))
    log().info("after")
    assert [line.split()[-1] for line in log_file.log_tail(9)] == ["after"]


def test_a_log_that_cant_be_written_stops_nobody(
    home: Path, capsys: pytest.CaptureFixture[str], written: Path
) -> None:
    written.mkdir()
    log().error("lost")
    (home / ".local/state/textmeter/textmeter.log").rmdir()
    assert capsys.readouterr() == ("", "")


def test_a_folder_that_goes_away_stops_nobody_and_may_come_back(
    written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log().info("before")
    written.unlink()
    written.parent.rmdir()
    log().info("lost")
    log_file.write_log()
    log().info("after")
    assert [line.split()[-1] for line in log_file.log_tail(9)] == ["after"]
    assert capsys.readouterr() == ("", "")


def test_without_a_folder_there_is_none(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / ".local").mkdir()
    (home / ".local/state").touch()
    log_file.write_log()
    log().error("lost", exc_info=(ValueError, ValueError("Zoë"), None))
    assert log_file.log_tail(9) == []
    assert capsys.readouterr() == ("", "")


def test_a_round_is_known_to_every_process(home: Path) -> None:
    assert log_file.last_round() is None
    log_file.note_round()
    at = log_file.last_round()
    assert at is not None
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=1)
    assert sys.platform == "win32" or (home / ".local/state/textmeter/last-round").stat().st_mode & 0o077 == 0
