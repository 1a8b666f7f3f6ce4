"""Lines of the history as data: for programs, and for files."""

from __future__ import annotations

from datetime import date

from store.credits.export import Book
from store.sentences import N_
from tui.history.presentation import POOLS
from tui.history.search import Line, happened
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


_TITLES = {
    "seq": N_("Line"),
    "on": N_("Date"),
    "pool": N_("Credits"),
    "kind": N_("Kind"),
    "delta": N_("Change"),
    "balance": N_("Left after"),
    "amount": N_("Amount"),
    "cause": N_("What happened"),
    "cause_code": N_("Cause"),
    "reference": N_("Reference"),
    "text": N_("Text"),
    "by": N_("By"),
}


def book(language: Language) -> Book:
    """The history as a workbook: a sheet of allotted credits and one of those bought."""
    _ = language.gettext
    titles = {name: _(title) for name, title in _TITLES.items()}
    return Book(titles, "pool", {pool.value: _(title) for pool, title in POOLS.items()})


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
        "cause": plain(happened(language, line, on_screen=False)),
        "cause_code": plain(entry.cause),
        "reference": plain(entry.reference),
        "text": plain(line.body),
        "by": plain(entry.person),
    }
