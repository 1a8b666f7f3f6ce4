"""People as rows of the address book, and back.

What an import writes is the driver's `executemany`: peewee takes several times as long.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from store.database import Database  # isort: split

from peewee import ModelSelect, fn

from store.people import tables
from store.people.model import Contact, Number, Person
from store.people.names import fold, search_key, sort_key
from store.prepared import Bound, Prepared, listed

_Contact, _Number = tables.Contact, tables.ContactNumber
_Group, _Membership = tables.ContactGroup, tables.Membership

_COLUMNS = (
    *(
        "first_name",
        "last_name",
        "company",
        "phone",
        "region",
        "phone_kind",
        "phone_label",
        "email",
        "emails",
    ),
    *("fields", "address", "note", "language", "zone", "household", "place", "sort_key", "search_key"),
    "version",
)
_INSERT = f"INSERT INTO contact ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_PUT_BACK = f"INSERT INTO contact ({', '.join(_COLUMNS)}, id) VALUES ({', '.join('?' * len(_COLUMNS))}, ?)"
_UPDATE = f"UPDATE contact SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE id = ?"

CONTACTS = _Contact.select(
    *(field for field in _Contact._meta.sorted_fields if field.name not in ("sort_key", "search_key"))
)
# A contact's id and the name of a group.
_NAMES = _Membership.select(_Membership.contact, _Group.name).join(_Group).order_by(_Group.key)
_OTHERS = _Number.select().order_by(_Number.contact, _Number.position)

_GROUPS_OF = Prepared(lambda database, contacts: _NAMES.where(database.among(_Membership.contact, contacts)))
_OTHERS_OF = Prepared(lambda database, contacts: _OTHERS.where(database.among(_Number.contact, contacts)))


class Rows:
    """The contacts of a database. Within the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, contacts: ModelSelect[Any] | Bound) -> list[Contact]:
        """The contacts that a query of whole rows finds, in its order."""
        with self._database.connection():
            rows = self._database.fetch(contacts)
            ids = listed(row.id for row in rows)
            return self._contacts(rows, _GROUPS_OF(contacts=ids), _OTHERS_OF(contacts=ids))

    def everybody(self) -> list[Contact]:
        """All contacts, oldest first."""
        return self._contacts(self._database.fetch(CONTACTS.order_by(_Contact.id)), _NAMES, _OTHERS)

    def some(self, ids: Iterable[int]) -> list[Contact]:
        """Those of these contacts that are there, oldest first."""
        found = CONTACTS.where(self._database.among(_Contact.id, ids))
        return self.read(found.order_by(_Contact.id))

    def _contacts(
        self, rows: Iterable[Any], names: ModelSelect[Any] | Bound, others: ModelSelect[Any] | Bound
    ) -> list[Contact]:
        groups: dict[int, list[str]] = defaultdict(list)
        for row in self._database.fetch(names):
            groups[row.contact_id].append(row.name)
        numbers: dict[int, list[Number]] = defaultdict(list)
        for row in self._database.fetch(others):
            numbers[row.contact_id].append(Number(row.phone, row.region, row.kind, row.label))
        return [_contact(row, numbers.get(row.id, ()), groups.get(row.id, ())) for row in rows]

    def insert(self, people: Iterable[Person], version: int) -> list[int]:
        """New contacts, not yet in their groups; their ids, in the same order."""
        last = self._database.scalar(_Contact.select(fn.MAX(_Contact.id))) or 0
        people = list(people)
        self._database.executemany(_INSERT, (_stored(person, version) for person in people))
        # Ids only ever grow, and nobody else writes during this transaction.
        new = _Contact.select(_Contact.id).where(_Contact.id > last).order_by(_Contact.id)
        ids = [row.id for row in self._database.fetch(new)]
        self._add_others(zip(ids, people, strict=True))
        return ids

    def put(self, contacts: Sequence[Contact], *, back: bool = False) -> None:
        """Rewrites contacts with the version that they have, and the groups that they are in. back: those
        that were there and are gone."""
        ids = [(contact.id,) for contact in contacts]
        rows = ((*_stored(contact, contact.version), contact.id) for contact in contacts)
        self._database.executemany(_PUT_BACK if back else _UPDATE, rows)
        if not back:
            self._database.executemany("DELETE FROM contact_number WHERE contact_id = ?", ids)
            self._database.executemany("DELETE FROM membership WHERE contact_id = ?", ids)
        self._add_others((contact.id, contact) for contact in contacts)
        self.join((contact.id, contact.groups) for contact in contacts)

    def delete(self, ids: Iterable[int]) -> None:
        """Forgets contacts."""
        self._database.run(_Contact.delete().where(self._database.among(_Contact.id, ids)))

    def join(self, members: Iterable[tuple[int, Iterable[str]]]) -> None:
        """Puts contacts into groups, and makes those that are new."""
        pairs = [(fold(name), name, contact_id) for contact_id, names in members for name in names]
        self._database.executemany(
            "INSERT INTO contact_group (key, name) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
            {key: (key, name) for key, name, _ in reversed(pairs)}.values(),
        )
        ids = dict(self._database.fetch(_Group.select(_Group.key, _Group.id)))
        self._database.executemany(
            "INSERT INTO membership (group_id, contact_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            ((ids[key], contact_id) for key, _, contact_id in pairs),
        )

    def _add_others(self, contacts: Iterable[tuple[int, Person]]) -> None:
        self._database.executemany(
            "INSERT INTO contact_number (contact_id, position, phone, region, kind, label) VALUES "
            "(?, ?, ?, ?, ?, ?)",
            (
                (contact_id, position, *number)
                for contact_id, person in contacts
                if len(person.numbers) > 1 or not person.phone
                for position, number in enumerate(_others(person))
            ),
        )


def sorted_by(person: Person) -> str:
    """What somebody is listed by."""
    return sort_key(person.first_name, person.last_name, person.company, person.email, person.phone)


def kept_fields(fields: Iterable[tuple[str, str]]) -> str:
    """Fields of one's own as a row has them."""
    own = dict(fields)
    return json.dumps(own, ensure_ascii=False) if own else ""


def own_fields(stored: str) -> dict[str, str]:
    """The fields of one's own, of a row."""
    return json.loads(stored) if stored else {}


def _contact(row: Any, others: Iterable[Number], groups: Iterable[str]) -> Contact:
    texted = (Number(row.phone, row.region, row.phone_kind or "other", row.phone_label),) if row.phone else ()
    return Contact(
        first_name=row.first_name,
        last_name=row.last_name,
        company=row.company,
        numbers=(*texted, *others),
        emails=(row.email, *row.emails.split("\n")) if row.emails else (row.email,) if row.email else (),
        groups=tuple(groups),
        fields=tuple(own_fields(row.fields).items()),
        address=row.address,
        note=row.note,
        language=row.language,
        zone=row.zone,
        household=row.household,
        place=row.place,
        id=row.id,
        version=row.version,
    )


def _others(person: Person) -> list[Number]:
    texted = person.texted
    return [number for number in person.numbers if number is not texted]


def _stored(person: Person, version: int) -> tuple[object, ...]:
    """The columns of a contact, its id aside."""
    first_name, last_name, company = person.first_name, person.last_name, person.company
    phone, region, kind, label = texted = person.texted or _NO_NUMBER
    email, *emails = person.emails or ("",)
    found_by = [f"{first_name} {last_name}", company, email, phone]
    found_by += [number.phone for number in person.numbers if number is not texted]
    if emails or person.fields or person.household:
        found_by += (*emails, *(value for _, value in person.fields), person.household)
    return (
        *(first_name, last_name, company, phone, region, kind, label, email, "\n".join(emails)),
        kept_fields(person.fields),
        *(person.address, person.note, person.language, person.zone, person.household, person.place),
        sort_key(first_name, last_name, company, email, phone),
        search_key(found_by),
        version,
    )


_NO_NUMBER = Number("", "", "")
