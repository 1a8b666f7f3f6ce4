"""What the address book hands out: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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

    outcome: "added", "merged", "unchanged" or "refused". reason: why it was refused, or what was noted about
    a row that was taken (an extension dropped, a second number left out). code: a stable word for the reason.
    """

    number: int
    name: str
    outcome: str
    reason: Sentence | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. rows: in file order, those worth a word (refused, merged, noted); counts cover all
    rows."""

    added: int
    merged: int
    unchanged: int
    rows: tuple[Row, ...]

    @property
    def refused(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.outcome == "refused")


class ConsentState(StrEnum):
    """Whether a number may be texted. UNKNOWN: nobody has said anything; it may."""

    IN = "in"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Said:
    """What was said about a number. number: E.164; name: of the contact who has it, "" where nobody does.

    how: by what way, a key of `store.people.consent.WAYS`; why: in words. at: when, None where nothing was
    said; by: who noted it. sender: the account that it is about, 0 for all. asks: the state that was said
    later and isn't followed until a person decides; None where there is nothing to decide.
    """

    id: int
    number: str
    state: ConsentState
    how: str = ""
    why: str = ""
    at: datetime | None = None
    by: str = ""
    sender: int = 0
    name: str = ""
    asks: ConsentState | None = None
