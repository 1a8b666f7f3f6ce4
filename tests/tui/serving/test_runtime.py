"""The temporary folder belongs to everybody: what others put there neither stops a server nor is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.serving.server import PREFIX, Runtime

LONG_AGO = 1_000_000_000


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def left_by(folder: Path) -> Path:
    """A folder that a server of long ago left."""
    folder.mkdir()
    (folder / "alive").touch()
    (folder / "demo.sqlite3").touch()
    os.utime(folder / "alive", (LONG_AGO, LONG_AGO))
    return folder


def start_and_stop() -> None:
    Runtime.make().remove()


def test_what_a_killed_server_left_is_cleared_up(temporary: Path) -> None:
    left_by(temporary / f"{PREFIX}aa")
    start_and_stop()
    assert list(temporary.iterdir()) == []


def test_a_server_that_runs_keeps_its_folder(temporary: Path) -> None:
    first = Runtime.make()
    os.utime(first.folder / "alive", (LONG_AGO, LONG_AGO))
    start_and_stop()
    assert first.folder.is_dir()
    first.remove()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", ["pipe", "folder", "link", "link to a folder", "file", "nothing"])
def test_what_anybody_may_have_put_there_keeps_no_server_from_starting(temporary: Path, kind: str) -> None:
    folder = temporary / f"{PREFIX}zz"
    elsewhere = left_by(temporary / "elsewhere")
    if kind == "link to a folder":
        folder.symlink_to(elsewhere)
    elif kind == "file":
        folder.touch()
    else:
        folder.mkdir()
    if kind == "pipe":
        os.mkfifo(folder / "alive")
    elif kind == "folder":
        (folder / "alive").mkdir()
    elif kind == "link":
        (folder / "alive").symlink_to(elsewhere / "alive")
    start_and_stop()
    assert (elsewhere / "demo.sqlite3").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_another_users_folder_is_left_alone(temporary: Path) -> None:
    folder = left_by(temporary / f"{PREFIX}aa")
    os.chown(folder, 12_345, -1)
    start_and_stop()
    assert (folder / "demo.sqlite3").exists()
