"""What the address book hands out: plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from store.people.names import full_name
from store.sentences import Sentence

FAX = "fax"
KINDS = ("mobile", "home", "work", FAX, "other")
"""What a number may be. A fax isn't texted."""


class Number(NamedTuple):
    """A number of somebody. phone: E.164; region: ISO 3166-1 alpha-2, "001" for none; kind: one of `KINDS`;
    label: what it was called where it came from, or ""."""

    phone: str
    region: str
    kind: str = "other"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, known or incoming, who has a number or an email address.

    numbers: the one that is texted first, each phone once. emails: the one that is written to first. groups:
    names. fields: the person's own, by names as `store.people.names.field_name` makes them. language: a BCP
    47 tag; zone: an IANA name. household: the name of those who live together; place: 0 for whom a text to
    the household greets, which is the one known longest where several have it.
    """

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    numbers: tuple[Number, ...] = ()
    emails: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    address: str = ""
    note: str = ""
    language: str = ""
    zone: str = ""
    household: str = ""
    place: int = 0

    @property
    def name(self) -> str:
        """The full name, or the company, or "" where neither is known."""
        return full_name(self.first_name, self.last_name, self.company)

    @property
    def texted(self) -> Number | None:
        """The number that gets texts: the first that is no fax."""
        for number in self.numbers:
            if number.kind != FAX:
                return number
        return None

    @property
    def phone(self) -> str:
        """The number that gets texts, E.164, or ""."""
        texted = self.texted
        return texted.phone if texted else ""

    @property
    def region(self) -> str:
        """Of the number that gets texts, or ""."""
        texted = self.texted
        return texted.region if texted else ""

    @property
    def email(self) -> str:
        """The address that is written to, or ""."""
        return self.emails[0] if self.emails else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Person):
    """A person of the address book. version: the number of the change that made it so, which another one
    follows where somebody changes it."""

    id: int
    version: int = 0


class Pair(NamedTuple):
    """Two contacts who may be one person. first: who was added first. why: keys of
    `store.people.duplicates.Why`; similar: whether their names are."""

    first: Contact
    second: Contact
    why: tuple[str, ...]
    similar: bool


@dataclass(frozen=True, slots=True)
class Details:
    """What else somebody typed about a person, besides the name, company, number, address and groups.

    numbers: further ones as typed, each with its kind; emails: further ones. fields: by any names. The rest
    is as in `Person`.
    """

    numbers: tuple[tuple[str, str], ...] = ()
    emails: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    address: str = ""
    note: str = ""
    language: str = ""
    zone: str = ""
    household: str = ""


NO_DETAILS = Details()


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did to the address book, which can be undone. kind: "add", "edit", "delete", "tag",
    "merge", "apart", "import" or "group"; what: whom or what it was about, by name; people: how many."""

    id: int
    kind: str
    what: str
    people: int


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


class Column(NamedTuple):
    """A column of an imported file, or a property of its cards. field: what it became (see `contacts import
    --map`), None where it wasn't used. values: the first that stand in a column, none where it is empty;
    a property of cards has none."""

    name: str
    field: str | None
    values: tuple[str, ...] = ()


class Sample(NamedTuple):
    """A row of an imported file that was taken, by its number, and whom it makes."""

    number: int
    outcome: str
    person: Person


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. rows: in file order, those worth a word (refused, merged, noted); counts cover all
    rows. columns: what each became; is_table: whether they are columns, which can be told what to become.
    change: the number by which it can be undone, 0 where nothing was changed. first: the first rows that were
    taken. reading: where it was a look only, what `import_read` takes."""

    added: int
    merged: int
    unchanged: int
    rows: tuple[Row, ...]
    columns: tuple[Column, ...] = ()
    is_table: bool = False
    change: int = 0
    first: tuple[Sample, ...] = ()
    reading: object = field(default=None, repr=False, compare=False)

    @property
    def refused(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.outcome == "refused")

    @property
    def passed_over(self) -> tuple[Row, ...]:
        """All rows of which nobody came: those that were refused, and those that are no person."""
        return tuple(row for row in self.rows if row.number and row.outcome in ("refused", "left-out"))

    @property
    def to_look_at(self) -> tuple[Row, ...]:
        """What was noted about rows that were taken, and about the file."""
        return tuple(
            row
            for row in self.rows
            if row.code != "filled" and not (row.number and row.outcome in ("refused", "left-out"))
        )


class SavedFilter(NamedTuple):
    """A query of `store.people.filters` under a name."""

    name: str
    query: str


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
