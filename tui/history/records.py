"""Lines of the history as data: for programs, and for files."""

from __future__ import annotations

from datetime import date

from tui.history.presentation import cause_words
from tui.history.search import Line
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

COLUMNS = (
    "seq",
    "on",
    "pool",
    "kind",
    "delta",
    "balance",
    "amount",
    "cause",
    "cause_code",
    "reference",
    "text",
    "by",
)


def as_data(language: Language, line: Line) -> dict[str, str | int | date]:
    """A line by its columns. Texts are in one line, and their control characters are visible."""
    entry = line.entry
    return {
        "seq": entry.seq,
        "on": entry.on,
        "pool": entry.pool.value,
        "kind": entry.kind.value,
        "delta": entry.delta,
        "balance": entry.balance,
        "amount": entry.amount,
        "cause": plain(cause_words(language, entry)),
        "cause_code": plain(entry.cause),
        "reference": plain(entry.reference),
        "text": plain(line.body),
        "by": plain(entry.person),
    }
