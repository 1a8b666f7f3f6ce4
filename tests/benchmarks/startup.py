"""How long Textmeter takes to start: a command from start to exit, and the app until Home is painted.

Whole processes, in turn with their peers, medians of all rounds. A screen is painted when its last row has
come through the terminal, 120 columns by 36 rows, and what it should show has too. Bytecode is compiled for
all: the first round, which compiles it, doesn't count.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests import environment
from tests.benchmarks.report import Figure

COLUMNS, ROWS = 120, 36
ENTRIES = 100_000
TEXT = "Hi Zoë, the open house on Elm St is on: Sunday 2 pm. Reply YES and I'll save you a place."

CLICK = [sys.executable, "-c", "import click"]
EMPTY_APP = [sys.executable, "-c", "from textual.app import App; App().run()"]
# Later versions of tree-sitter end the interpreter in this Textual's text areas.
POSTING = ["posting==2.11.1", "tree-sitter==0.25.2"]

LAST_ROW = f"\x1b[{ROWS};1H".encode()
SEQUENCE = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\))")
QUIT = b"\x11"  # ctrl+q


def figures() -> list[Figure]:
    variables = environment.variables() | {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
    }
    textmeter = environment.program("textmeter", variables)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        home.mkdir()
        variables |= {"HOME": str(home), "TEXTMETER_DATABASE": str(Path(folder, "textmeter.sqlite3"))}
        fill(variables["TEXTMETER_DATABASE"])
        posting = install(Path(folder, "posting"), POSTING) / "posting"
        segments, left, click = in_turn(
            41,
            lambda: [run([textmeter, "segments", TEXT], variables)],
            lambda: [run([textmeter, "balance"], variables)],
            lambda: [run(CLICK, variables)],
        )
        shown, empty, other = in_turn(
            15,
            lambda: paints([textmeter], variables, ("Home", "credits left")),
            lambda: paints(EMPTY_APP, variables, ("",)),
            lambda: paints([str(posting)], variables, ("Collection",)),
        )
    first_paint, balance = shown
    what = f"Start to first paint of Home, {ENTRIES:,} entries"
    return [
        Figure.of_times("`textmeter segments`, start to exit", segments[0], "`import click`", click[0], 1.6),
        Figure.of_times("`textmeter balance`, start to exit", left[0], "`import click`", click[0], 3),
        Figure.of_times(what, first_paint, "an empty Textual app", empty[0], 1.4),
        Figure.of_times(what, first_paint, "posting", other[0], 0.5),
        Figure.of_times("Start to the balance on Home", balance, "an empty Textual app", empty[0], 1.35),
        Figure.of_times("Start to the balance on Home", balance, "posting", other[0], None),
    ]


def in_turn(rounds: int, *measurements: Callable[[], Sequence[float]]) -> list[list[float]]:
    """The median of each of a measurement's figures, all measurements made once a round."""
    taken: list[list[Sequence[float]]] = [[] for _ in measurements]
    for number in range(rounds + 1):
        for measure, results in zip(measurements, taken, strict=True):
            result = measure()
            if number:
                results.append(result)
    return [[median(figure) for figure in zip(*results, strict=True)] for results in taken]


def run(command: Sequence[str], variables: Mapping[str, str]) -> float:
    """Seconds from a command's start to its end."""
    started = time.perf_counter()
    subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def paints(command: Sequence[str], variables: Mapping[str, str], texts: Sequence[str]) -> list[float]:
    """Seconds from an app's start until its screen is painted with each text on it. Raises TimeoutError."""
    with terminal() as (ours, theirs):
        started = time.perf_counter()
        app = subprocess.Popen(
            command, env=variables, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        try:
            output = b""
            seconds: list[float] = []
            while len(seconds) < len(texts):
                if not select.select([ours], [], [], 20)[0]:
                    raise TimeoutError(f"{command} doesn't show {texts[len(seconds)]!r}: {output[-2000:]!r}")
                output += os.read(ours, 1 << 16)
                moment = time.perf_counter()
                if LAST_ROW in output:
                    shown = SEQUENCE.sub(b"", output)
                    while len(seconds) < len(texts) and texts[len(seconds)].encode() in shown:
                        seconds.append(moment - started)
            os.write(ours, QUIT)
            patience = time.monotonic() + 2
            while app.poll() is None and time.monotonic() < patience:
                if select.select([ours], [], [], 0.1)[0]:
                    os.read(ours, 1 << 16)
        finally:
            app.kill()
            app.wait()
    return seconds


@contextmanager
def terminal() -> Iterator[tuple[int, int]]:
    """Both ends of a pseudo terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    try:
        yield ours, theirs
    finally:
        os.close(ours)
        os.close(theirs)


def install(folder: Path, packages: Sequence[str]) -> Path:
    """Makes an environment that holds some packages; the folder of its programs."""
    venv.create(folder)
    pip = [sys.executable, "-m", "pip", "--python", str(folder), "install", "-qq", "--no-input"]
    subprocess.run([*pip, *packages], check=True)
    return folder / "bin"


def fill(path: str) -> None:
    """A database with one account that holds and releases one credit, over and over."""
    from store import Store

    store = Store(path)
    with store.connection():
        account = store.credits.open_account("agent-texts", "3000", "UTC")
        granted = store.credits.history(account.id, limit=1)[0]
        lines = [
            (
                granted.seq + number,
                *(("used", -1, -1) if number % 2 else ("released", 1, 0)),
                account.id,
                granted.seq,
            )
            for number in range(1, ENTRIES + 1)
        ]
        with store.database.transaction():
            store.database.executemany(
                "INSERT INTO entry"
                " (account_id, seq, at, day, pool, kind, delta, balance, amount, cause, reference, count)"
                " SELECT account_id, ?, at, day, pool, ?, ?, balance + ?, 1, 'blast', '', 1"
                " FROM entry WHERE account_id = ? AND seq = ?",
                lines,
            )
            store.database.executemany("UPDATE account SET seq = ?", [(granted.seq + ENTRIES,)])
    store.close()
