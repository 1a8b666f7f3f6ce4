"""`textmeter demo`: the app on data that is made up, gone when it is left unless a file keeps it."""

from __future__ import annotations

import os
import pty
import select
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from store import Store, demo
from tests import templates
from tests.environment import CHECKOUT
from tests.tui.commands.conftest import Textmeter
from tests.waiting import wait_until
from tui.i18n.language import Language
from tui.signals import exits_on

PROGRAM = "import sys; from tui.commands import main; sys.exit(main())"
"""As people run it: the data is made."""


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the app was opened with, instead of opening it; its store is opened and closed."""
    with_what: dict[str, Any] = {}

    def open_app(open_store: Callable[[], Store], language: Language, **settings: object) -> int:
        store = open_store()
        with store.connection():
            [(_, _, file)] = store.database.execute("PRAGMA database_list")
            with_what.update(settings, file=Path(file), language=language.code, now=store.clock.now())
        with_what["left"] = store.credits.balance(store.credits.account().id).available
        with_what["groups"] = {name for name, _ in store.people.groups()}
        store.close()
        return 0

    monkeypatch.setattr("tui.commands.context.on_a_terminal", lambda: True)
    monkeypatch.setattr("tui.launch.open_app", open_app)
    return with_what


def test_a_demo_begins_with_its_tour_and_is_gone_afterwards(
    textmeter: Textmeter, opened: dict[str, Any], tmp_path: Path
) -> None:
    done = textmeter("--lang", "es", "demo")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert (opened["first"], opened["demo"], opened["tour"]) == ("home", True, True)
    assert (opened["language"], opened["language_asked"]) == ("es", True)
    assert "Compradores" in opened["groups"]
    assert opened["now"] >= demo.NOW
    assert not opened["file"].parent.exists()
    assert list(tmp_path.iterdir()) == []  # one's own database was not looked at


def test_it_is_gone_also_when_something_goes_wrong(
    textmeter: Textmeter, opened: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def broken(*_: object, **__: object) -> int:
        assert list(tmp_path.glob("textmeter-demo-*"))
        raise ZeroDivisionError

    monkeypatch.setattr("tui.launch.open_app", broken)
    assert textmeter("demo").code == 1
    assert list(tmp_path.glob("textmeter-demo-*")) == []


def test_a_screen_that_is_named_is_shown_without_the_tour(
    textmeter: Textmeter, opened: dict[str, Any]
) -> None:
    textmeter("--screen", "plans", "--account", "3", "--now", "2026-07-02", "demo")
    assert (opened["first"], opened["tour"], opened["account_id"]) == ("plans", False, 3)
    assert opened["now"].isoformat().startswith("2026-07-02T07:00")


def test_a_kept_one_stays_and_the_same_command_goes_on_with_it(
    textmeter: Textmeter, opened: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "my demo.db"
    done = textmeter("demo", "--keep", str(path))
    assert (done.code, done.out) == (0, "")
    assert done.err == f"The demo is saved in {path}. Continue it with `textmeter demo --keep '{path}'`.\n"
    assert (opened["file"], opened["demo"], opened["tour"]) == (path, False, True)
    made = path.stat().st_ino
    assert textmeter("--lang", "es", "demo", "--keep", str(path)).code == 0
    assert path.stat().st_ino == made
    assert "Buyers" in opened["groups"]  # in the language in which it was made
    assert textmeter("--database", str(path), "balance", "--json").json["available"] == opened["left"]


def test_a_kept_one_is_made_in_the_language_of_who_keeps_it(
    textmeter: Textmeter, opened: dict[str, Any], tmp_path: Path
) -> None:
    assert textmeter("--lang", "es", "demo", "--keep", str(tmp_path / "mi.db")).code == 0
    assert "Compradores" in opened["groups"]


def test_no_other_file_is_written_over(textmeter: Textmeter, opened: dict[str, Any], tmp_path: Path) -> None:
    diary = tmp_path / "diary.txt"
    diary.write_text("Dear diary")
    done = textmeter("demo", "--keep", str(diary))
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith(f"{diary} already exists and isn't a demo database.")
    assert diary.read_text() == "Dear diary"
    assert opened == {}
    assert textmeter("demo", "--keep", str(diary), "--json").json["error"]["code"] == "no-demo-data"


def test_a_folder_that_is_not_there_is_told(
    textmeter: Textmeter, opened: dict[str, Any], tmp_path: Path
) -> None:
    done = textmeter("demo", "--keep", str(tmp_path / "nowhere" / "demo.db"))
    assert done.code == 1
    assert "Can't write to" in done.err


def test_it_takes_no_other_database(textmeter: Textmeter, opened: dict[str, Any], tmp_path: Path) -> None:
    done = textmeter("--database", str(tmp_path / "mine.sqlite3"), "demo")
    assert done.code == 2
    assert done.err.startswith("The demo uses its own database.")
    assert opened == {}


def test_signals_end_what_has_to_be_tidied_up_as_an_exit_does_unless_they_are_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with pytest.raises(SystemExit) as left, exits_on(signal.SIGTERM, signal.SIGHUP):
            os.kill(os.getpid(), signal.SIGHUP)  # as after `nohup`
            os.kill(os.getpid(), signal.SIGTERM)
            signal.pause()
        assert left.value.code == 128 + signal.SIGTERM
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)


# On a terminal


class Running:
    """The command on a terminal of its own, and what it has drawn so far. program: what runs it, and what
    that is told before the command."""

    def __init__(self, folder: Path, *program: str) -> None:
        self.terminal, theirs = pty.openpty()
        self.drawn = b""
        self.process = subprocess.Popen(
            [sys.executable, "-c", *program, "demo"],
            cwd=CHECKOUT,
            env={**os.environ, "TMPDIR": str(folder), "COLUMNS": "80", "LINES": "24"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def read_until(self, words: bytes) -> None:
        self._read_on(lambda: words in self.drawn)

    def read_to_the_end(self) -> int:
        """What is still drawn, until the program ends; its exit code."""
        self._read_on(lambda: self.process.poll() is not None)
        return self.process.returncode

    def _read_on(self, enough: Callable[[], bool]) -> None:
        def holds() -> bool:
            self._read()
            return enough()

        wait_until(holds, lambda: f"It, in place of {self.drawn[-2_000:]!r},")

    def _read(self) -> None:
        if select.select([self.terminal], [], [], 0.05)[0]:
            try:
                self.drawn += os.read(self.terminal, 65_536)
            except OSError:  # nobody has the other end open any more
                self.process.wait()


@pytest.fixture
def program() -> tuple[str, ...]:
    """What runs the command with data that was made already."""
    return templates.program()


@pytest.fixture
def running(tmp_path: Path, program: tuple[str, ...]) -> Iterator[Running]:
    running = Running(tmp_path, *program)
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()
    os.close(running.terminal)


def folders(tmp_path: Path) -> list[Path]:
    return list(tmp_path.glob("textmeter-demo-*"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_that_end_it_leave_nothing_behind_and_give_the_terminal_back(
    running: Running, tmp_path: Path, number: signal.Signals
) -> None:
    running.read_until(b"What is left")
    [folder] = folders(tmp_path)
    with sqlite3.connect(folder / "demo.sqlite3") as database:
        assert database.execute("SELECT value FROM setting WHERE name = 'demo'").fetchone() == ("1",)
    database.close()
    running.process.send_signal(number)
    assert running.read_to_the_end() == 128 + number
    assert folders(tmp_path) == []
    assert b"\x1b[?1049l" in running.drawn
    assert b"Traceback" not in running.drawn


@pytest.mark.parametrize("program", [(PROGRAM,)])
def test_a_signal_while_the_data_is_made_leaves_nothing_behind_either(
    running: Running, tmp_path: Path
) -> None:
    running.read_until(b"one moment")
    running.process.send_signal(signal.SIGTERM)
    assert running.read_to_the_end() == 128 + signal.SIGTERM
    assert folders(tmp_path) == []
    assert b"Traceback" not in running.drawn


def test_a_terminal_that_is_closed_leaves_nothing_behind(tmp_path: Path, program: tuple[str, ...]) -> None:
    running = Running(tmp_path, *program)
    running.read_until(b"What is left")
    os.close(running.terminal)
    running.process.send_signal(signal.SIGHUP)
    running.process.wait()
    assert folders(tmp_path) == []


@pytest.mark.parametrize("program", [(PROGRAM,)])
def test_its_own_key_leaves_it_and_nothing_behind(running: Running, tmp_path: Path) -> None:
    running.read_until(b"What is left")
    os.write(running.terminal, b"\x11")
    assert running.read_to_the_end() == 0
    assert folders(tmp_path) == []
