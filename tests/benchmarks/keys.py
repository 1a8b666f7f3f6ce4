"""A key press in Compose, to the last byte of its frame, against the least that Textual can do.

Both run at once in pseudo terminals of 120x36, and are pressed in turns. The peer is a bare app with one
TextArea whose handler updates one Static; Compose has 10,000 recipients and a merge field. The text holds
160 characters; eight more are typed and taken back, again and again, so that segments begin and end on the
way. Likewise an email's text, to as many.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from store import Store
from store.messages.model import Draft
from tests.benchmarks.report import Figure
from tests.benchmarks.typing_session import Answer, TypingSession

RECIPIENTS = 10_000
BODY = ("Hi {first_name}, " + "the open house on Elm Street is on Sunday at two. " * 3)[:160]
BOUND = 0.6
MOST_BYTES = 1_500
COLUMNS, ROWS = 120, 36
KEYS = 160
WARM_UP = 16
"""Keys that are not counted: caches fill, and modules are imported."""

BARE = f"""
from textual.app import App
from textual.widgets import Static, TextArea

class Bare(App):
    CSS = "TextArea {{ height: 1fr }} Static {{ height: 1 }}"

    def compose(self):
        yield TextArea({BODY!r})
        yield Static()

    def on_mount(self):
        area = self.query_one(TextArea)
        area.focus()
        area.move_cursor(area.document.end)

    def on_text_area_changed(self, changed):
        self.query_one(Static).update(f"{{len(changed.text_area.text)}} characters")

Bare().run()
"""
COMPOSE = "from tui.commands import main; main(['--database', {database!r}, '--screen', 'compose'])"


PLANS = {"Compose": ("agent-texts", "3000"), "Compose for emails": ("agent-email", "10000")}


def prepare(database: Path, product: str, plan: str) -> None:
    """An account, ten thousand contacts in a group, and a draft to them."""
    store = Store(str(database))
    account = store.credits.open_account(product, plan, "America/New_York")
    people = database.with_suffix(".csv")
    numbers = range(2_000_000, 2_000_000 + RECIPIENTS)
    person = "Name{n},Surname,+1212{n},n{n}@example.com,everybody"
    rows = "\n".join(person.format(n=number) for number in numbers)
    people.write_text(f"First Name,Last Name,Phone,Email,Groups\n{rows}\n", encoding="utf-8")
    store.people.import_file(people, region=account.country)
    store.messages.save_draft(
        Draft(subject="Open house", body=BODY, groups=("everybody",), account_id=account.id)
    )
    store.close()


def measure(sessions: Sequence[TypingSession], keys: Iterable[bytes]) -> list[list[Answer]]:
    """The answers of each session to the same keys, pressed in turns; the first ones aren't counted."""
    answers: list[list[Answer]] = [[] for _ in sessions]
    for key in keys:
        for session, heard in zip(sessions, answers, strict=True):
            heard.append(session.press(key))
    return [heard[WARM_UP:] for heard in answers]


def there_and_back(typed: bytes, keys: int = KEYS + WARM_UP) -> Iterator[bytes]:
    """Types some characters and takes them back, again and again."""
    for number in range(keys):
        back, at = divmod(number, len(typed))
        yield b"\x7f" if back % 2 else typed[at : at + 1]


def typing_environment() -> dict[str, str]:
    """The variables for programs in a pseudo terminal."""
    unwanted = ("TEXTUAL", "NO_COLOR", "PYTHONDONT")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(unwanted)}
    return environment | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


def compared(
    where: str, ours: Sequence[Answer], bare: Sequence[Answer], peer: str = "bare TextArea"
) -> list[Figure]:
    """Median and 95th percentile of the delay, and the median of the bytes."""
    delays = [sorted(answer.seconds for answer in answers) for answers in (ours, bare)]
    sizes = [statistics.median(answer.size for answer in answers) for answers in (ours, bare)]
    medians = [statistics.median(some) for some in delays]
    p95 = [some[len(some) * 95 // 100] for some in delays]
    return [
        Figure.of_times(f"Key to last byte in {where}, median", medians[0], peer, medians[1], BOUND),
        Figure.of_times(f"Key to last byte in {where}, 95th percentile", p95[0], peer, p95[1], BOUND),
        Figure(
            f"Bytes a key in {where}",
            f"{sizes[0]:,.0f} bytes",
            f"{peer}: {sizes[1]:,.0f} bytes",
            f"{sizes[0] / sizes[1]:.2f}",
            f"at most {MOST_BYTES:,} bytes",
            sizes[0] <= MOST_BYTES,
        ),
    ]


def figures() -> list[Figure]:
    """A text being typed, and an email."""
    return [figure for where, plan in PLANS.items() for figure in _figures(where, *plan)]


def _figures(where: str, product: str, plan: str) -> list[Figure]:
    environment = typing_environment()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        database = Path(folder) / "keys.sqlite3"
        prepare(database, product, plan)
        programs = (BARE, COMPOSE.format(database=str(database)))
        sessions = [
            stack.enter_context(TypingSession([sys.executable, "-c", program], environment, COLUMNS, ROWS))
            for program in programs
        ]
        sessions[1].wait_for("10,000 people")
        for session in sessions:
            session.settle()
        bare, ours = measure(sessions, there_and_back(b"see you!"))
    return compared(where, ours, bare)
