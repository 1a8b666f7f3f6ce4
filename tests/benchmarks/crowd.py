"""A key in Compose with 100,000 recipients and two merge fields, against the same with 10,000; and how soon
after the last key the total is exact.

Both run at once in pseudo terminals, as in `tests.benchmarks.keys`. The text is near the end of a segment, so
that a key changes what thousands of names take. Exact is the total that the store says of the same text, read
off the terminal's screen.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pyte

from store import Store
from store.messages.model import Draft
from store.people.model import Number, Person
from tests.benchmarks.blast import FIRST, SECOND
from tests.benchmarks.keys import COLUMNS, COMPOSE, ROWS, measure, there_and_back, typing_environment
from tests.benchmarks.report import Figure, duration
from tests.benchmarks.typing_session import TypingSession

MANY, FEW = 100_000, 10_000
BOUND = 1.5
MOST_SECONDS = 0.15
TIMES = 20
TYPED = b"see you!"
LAST = b"!"
BODY = ("Hi {first_name} {last_name}, " + "the open house on Elm Street is on Sunday at two. " * 3)[:161]


def prepare(database: Path, recipients: int) -> tuple[int, int]:
    """An account, so many contacts in a group, and a draft to them. What it costs as it is, and with one more
    key."""
    store = Store(str(database))
    account = store.credits.open_account("agent-texts", "3000", "America/New_York").id
    names = [first + second for first in FIRST for second in SECOND]
    people = [
        Person(names[at % len(names)], f"O'Hara {at}", numbers=(Number(f"+1415{at:07}", "US"),))
        for at in range(recipients)
    ]
    with store.connection(), store.database.transaction():
        ids = store.people._rows.insert(people, 1)
        store.people._rows.join((id, ("everybody",)) for id in ids)
    draft = store.messages.save_draft(Draft(body=BODY, groups=("everybody",)))
    costs = [
        store.messages.estimate(account, Draft(body=BODY + more, groups=draft.groups)).credits
        for more in ("", LAST.decode())
    ]
    store.close()
    assert costs[0] != costs[1], "the key is to change the total"
    return costs[0], costs[1]


class Shown:
    """The total on a terminal's screen."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    def reads(self, total: int) -> Callable[[bytes], bool]:
        """Whether it is this after some more output."""

        def after(output: bytes) -> bool:
            self._stream.feed(output)
            lines = "\n".join(self._screen.display)
            found = re.search(r"Total +([0-9,]+)", lines)
            return found is not None and int(found[1].replace(",", "")) == total

        return after


def figures() -> list[Figure]:
    """A text being typed to very many."""
    environment = typing_environment()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        sessions, shown, costs = [], Shown(), (0, 0)
        for recipients in (FEW, MANY):
            database = Path(folder) / f"{recipients}.sqlite3"
            costs = prepare(database, recipients)
            command = [sys.executable, "-c", COMPOSE.format(database=str(database))]
            sessions.append(stack.enter_context(TypingSession(command, environment, COLUMNS, ROWS)))
        few, many = sessions
        many.until(b"", shown.reads(costs[0]))
        shown.reads(0)(many.settle())
        few.settle()
        exact = []
        for _ in range(TIMES):
            exact.append(many.until(LAST, shown.reads(costs[1])))
            shown.reads(0)(many.settle(quiet=0.3))
            exact.append(many.until(b"\x7f", shown.reads(costs[0])))
            shown.reads(0)(many.settle(quiet=0.3))
        of_few, of_many = measure((few, many), there_and_back(TYPED))
    delays = [sorted(answer.seconds for answer in answers) for answers in (of_many, of_few)]
    medians = [statistics.median(some) for some in delays]
    p95 = [some[len(some) * 95 // 100] for some in delays]
    where, peer = f"Compose with {MANY:,} recipients and two merge fields", f"{FEW:,} recipients"
    worst = max(exact)
    return [
        Figure.of_times(f"Key to last byte in {where}, median", medians[0], peer, medians[1], BOUND),
        Figure.of_times(f"Key to last byte in {where}, 95th percentile", p95[0], peer, p95[1], BOUND),
        Figure(
            f"Exact total after the last key in {where}, median; longest",
            f"{duration(statistics.median(exact))}; {duration(worst)}",
            "",
            "",
            f"at most {duration(MOST_SECONDS)}",
            worst <= MOST_SECONDS,
        ),
    ]
