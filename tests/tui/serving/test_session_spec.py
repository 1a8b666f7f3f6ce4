"""What a visitor brings along, and how a session crosses to the process that runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from store.roles import Person, Role
from tests.environment import CHECKOUT
from tui.serving.session_spec import SessionSpec, clamped, harmless, python_path


def test_a_visit_arrives_as_it_was_sent() -> None:
    spec = SessionSpec(
        "demo.sqlite3",
        Person("Zoë O'Hara", Role.SENDER),
        folder="somewhere",
        line="history --json",
        terminal={"TERM": "xterm-256color"},
        idle=60,
        longest=600,
    )
    assert SessionSpec.from_json(spec.to_json()) == spec


def test_only_the_terminal_and_the_language_come_along() -> None:
    sent = {
        "TERM": "xterm-kitty",
        "COLORTERM": "truecolor",
        "LANG": "es_MX.UTF-8",
        "LC_ALL": "de_DE@euro",
        "LD_PRELOAD": "evil.so",
        "PYTHONPATH": "/tmp",
        "TEXTMETER_DATABASE": "other.sqlite3",
        "TEXTUAL_DRIVER": "x:y",
        "LC_TIME": "fr_FR",
    }
    assert set(harmless(sent)) == {"TERM", "COLORTERM", "LANG", "LC_ALL"}


@pytest.mark.parametrize("value", ["", "a b", "../../x", "x\n", "é", "a" * 65, "$(reboot)", "x\0"])
def test_a_value_that_looks_like_anything_else_stays_outside(value: str) -> None:
    assert harmless({"TERM": value, "LANG": value}) == {}


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ((120, 36), (120, 36)),
        ((0, 0), (80, 24)),
        ((1, 1), (1, 1)),
        ((4_294_967_295, 4_294_967_295), (500, 200)),
        ((400, 0), (400, 24)),
    ],
)
def test_a_terminal_is_as_large_as_one_can_be(asked: tuple[int, int], given: tuple[int, int]) -> None:
    assert clamped(*asked) == given


def test_no_process_that_runs_sessions_finds_modules_in_the_current_folder_or_a_strangers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, theirs = tmp_path / "here", tmp_path / "theirs"
    for folder in (here, theirs):
        folder.mkdir()
        (folder / "ctypes.py").write_text("raise SystemExit('a stranger ran')")
        (folder / "sitecustomize.py").write_text("print('a stranger ran')")
    monkeypatch.chdir(here)
    monkeypatch.setenv("PYTHONPATH", f"{theirs}{os.pathsep}{os.pathsep}{CHECKOUT}")
    monkeypatch.syspath_prepend(str(theirs))
    monkeypatch.syspath_prepend(str(here))  # as `python -m textmeter` has it
    done = subprocess.run(
        [sys.executable, "-P", "-c", "import ctypes, sys, textual; print(ctypes.__file__, sys.path)"],
        env={**os.environ, "PYTHONPATH": python_path()},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) not in done.stdout
    assert "stranger" not in done.stdout
