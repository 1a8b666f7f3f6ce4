"""A key press while a number of credits to buy is typed, measured as in Compose (`tests.benchmarks.keys`)."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from store import Store
from tests.benchmarks.keys import BARE, COLUMNS, ROWS, compared, measure, there_and_back, typing_environment
from tests.benchmarks.report import Figure
from tests.benchmarks.typing_session import TypingSession

HOME = "from tui.commands import main; main(['--database', {database!r}, '--screen', 'home'])"


def figures() -> list[Figure]:
    """Numbers that are refused and numbers that may be bought, in turns."""
    environment = typing_environment()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        database = Path(folder) / "buying.sqlite3"
        store = Store(str(database))
        store.credits.open_account("community-texts", "800", "America/New_York")
        store.close()
        programs = (BARE, HOME.format(database=str(database)))
        bare, ours = [
            stack.enter_context(TypingSession([sys.executable, "-c", program], environment, COLUMNS, ROWS))
            for program in programs
        ]
        ours.wait_for("Buy credits")
        ours.settle()
        ours.press(b"b")
        for session in (bare, ours):
            session.settle()
        of_bare, of_ours = measure((bare, ours), there_and_back(b"79999"))
    return compared("Buy", of_ours, of_bare)
