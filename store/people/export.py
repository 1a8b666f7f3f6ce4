"""Contacts as rows of a file that can be imported again: then everybody is as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from store.people.imports.incoming import kind_of
from store.people.model import FAX, Contact, Number

FIRST = ("First Name", "Last Name", "Company")
"""What our own export begins with."""
LAST = ("Labels", "Address", "Household", "Time Zone", "Language", "Notes")
"""The last columns that everybody has; people's own fields come after them."""


def columns(contacts: Sequence[Contact]) -> list[str]:
    """The columns that these contacts need: as many numbers and addresses as anybody has, and all their own
    fields."""
    numbers = max((len(contact.numbers) for contact in contacts), default=1)
    emails = max((len(contact.emails) for contact in contacts), default=1)
    own = sorted({name for contact in contacts for name, _ in contact.fields})
    return [
        *FIRST,
        *(name for at in range(1, numbers + 1) for name in (f"Phone {at} - Label", f"Phone {at} - Value")),
        *(f"E-mail {at} - Value" for at in range(1, emails + 1)),
        *LAST,
        *own,
    ]


def rows(contacts: Iterable[Contact], names: Sequence[str]) -> Iterator[dict[str, str]]:
    """The contacts under these columns."""
    blank = dict.fromkeys(names, "")
    for contact in contacts:
        known = (contact.first_name, contact.last_name, contact.company)
        others = (contact.address, contact.household, contact.zone, contact.language, contact.note)
        row = blank | dict(contact.fields) | dict(zip(FIRST, known, strict=True))
        row |= dict(zip(LAST, (" ::: ".join(contact.groups), *others), strict=True))
        for at, number in enumerate(contact.numbers, 1):
            row |= {f"Phone {at} - Label": _label(number), f"Phone {at} - Value": number.phone}
        for at, email in enumerate(contact.emails, 1):
            row[f"E-mail {at} - Value"] = email
        yield row


def _label(number: Number) -> str:
    """What a number is called, with its kind where the label alone would say another: a fax stays one."""
    for words in (number.label, f"{number.label} {number.kind}") if number.label else ():
        if (kind_of(words).kind or "other") == number.kind:
            return words
    return number.kind if kind_of(number.label).kind == FAX else number.label or number.kind
