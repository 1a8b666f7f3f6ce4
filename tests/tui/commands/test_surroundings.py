"""What commands do where their surroundings lack something: a home folder, room on the disk, UTF-8."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tui.commands.conftest import Textmeter
from tests.tui.pty_app import CHECKOUT, make_database

STARTS = "import sys; from textmeter import main; sys.exit(main())"


def test_a_user_without_a_home_is_told_what_to_set(
    textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def nobody(_: object) -> None:
        raise KeyError("uid not found")

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    for name in ("TEXTMETER_DATABASE", "HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    done = textmeter("account", "list", "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "no-home")
    assert "Set HOME, or choose a database with --database" in done.json["error"]["message"]
    assert not list(tmp_path.iterdir())
    assert textmeter("--database", str(tmp_path / "here.sqlite3"), "verify").code == 0


@pytest.mark.parametrize("arguments", [["history", "--csv"], ["balance", "--json"], ["--help"]])
def test_a_full_disk_is_said_in_a_sentence(tmp_path: Path, arguments: list[str]) -> None:
    database = make_database(tmp_path)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-P", "-c", STARTS, "--database", str(database), *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
            | {"PYTHONPATH": f"{CHECKOUT}{os.pathsep}{CHECKOUT / 'tui'}"},
        )
    assert (done.returncode, done.stderr.decode()) == (
        1,
        "Can't write the output: No space left on device. Everything done so far is saved.\n",
    )


@pytest.mark.parametrize("command", [["segments"], ["send", "--to", "+14155550123"], ["contacts", "show"]])
def test_an_argument_that_is_no_utf_8_is_refused(textmeter: Textmeter, command: list[str]) -> None:
    done = textmeter(*command, "caf\udce9 at nine", "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "not-utf-8")
