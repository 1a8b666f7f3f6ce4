"""Keys in the History screen over a long history, to the last byte of their frame, against those over a short
one: a million lines scroll like a hundred.

Both run at once in pseudo terminals of 120x36, and are pressed in turns. What a key shows is complete with
the last byte, the lines that it had to fetch included. Where the short history ends, it is begun again.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from store import Store
from tests.benchmarks.report import Figure
from tests.benchmarks.typing_session import TypingSession

COLUMNS, ROWS = 120, 36
BOUND = 1.5
WARM_UP = 8
"""Keys of each kind that are not counted."""

PROGRAM = "from tui.commands import main; main(['--database', {database!r}, '--screen', 'history'])"
FIRST_ROW, LAST_ROW = 7, 35
"""The rows of the terminal, from 1, over which the scrollbar goes."""

HOME = b"\x1b[H"
TURNS = 2
"""So many pages or turns of the wheel a short history has for sure."""

CHANCE = random.Random(1)
PLACES = [CHANCE.randint(FIRST_ROW, LAST_ROW) for _ in range(60)]

KEYS: dict[str, list[bytes]] = {
    "Page Down": [b"\x1b[6~"] * (100 + WARM_UP),
    "End, then Home": [b"\x1b[F", HOME] * 30,
    "A turn of the wheel": [b"\x1b[<65;60;20M"] * (60 + WARM_UP),
    "A jump of the scrollbar": [f"\x1b[<32;{COLUMNS};{row}M".encode() for row in PLACES],
}
GRAB, LET_GO = f"\x1b[<0;{COLUMNS};{FIRST_ROW}M".encode(), f"\x1b[<0;{COLUMNS};{FIRST_ROW}m".encode()


def figures(long: Path, long_lines: int, short: Path, short_lines: int) -> list[Figure]:
    """The time to the first lines, and medians of keys. long, short: databases with so many lines."""
    unwanted = ("TEXTUAL", "NO_COLOR", "PYTHONDONT")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(unwanted)}
    environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    peer = f"{short_lines:,} lines"
    with ExitStack() as stack:
        opened = []
        sessions = []
        for database in (long, short):
            store = Store(str(database))
            store.credits.catch_up(1, confirmed=True)  # or the app asks first whether the date is right
            store.close()
            start = time.perf_counter()
            command = [sys.executable, "-c", PROGRAM.format(database=str(database))]
            session = stack.enter_context(TypingSession(command, environment, COLUMNS, ROWS))
            session.wait_for("2026")  # the day of the first line
            opened.append(time.perf_counter() - start)
            session.settle()
            sessions.append(session)
        found = [
            Figure.of_times(f"History's first lines out of {long_lines:,}", opened[0], peer, opened[1], BOUND)
        ]
        for what, keys in KEYS.items():
            onward = what in ("Page Down", "A turn of the wheel")
            for session in sessions:
                session.press(HOME)
                if what == "A jump of the scrollbar":
                    session.press(GRAB)
            ours, theirs = _medians(sessions, keys, back=TURNS if onward else None)
            for session in sessions:
                session.press(LET_GO)
            found.append(Figure.of_times(f"{what} in {long_lines:,} lines", ours, peer, theirs, BOUND))
    return found


def _medians(sessions: Sequence[TypingSession], keys: Sequence[bytes], *, back: int | None) -> list[float]:
    """The median delays of the sessions, pressed in turns; keys that change nothing aren't answered, and
    don't count. back: after so many keys, the last session goes back to the beginning."""
    delays: list[list[float]] = [[] for _ in sessions]
    for number, key in enumerate(keys):
        if back and number % back == 0:
            sessions[-1].press(HOME)
        for session, heard in zip(sessions, delays, strict=True):
            answer = session.press(key)
            if number >= WARM_UP and answer.size:
                heard.append(answer.seconds)
    return [statistics.median(some) for some in delays]
