"""From one screen to another, to the last byte of its frame with what it has to ask the database, in each
language, over a year of demo data."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from store import demo
from tests.benchmarks.report import Figure, duration
from tests.benchmarks.typing_session import TypingSession
from tui.i18n.language import available

COLUMNS, ROWS = 120, 36
BOUND = 0.1
ROUNDS = 12
WARM_UP = 2
"""Rounds that aren't counted: a screen's first opening makes it."""

HOME, HISTORY, CONTACTS, PLANS = b"\x1bOQ", b"\x1b[20~", b"\x1b[21~", b"\x1b[24~"
GO_TO = (HISTORY, CONTACTS, PLANS, b"gs", b"gt", b"gu", b"gi", b"gn", b"gx", HOME)
"""Keys to screens in which letters aren't typed."""

PROGRAM = "from tui.commands import main; main(['--database', {database!r}, '--lang', {tag!r}])"


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        for tag in available():
            database = Path(folder) / f"{tag}.sqlite3"
            demo.make(database, tag)
            delays = list(_delays(database, tag))
            longest = statistics.quantiles(delays, n=20)[-1]
            yield Figure(
                f"From a screen to another, {tag}: median; 95th percentile",
                f"{duration(statistics.median(delays))}; {duration(longest)}",
                "",
                "",
                f"at most {duration(BOUND)}",
                longest <= BOUND,
            )


def _delays(database: Path, tag: str) -> Iterator[float]:
    unwanted = ("TEXTUAL", "NO_COLOR", "PYTHONDONT", "TEXTMETER")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(unwanted)}
    environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTMETER_START_SCREEN": "home"}
    command = [sys.executable, "-c", PROGRAM.format(database=str(database), tag=tag)]
    with TypingSession(command, environment, COLUMNS, ROWS) as session:
        session.settle(quiet=3)
        session.press(b"\x1b")  # leaves the tour
        session.settle()
        for number in range(ROUNDS):
            for keys in GO_TO:
                after_g = keys.removeprefix(b"g")
                if after_g != keys:
                    session.press(b"g")
                answer = session.press(after_g)
                if number >= WARM_UP and answer.size:
                    yield answer.seconds
