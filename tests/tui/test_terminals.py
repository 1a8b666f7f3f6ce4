"""The everyday tasks on terminals of every kind, in every language: the same keys do them on each, in a
process that sees nothing of the terminal but its name and its bytes.

All of them are `-m long`: `python3 -m tests -m long -k "terminal and vt100"`. A process can't be asked
whether it is done with a key, so these alone wait until a screen has stood still for a moment.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from store import Store
from tests.tui.pty_app import Window
from tests.tui.test_tasks import TASKS, TEXT, Row, at_work, rows
from tests.waiting import wait_until
from tui.i18n.language import Language, available

KEYS = {
    "Enter": b"\r",
    "Tab": b"\t",
    "Space": b" ",
    "Down": b"\x1b[B",
    "End": b"\x1b[F",
    "F5": b"\x1b[15~",
    "F6": b"\x1b[17~",
    "F7": b"\x1b[18~",
    "F12": b"\x1b[24~",
}
ON_THE_CONSOLE = {"F5": b"\x1b[[E", "End": b"\x1b[4~"}
"""What Linux's console sends otherwise."""


class Terminal(NamedTuple):
    """name: as TERM has it. colors: none where NO_COLOR says so, else as its name tells."""

    name: str
    environment: Mapping[str, str] = {}
    keys: Mapping[str, bytes] = {}


TERMINALS = {
    "xterm-256color": Terminal("xterm-256color"),
    "screen": Terminal("screen"),
    "tmux": Terminal("tmux-256color"),
    "linux": Terminal("linux", keys=ON_THE_CONSOLE),
    "vt100": Terminal("vt100"),
    "NO_COLOR": Terminal("xterm", {"NO_COLOR": "1"}),
}
ROWS = [row for row in rows() if TASKS[row.task].begin is at_work]
"""Those of an agent at work, an account of whom can be opened today: a process has the real clock."""
EVERY = list(product(TERMINALS, available(), range(len(ROWS))))


@pytest.fixture
def window(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Window]:
    """The app on a terminal, in a language, with what a task begins with."""
    terminal, tag, _ = request.param
    of = TERMINALS[terminal]
    now = datetime.now(UTC)
    at_work(tmp_path, now, now).close()
    opened = Window(
        tmp_path / "textmeter.sqlite3",
        "--lang",
        tag,
        size=(80, 24),
        env={"TERM": of.name, "TEXTMETER_START_SCREEN": "home", **of.environment},
    )
    yield opened
    opened.close()


def press(window: Window, sent: bytes) -> None:
    """Sends a key, or what is typed, and waits until the screen has answered and stands still."""
    before = window.words
    window.send(sent)
    wait_until(lambda: window.words != before, lambda: f"an answer to {sent!r} on\n{window.words}")
    while (now := window.words) != before:
        before = now
        time.sleep(0.3)


def does(window: Window, row: Row, keys: Mapping[str, bytes], folder: Path, tag: str) -> None:
    everyone = Language(tag).gettext("everyone")
    typed = {
        "name": "zo",
        "group": "#buy",
        "everyone": f"#{everyone}",
        "filter": "#buyers -opted-out",
        "text": TEXT,
        "subject": "Sunday",
        "file": str(folder / "people.csv"),
        "picture": str(folder / "house.jpg"),
    }
    for step in row.steps:
        press(window, keys.get(step.key, step.key.encode()) if step.key else typed[step.typed].encode())


def done(folder: Path, task: str) -> bool:
    store = Store(str(folder / "textmeter.sqlite3"))
    try:
        return TASKS[task].done(store)
    finally:
        store.close()


def check(window: Window, folder: Path, terminal: str, tag: str, at: int) -> None:
    row = ROWS[at]
    # Until what is left stands in the top line the database is being opened, and keys say so.
    wait_until(lambda: any(map(str.isdecimal, window.words.partition("\n")[0])), lambda: window.words)
    does(window, row, KEYS | dict(TERMINALS[terminal].keys), folder, tag)
    wait_until(lambda: done(folder, row.task), lambda: f"{row.task}:\n{window.words}")
    colored = b"\x1b[38;" in window.raw or b"\x1b[48;" in window.raw
    assert colored == (terminal not in ("NO_COLOR", "vt100")) or terminal in ("linux", "screen")
    window.send(b"\x11")
    assert window.ends() == 0
    assert window.is_cooked


@pytest.mark.long
@pytest.mark.parametrize(
    ("window", "where"),
    [(one, one) for one in EVERY],
    indirect=["window"],
    ids=lambda one: "-".join(map(str, one)),
)
def test_every_task_is_done_on_every_terminal_in_every_language(
    window: Window, where: tuple[str, str, int], tmp_path: Path
) -> None:
    check(window, tmp_path, *where)
