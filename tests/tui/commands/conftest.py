"""What tests of commands stand on: a command line run in this process, and databases to run it on."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tui.commands import main


@dataclass
class Done:
    """How a command line ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Textmeter = Callable[..., Done]


@pytest.fixture
def textmeter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Textmeter:
    """textmeter(*arguments, stdin=b""): runs the command line on a database of the test's own."""
    monkeypatch.setenv("TEXTMETER_DATABASE", str(tmp_path / "textmeter.sqlite3"))

    def run(*arguments: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        code = main(arguments)
        return Done(code, *capsys.readouterr())

    return run


@pytest.fixture
def account(textmeter: Textmeter) -> Textmeter:
    """The command line on a database with an account of 300 credits a month, by the real clock."""
    open_account(textmeter)
    return textmeter


@pytest.fixture
def demo(textmeter: Textmeter) -> Textmeter:
    """The command line on a database with an account opened on 16 April 2026 by a demo clock."""
    open_account(textmeter, "--demo-clock", now="2026-04-16")
    return textmeter


def open_account(textmeter: Textmeter, *options: str, now: str = "", plan: str = "300") -> Any:
    """Opens an account of agent-texts; what the command answers."""
    done = textmeter(
        *(["--now", now] if now else []),
        *["account", "open", "--product", "agent-texts", "--plan", plan, "--timezone", "America/New_York"],
        *options,
        "--yes",
        "--json",
    )
    assert done.code == 0, done
    return done.json
