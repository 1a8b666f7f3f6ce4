"""A key press that moves through five plans, measured as `tests.benchmarks.keys` does in Compose.

The peer is a bare app with an OptionList of five lines, whose handler updates one Static.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from store import Store
from tests.benchmarks.keys import COLUMNS, KEYS, ROWS, WARM_UP, compared, measure, typing_environment
from tests.benchmarks.report import Figure
from tests.benchmarks.typing_session import TypingSession

DOWN, UP = b"\x1b[B", b"\x1b[A"
PLANS = 5

BARE = f"""
from textual.app import App
from textual.widgets import OptionList, Static

class Bare(App):
    CSS = "OptionList {{ height: 1fr }} Static {{ height: 1 }}"

    def compose(self):
        yield OptionList(*(f"Plan {{number}}" for number in range({PLANS})))
        yield Static()

    def on_option_list_option_highlighted(self, highlighted):
        self.query_one(Static).update(f"This is plan {{highlighted.option_index}}.")

Bare().run()
"""
OURS = "from tui.commands import main; main(['--database', {database!r}, '--screen', 'plans'])"


def there_and_back() -> Iterator[bytes]:
    """From the first plan to the last one and back, again and again."""
    for number in range(KEYS + WARM_UP):
        yield UP if number // (PLANS - 1) % 2 else DOWN


def figures() -> list[Figure]:
    """The plans as cards, side by side."""
    environment = typing_environment()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        database = Path(folder) / "plans.sqlite3"
        store = Store(str(database))
        store.credits.open_account("community-texts", "50", "America/New_York")
        store.close()
        bare, ours = [
            stack.enter_context(TypingSession([sys.executable, "-c", program], environment, COLUMNS, ROWS))
            for program in (BARE, OURS.format(database=str(database)))
        ]
        ours.wait_for("This is your plan.")
        for session in (bare, ours):
            session.settle()
        of_bare, of_ours = measure((bare, ours), there_and_back())
    return compared("Plans", of_ours, of_bare, "bare OptionList")
