"""The address book: who is in it, how they are found, edited and imported.

peewee writes the queries. What an import writes is the driver's `executemany`, and the people that a text
goes to, 100,000 perhaps, are the driver's own tuples: peewee takes several times as long for either.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, TypeAlias, get_args

from store.database import Database, Table, retried, unit_of_work  # isort: split

from peewee import SQL, Expression, ModelSelect, Tuple, fn

from store.errors import TextmeterError, WrongUsage
from store.people import tables
from store.people.imports.incoming import EMAIL, group_names
from store.people.imports.merging import KnownPeople, Person
from store.people.model import Contact, ImportReport
from store.people.names import fold, search_key, search_terms, sort_key, tidy
from store.people.search import By, Match, conditions, match
from store.prepared import Bound, Prepared, listed
from store.roles import Role, needs
from store.sentences import sentence
from store.texts.phones import parse

if TYPE_CHECKING:
    from store.people.imports.importing import Reading

PersonRow: TypeAlias = tuple[str, str, str, str, str]
"""Somebody to be texted: phone (E.164, or "" for somebody without one), region, first name, last name,
company."""

_Contact, _Group, _Membership = tables.Contact, tables.ContactGroup, tables.Membership
_Limit = tables.GroupAccount
_ABOUT = (_Contact.first_name, _Contact.last_name, _Contact.company)
# In the order of `Contact` and, without the id, of `Person`.
_CONTACTS = _Contact.select(_Contact.id, *_ABOUT, _Contact.phone, _Contact.region, _Contact.email)
# A `PersonRow`.
_PEOPLE = _Contact.select(_Contact.phone, _Contact.region, *_ABOUT)
# A contact's id and the name of a group.
_NAMES = _Membership.select(_Membership.contact, _Group.name).join(_Group)

# Saying that none is empty, and not by a parameter, lets the index on phones find them.
_BY_PHONES = Prepared(
    lambda database, phones: _CONTACTS.where(
        database.among(_Contact.phone, phones), _Contact.phone != SQL("''")
    )
)
_GROUPS_OF = Prepared(
    lambda database, contacts: _NAMES.where(database.among(_Membership.contact, contacts)).order_by(
        _Group.key
    )
)
_RECIPIENTS = Prepared(
    lambda database, contacts, groups: _PEOPLE.where(
        database.among(_Contact.id, contacts) | _Contact.id.in_(_members(database.among(_Group.key, groups)))
    ).order_by(_Contact.id)
)


class ContactRefused(TextmeterError):
    """A contact that can't be kept as it was typed; nothing was changed."""

    default_code = "contact-refused"


class AddressBook:
    """The contacts of an open database. Methods may be called from any thread; each is one transaction."""

    TABLES: ClassVar[Sequence[type[Table]]] = tables.TABLES

    def __init__(self, database: Database) -> None:
        self._database = database

    # Finding

    def contacts(
        self,
        search: str = "",
        *,
        group: str | None = None,
        account_id: int | None = None,
        after: Contact | None = None,
        limit: int = 100,
    ) -> list[Contact]:
        """A page of contacts by name, those without one last.

        search: words that the name, company, phone or email must contain, case and accents aside. group: only
        its members, nobody where it isn't offered to the account. after: the last contact of the page before.
        """
        found = _matching(_CONTACTS, search, group, account_id)
        if after:
            found = found.where(Tuple(_Contact.sort_key, _Contact.id) > Tuple(_sort_key(after), after.id))
        return self._read(found.order_by(_Contact.sort_key, _Contact.id).limit(limit))

    def suggest(self, typed: str, *, limit: int) -> list[Match]:
        """Who may be meant by what somebody types, the likeliest first: those in whose name a word begins so,
        then by number, by company, and last by an email address that begins so; by name within each."""
        found: list[Contact] = []
        for condition in conditions(typed):
            known = [contact.id for contact in found]
            others = _CONTACTS.where(condition, _Contact.id.not_in(known))
            found += self._read(others.order_by(_Contact.sort_key, _Contact.id).limit(limit - len(found)))
            if len(found) >= limit:
                break
        matches = [meant for contact in found if (meant := match(contact, typed))]
        return sorted(matches, key=lambda match: get_args(By).index(match.by))

    def count(self, search: str = "", *, group: str | None = None, account_id: int | None = None) -> int:
        """How many contacts `contacts` would list in all."""
        with self._database.connection():
            counted = _matching(_Contact.select(fn.COUNT(_Contact.id)), search, group, account_id)
            return int(self._database.scalar(counted))

    def contact(self, contact_id: int) -> Contact | None:
        """A contact by its id; None where there is none any more."""
        return next(iter(self._read(_CONTACTS.where(_Contact.id == contact_id))), None)

    def by_email(self, address: str) -> Contact | None:
        """The first contact who has that address, in whatever case it is written; None where nobody has."""
        having = _CONTACTS.where(fn.LOWER(_Contact.email) == fn.LOWER(address))
        return next(iter(self._read(having.order_by(_Contact.id).limit(1))), None)

    def by_phones(self, phones: Iterable[str]) -> dict[str, Contact]:
        """The contacts who have these numbers (E.164), by number."""
        return {contact.phone: contact for contact in self._read(_BY_PHONES(phones=listed(phones)))}

    def groups(self, account_id: int | None = None) -> list[tuple[str, int]]:
        """The groups by name, each with the number of its members who have a phone. account_id: only those
        that are offered to this account."""
        textable = fn.COUNT(_Contact.id).filter(_Contact.phone != "").alias("textable")
        counted = _Group.select(_Group.name, textable).join(_Membership).join(_Contact)
        if account_id is not None:
            counted = counted.where(_offered(account_id))
        with self._database.connection():
            rows = self._database.fetch(counted.group_by(_Group.id).order_by(_Group.key))
            return [(row.name, row.textable) for row in rows]

    def recipients(self, *, contacts: Sequence[int], groups: Sequence[str]) -> list[PersonRow]:
        """These contacts and the members of these groups, each once, in the order in which they were added.

        People without a phone are among them, so that it can be said who is left out.
        """
        wanted = _RECIPIENTS(contacts=listed(contacts), groups=listed(map(fold, groups)))
        with self._database.connection():
            return self._database.cursor(wanted).fetchall()

    # Editing

    @unit_of_work(Role.OWNER)
    def add(
        self,
        *,
        first_name: str = "",
        last_name: str = "",
        company: str = "",
        phone: str = "",
        email: str = "",
        groups: Iterable[str] = (),
        region: str,
    ) -> Contact:
        """A new contact. phone: as typed; region: in which it is read where it has no country code.

        Raises PhoneRefused, and ContactRefused for somebody who can't be reached or is known already.
        """
        person = _person(first_name, last_name, company, phone, email, groups, region)
        with self._changes():
            self._refuse_taken(person.phone, except_for=None)
            (contact_id,) = self._insert([person])
            self._join_groups([(contact_id, person.groups)])
            return self._read(_CONTACTS.where(_Contact.id == contact_id))[0]

    @unit_of_work(Role.OWNER)
    def update(
        self,
        contact_id: int,
        *,
        first_name: str,
        last_name: str,
        company: str,
        phone: str,
        email: str,
        groups: Iterable[str],
        region: str,
    ) -> Contact:
        """Replaces all that is known of a contact. Raises what `add` raises, and WrongUsage where it is
        gone."""
        person = _person(first_name, last_name, company, phone, email, groups, region)
        with self._changes():
            self._refuse_taken(person.phone, except_for=contact_id)
            if not self._update([(contact_id, person)]):
                raise WrongUsage(
                    sentence("This contact is no longer there. Nothing was changed."), code="no-contact"
                )
            self._database.run(_Membership.delete().where(_Membership.contact == contact_id))
            self._join_groups([(contact_id, person.groups)])
            self._drop_empty_groups()
            return self._read(_CONTACTS.where(_Contact.id == contact_id))[0]

    @unit_of_work(Role.OWNER)
    def delete(self, contact_id: int) -> None:
        """Forgets a contact; what was texted to it stays in the history. Nothing happens where it is gone
        already."""
        with self._changes():
            self._database.run(_Contact.delete().where(_Contact.id == contact_id))
            self._drop_empty_groups()

    @unit_of_work(Role.OWNER)
    def limit_group(self, name: str, accounts: Iterable[int]) -> None:
        """Offers a group to these accounts only, or to all again where there are none. Raises WrongUsage
        where there is no such group."""
        with self._changes():
            group = self._database.scalar(_Group.select(_Group.id).where(_Group.key == fold(name)))
            if group is None:
                raise WrongUsage(
                    sentence("There is no group {name}. Nothing was changed.", name=name), code="no-group"
                )
            self._database.run(_Limit.delete().where(_Limit.group == group))
            for account_id in set(accounts):
                self._database.run(_Limit.insert(group=group, account_id=account_id))

    # Importing

    @needs(Role.OWNER)
    def import_file(
        self,
        source: Path | BinaryIO,
        *,
        region: str,
        progress: Callable[[int], None] | None = None,
        mapping: Mapping[str, str] | None = None,
        dry_run: bool = False,
    ) -> ImportReport:
        """Takes the people of a CSV, Excel or vCard file, or of standard input, all in one transaction.

        region: in which numbers without a country code are read. progress: called with the number of rows
        done; what it raises stops the import, and nothing is taken. mapping: fields by columns, instead of
        what is guessed. dry_run: nothing is changed, the report says what would be. Raises ImportRefused,
        and WrongUsage for a mapping of columns that aren't there.
        """
        # Imported here, because opening the app need not wait for it.
        from store.people.imports.importing import decide

        # Reading takes long and needs no database, so it happens before the write lock is taken.
        reading = decide(source, region, progress, mapping)
        look_up = partial(progress, len(reading.rows)) if progress else lambda: None
        return self._take(reading, look_up, dry_run)

    @retried
    def _take(self, reading: Reading, look_up: Callable[[], None], dry_run: bool) -> ImportReport:
        from store.people.imports.importing import looked_up_from, take

        with self._changes():
            ids, people = self._everybody()
            known = KnownPeople(people)
            report = take(reading, known, look_up)
            if dry_run:
                return report
            changed = [(ids[at], known.people[at]) for at in sorted(known.changed)]
            self._update(looked_up_from(changed, look_up))
            inserted = self._insert(looked_up_from(known.added, look_up))
            touched = (*changed, *zip(inserted, known.added, strict=True))
            self._join_groups(
                (contact_id, person.groups) for contact_id, person in looked_up_from(touched, look_up)
            )
        return report

    def _everybody(self) -> tuple[list[int], list[Person]]:
        """All contacts, oldest first."""
        ids, people = [], []
        groups = self._groups_of(_NAMES.order_by(_Group.key))
        for row in self._database.fetch(_CONTACTS.order_by(_Contact.id)):
            ids.append(row.id)
            people.append(Person(*row[1:], *[tuple(groups.get(row.id, ()))]))
        return ids, people

    # Rows

    @contextlib.contextmanager
    def _changes(self) -> Iterator[None]:
        """A transaction that changes the address book, one at a time: who is new depends on everybody who is
        in it."""
        with self._database.transaction():
            self._database.lock(tables.Contact)
            yield

    def _read(self, contacts: ModelSelect[Any] | Bound) -> list[Contact]:
        with self._database.connection():
            rows = self._database.fetch(contacts)
            groups = self._groups_of(_GROUPS_OF(contacts=listed(row.id for row in rows)))
        return [Contact(*row, *[tuple(groups.get(row.id, ()))]) for row in rows]

    def _groups_of(self, names: ModelSelect[Any] | Bound) -> Mapping[int, list[str]]:
        """Names of groups by contact."""
        groups: dict[int, list[str]] = defaultdict(list)
        for row in self._database.fetch(names):
            groups[row.contact_id].append(row.name)
        return groups

    def _insert(self, people: Iterable[Person]) -> list[int]:
        """New contacts; their ids, in the same order."""
        last = self._database.scalar(_Contact.select(fn.MAX(_Contact.id))) or 0
        self._database.executemany(
            "INSERT INTO contact (first_name, last_name, company, phone, region, email, sort_key, "
            "search_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            map(_stored, people),
        )
        # Ids only ever grow, and nobody else writes during this transaction.
        new = _Contact.select(_Contact.id).where(_Contact.id > last).order_by(_Contact.id)
        return [row.id for row in self._database.fetch(new)]

    def _update(self, people: Iterable[tuple[int, Person]]) -> int:
        """Rewrites contacts; how many there were."""
        return self._database.executemany(
            "UPDATE contact SET first_name = ?, last_name = ?, company = ?, phone = ?, region = ?, email = "
            "?, sort_key = ?, search_key = ? WHERE id = ?",
            ((*_stored(person), contact_id) for contact_id, person in people),
        )

    def _join_groups(self, members: Iterable[tuple[int, Iterable[str]]]) -> None:
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

    def _drop_empty_groups(self) -> None:
        used = _Membership.select(_Membership.group)
        self._database.run(_Group.delete().where(_Group.id.not_in(used)))

    def _refuse_taken(self, phone: str, *, except_for: int | None) -> None:
        known = self.by_phones([phone] if phone else []).get(phone)
        if known and known.id != except_for:
            raise ContactRefused(
                sentence(
                    "{name} has the number {phone} already. Nothing was changed. Change that contact "
                    "instead.",
                    name=known.name or known.email or phone,
                    phone=phone,
                ),
                code="phone-taken",
                contact=known.id,
            )


def _matching(
    query: ModelSelect[Any], search: str, group: str | None, account_id: int | None
) -> ModelSelect[Any]:
    """Of contacts, those that are looked for."""
    for term in search_terms(search):
        query = query.where(_Contact.search_key.contains(term))
    if group is not None:
        named = _Group.key == fold(group)
        if account_id is not None:
            named &= _offered(account_id)
        query = query.where(_Contact.id.in_(_members(named)))
    return query


def _offered(account_id: int) -> Expression:
    """Of groups, those that an account may write to."""
    limited = _Limit.select(_Limit.group)
    return _Group.id.not_in(limited) | _Group.id.in_(limited.where(_Limit.account_id == account_id))


def _members(groups: Expression) -> ModelSelect[Any]:
    return _Membership.select(_Membership.contact).join(_Group).where(groups)


def _person(
    first_name: str, last_name: str, company: str, phone: str, email: str, groups: Iterable[str], region: str
) -> Person:
    """What somebody typed, as it is kept. Raises PhoneRefused and ContactRefused."""
    phone, email = tidy(phone), tidy(email)
    if not phone and not email:
        raise ContactRefused(
            sentence("A contact needs a phone number or an email address. Nothing was changed."),
            code="no-number",
        )
    if email and not EMAIL.fullmatch(email):
        raise ContactRefused(
            sentence("{email} is no email address. Nothing was changed.", email=email), code="no-email"
        )
    number = parse(phone, region) if phone else None
    return Person(
        tidy(first_name),
        tidy(last_name),
        tidy(company),
        number.e164 if number else "",
        number.region if number else "",
        email,
        group_names(map(tidy, groups)),
    )


def _sort_key(who: Contact | Person) -> str:
    return sort_key(who.first_name, who.last_name, who.company, who.email, who.phone)


def _stored(person: Person) -> tuple[str, ...]:
    """The columns of a contact, its id aside."""
    search = search_key(person.first_name, person.last_name, person.company, person.email, person.phone)
    values = (person.first_name, person.last_name, person.company, person.phone, person.region, person.email)
    return (*values, _sort_key(person), search)
