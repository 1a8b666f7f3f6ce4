"""What the address book hands out: plain values."""

from __future__ import annotations

from dataclasses import dataclass

from store.people.names import full_name
from store.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who can be written to.

    phone: E.164, or "" for somebody known by email only. region: ISO 3166-1 alpha-2 of the phone, or "".
    """

    id: int
    first_name: str
    last_name: str
    company: str
    phone: str
    region: str
    email: str
    groups: tuple[str, ...]

    @property
    def name(self) -> str:
        """The full name, or the company, or "" where neither is known."""
        return full_name(self.first_name, self.last_name, self.company)


@dataclass(frozen=True, slots=True)
class Row:
    """One row (or card) of an imported file, by its number in the file (1 is the first after a header).

    outcome: "added", "merged", "unchanged", "refused", or "left-out" for what is no person (number 0: what is
    no row). reason: why it was refused, or what was noted about a row that was taken (an extension dropped, a
    second number left out). code: a stable word for the reason. left_out: what of it was not taken.
    """

    number: int
    name: str
    outcome: str
    reason: Sentence | None = None
    code: str = ""
    left_out: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an imported file, or a property of its cards. field: what it became (see `contacts import
    --map`), None where it wasn't used."""

    name: str
    field: str | None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. rows: in file order, those worth a word (refused, merged, noted); counts cover all
    rows. columns: what each became."""

    added: int
    merged: int
    unchanged: int
    rows: tuple[Row, ...]
    columns: tuple[Column, ...] = ()

    @property
    def refused(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.outcome == "refused")
