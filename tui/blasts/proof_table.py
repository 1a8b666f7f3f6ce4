"""Proof of what went to whom as a table: CSV, JSON Lines or a spreadsheet, a line for each person and
channel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from store.credits.export import Book, Cell, export
from store.sentences import N_

if TYPE_CHECKING:
    from store.messages.proof import ByEmail, Line, Proof
    from tui.i18n.language import Language

COLUMNS = (
    *("name", "to", "channel", "status", "reason", "left_at", "segments"),
    *("at", "as_of", "names", "sender", "from", "person", "purpose", "why", "subject", "text"),
)
TITLES = {
    "name": N_("Name"),
    "to": N_("To"),
    "channel": N_("Channel"),
    "status": N_("Status"),
    "reason": N_("Reason"),
    "left_at": N_("Sent at"),
    "segments": N_("Segments"),
    "at": N_("Date"),
    "as_of": N_("As of"),
    "sender": N_("Sender"),
    "person": N_("Sent by"),
    "purpose": N_("Purpose"),
    "subject": N_("Subject"),
    "text": N_("Text"),
}
"""Of a spreadsheet's columns; those of the other formats are called as in `COLUMNS`."""


def save(
    path: Path,
    proof: Proof,
    lines: Iterable[Line],
    language: Language,
    *,
    overwrite: bool = False,
    progress: Callable[[int], None] = lambda people: None,
    wanted: Callable[[], bool] = lambda: True,
) -> int:
    """Writes the table that the file's name asks for; how many it went to. The rest is as
    `store.credits.export.export` has it."""
    went = 0

    def rows() -> Iterator[Mapping[str, Cell]]:
        nonlocal went
        for line in lines:
            went += line.went
            yield from _rows(proof, line, language)

    titles = {name: language.gettext(title) for name, title in TITLES.items()}
    book = Book(titles)
    export(path, COLUMNS, rows(), book=book, overwrite=overwrite, progress=progress, wanted=wanted)
    return went


def _rows(proof: Proof, line: Line, language: Language) -> Iterator[Mapping[str, Cell]]:
    """A person's, one for each channel."""
    about: dict[str, Cell] = {
        "name": line.name,
        "at": proof.at.isoformat(),
        "as_of": proof.as_of.isoformat(),
        "names": ", ".join(proof.names),
        "sender": proof.sender,
        "from": proof.address,
        "person": proof.person,
        "purpose": proof.purpose.value,
        "why": proof.why,
        "subject": proof.subject,
        "text": proof.body,
    }
    yield about | {"channel": proof.channel, "segments": line.segments} | _standing(line, language)
    if line.email is not None:
        yield about | {"channel": "email", "segments": 0} | _standing(line.email, language)


def _standing(one: Line | ByEmail, language: Language) -> dict[str, Cell]:
    return {
        "to": one.to,
        "status": str(one.status),
        "reason": language.say(one.reason) if one.reason is not None else "",
        "left_at": one.left_at.isoformat() if one.left_at is not None else "",
    }
