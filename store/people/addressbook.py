"""The address book: who is in it, how they are found, edited and imported.

peewee writes the queries. What an import writes is the driver's `executemany`, and the people that a text
goes to, 100,000 perhaps, are the driver's own tuples: peewee takes several times as long for either.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, TypeAlias, get_args

from store.database import Database, Table, retried, unit_of_work  # isort: split

from peewee import SQL, Tuple, fn

from store.errors import RefusedByRule, TextmeterError, WrongUsage
from store.people import tables
from store.people.changes import Changes
from store.people.imports.incoming import EMAIL, group_names
from store.people.imports.merging import KnownPeople, merge, names_agree
from store.people.model import NO_DETAILS, Change, Contact, Details, ImportReport, Number, Person
from store.people.names import field_name, fold, tidy
from store.people.rows import CONTACTS, Rows, own_fields, sorted_by
from store.people.search import By, Match, conditions, match, matching, members, offered
from store.prepared import Prepared, listed
from store.roles import Role, needs
from store.sentences import sentence
from store.texts.phones import parse

if TYPE_CHECKING:
    from store.people.imports.importing import Decided

PersonRow: TypeAlias = tuple[str, str, str, str, str, str]
"""Somebody to be texted: phone (E.164, or "" for somebody without one), region, first name, last name,
company, and a JSON object of fields of their own, or ""."""

_Contact, _Group, _Membership = tables.Contact, tables.ContactGroup, tables.Membership
_Limit, _Merged, _Number = tables.GroupAccount, tables.Merged, tables.ContactNumber
_PEOPLE = _Contact.select(
    *(_Contact.phone, _Contact.region, _Contact.first_name, _Contact.last_name, _Contact.company),
    _Contact.fields,
)
_FIRST = (_Contact.place, _Contact.id)
"""Of several with one number, whom a text greets stands first."""

# Saying that none is empty, and not by a parameter, lets the index on phones find them.
_BY_PHONES = Prepared(
    lambda database, phones: CONTACTS.where(
        (database.among(_Contact.phone, phones) & (_Contact.phone != SQL("''")))
        | _Contact.id.in_(_Number.select(_Number.contact).where(database.among(_Number.phone, phones)))
    ).order_by(*_FIRST)
)
_RECIPIENTS = Prepared(
    lambda database, contacts, groups: _PEOPLE.where(
        database.among(_Contact.id, contacts) | _Contact.id.in_(members(database.among(_Group.key, groups)))
    ).order_by(*_FIRST)
)


class ContactRefused(TextmeterError):
    """A contact that can't be kept as it was typed; nothing was changed."""

    default_code = "contact-refused"


class AddressBook:
    """The contacts of an open database. Methods may be called from any thread; each is one transaction."""

    TABLES: ClassVar[Sequence[type[Table]]] = tables.TABLES

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = Rows(database)
        self._changes = Changes(database, self._rows)

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

        search: words of a name, company, address, group or field, or parts of a number, all of which must be
        there, case and accents aside (see `store.people.search.matching`). group: only
        its members, nobody where it isn't offered to the account. after: the last contact of the page before.
        """
        found = matching(_Contact.select(_Contact.id), search, group, account_id)
        if after:
            found = found.where(Tuple(_Contact.sort_key, _Contact.id) > Tuple(sorted_by(after), after.id))
        page = found.order_by(_Contact.sort_key, _Contact.id).limit(limit)
        # Of those that match only the page is read whole: finding them reads an index alone.
        shown = CONTACTS.where(_Contact.id.in_(page))
        return self._rows.read(shown.order_by(_Contact.sort_key, _Contact.id))

    def suggest(self, typed: str, *, limit: int) -> list[Match]:
        """Who may be meant by what somebody types, the likeliest first: those in whose name a word begins so,
        then by number, by company, and last by an email address that begins so; by name within each."""
        found: list[Contact] = []
        for condition in conditions(typed):
            known = [contact.id for contact in found]
            others = CONTACTS.where(condition, _Contact.id.not_in(known))
            found += self._rows.read(
                others.order_by(_Contact.sort_key, _Contact.id).limit(limit - len(found))
            )
            if len(found) >= limit:
                break
        matches = [meant for contact in found if (meant := match(contact, typed))]
        return sorted(matches, key=lambda match: get_args(By).index(match.by))

    def count(self, search: str = "", *, group: str | None = None, account_id: int | None = None) -> int:
        """How many contacts `contacts` would list in all."""
        with self._database.connection():
            counted = matching(_Contact.select(fn.COUNT(_Contact.id)), search, group, account_id)
            return int(self._database.scalar(counted))

    def contact(self, contact_id: int) -> Contact | None:
        """A contact by its id, or the one it was merged into; None where there is none any more."""
        return next(iter(self._rows.some(self._merged_into([contact_id]))), None)

    def merged_from(self, contact_id: int) -> list[int]:
        """The ids that mean a contact: its own, and those of the ones that were merged into it."""
        ids = [contact_id]
        with self._database.connection():
            for id in ids:  # which grows
                from_ = _Merged.select(_Merged.contact_id).where(_Merged.into == id)
                ids += [row.contact_id for row in self._database.find(from_)]
        return ids

    def _merged_into(self, ids: Iterable[int]) -> set[int]:
        """Contacts by their ids, each that was merged by that of the one it is now."""
        found, asked = set(ids), set(ids)
        with self._database.connection():
            while asked:
                of = _Merged.select().where(self._database.among(_Merged.contact_id, asked))
                into = {row.contact_id: row.into for row in self._database.find(of)}
                found = (found - into.keys()) | set(into.values())
                asked = set(into.values())
        return found

    def by_email(self, address: str) -> Contact | None:
        """The first contact who has that address, in whatever case it is written; None where nobody has."""
        having = CONTACTS.where(fn.LOWER(_Contact.email) == fn.LOWER(address))
        return next(iter(self._rows.read(having.order_by(_Contact.id).limit(1))), None)

    def by_phones(self, phones: Iterable[str]) -> dict[str, Contact]:
        """The contacts who have these numbers (E.164), by number: of several whom a text to it greets, which
        somebody for whom it isn't the one that is texted comes after."""
        wanted = {phone for phone in phones if phone}
        found: dict[str, Contact] = {}
        contacts = self._rows.read(_BY_PHONES(phones=listed(wanted)))
        for contact in contacts:
            if contact.phone in wanted:
                found.setdefault(contact.phone, contact)
        for contact in contacts:
            for number in contact.numbers:
                if number.phone in wanted:
                    found.setdefault(number.phone, contact)
        return found

    def own_fields(self) -> dict[str, str]:
        """The names of all fields of people's own that anybody has, each with a value for an example."""
        having = _Contact.select(_Contact.fields).where(_Contact.fields != "").distinct()
        with self._database.connection():
            found: dict[str, str] = {}
            for row in self._database.fetch(having):
                found = own_fields(row.fields) | found
            return {name: found[name] for name in sorted(found)}

    def duplicates(self, contact: Contact, *, limit: int = 20) -> list[Contact]:
        """Who may be the same person, the likeliest first: those with a number or an address of theirs, then
        those with the same name and company."""
        phones = [number.phone for number in contact.numbers]
        emails = [email.lower() for email in contact.emails]
        by_number = self._database.among(_Contact.phone, phones) | _Contact.id.in_(
            _Number.select(_Number.contact).where(self._database.among(_Number.phone, phones))
        )
        ways = [by_number, fn.LOWER(_Contact.email).in_(emails)]
        if contact.name:
            ways.append((_Contact.sort_key == sorted_by(contact)) & (_Contact.company == contact.company))
        found: dict[int, Contact] = {}
        for way in ways:
            same = CONTACTS.where(way, _Contact.id != contact.id).order_by(_Contact.id).limit(limit)
            found |= {other.id: other for other in self._rows.read(same) if other.id not in found}
        return list(found.values())[:limit]

    def groups(self, account_id: int | None = None) -> list[tuple[str, int]]:
        """The groups by name, each with the number of its members who have a phone. account_id: only those
        that are offered to this account."""
        textable = fn.COUNT(_Contact.id).filter(_Contact.phone != "").alias("textable")
        counted = _Group.select(_Group.name, textable).join(_Membership).join(_Contact)
        if account_id is not None:
            counted = counted.where(offered(account_id))
        with self._database.connection():
            rows = self._database.fetch(counted.group_by(_Group.id).order_by(_Group.key))
            return [(row.name, row.textable) for row in rows]

    def recipients(self, *, contacts: Sequence[int], groups: Sequence[str]) -> list[PersonRow]:
        """These contacts and the members of these groups, each once, in the order in which they were added,
        those after all others whom their households don't name first.

        People without a phone are among them, so that it can be said who is left out.
        """
        wanted = _RECIPIENTS(contacts=listed(self._merged_into(contacts)), groups=listed(map(fold, groups)))
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
        details: Details = NO_DETAILS,
    ) -> Contact:
        """A new contact. phone: as typed; region: in which numbers are read where they have no country code.

        Raises PhoneRefused, and ContactRefused for somebody who can't be reached or is known already.
        """
        person = _person(first_name, last_name, company, phone, email, groups, region, details)
        with self._change("add", person.name or person.phone or person.email) as change:
            self._refuse_known(person, except_for=None)
            ids = self._rows.insert([person], change)
            self._rows.join([(ids[0], person.groups)])
            self._changes.end(change, ids)
            return self._rows.some(ids)[0]

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
        details: Details | None = None,
        version: int | None = None,
    ) -> Contact:
        """Replaces what is known of a contact; details: kept as they are where there are none. version: of
        the contact that was looked at. Raises what `add` raises, WrongUsage where it is gone, and
        RefusedByRule (code "changed-since") where somebody changed it meanwhile."""
        typed = _person(first_name, last_name, company, phone, email, groups, region, details or NO_DETAILS)
        with self._change("edit", typed.name or typed.phone or typed.email) as change:
            before = self._there(contact_id)
            if version not in (None, before.version):
                raise RefusedByRule(
                    sentence(
                        "{name} was changed meanwhile. Nothing was changed now. Go back to see what is new.",
                        name=before.name or before.phone or before.email,
                    ),
                    code="changed-since",
                )
            person = _with_labels(typed, before) if details else _with_details(typed, before)
            if person.phone != before.phone or not names_agree(person, before):
                self._refuse_known(person, except_for=contact_id)
            return self._edit(change, [before], [_contact(person, before)])[0]

    @unit_of_work(Role.OWNER)
    def delete(self, *contact_ids: int) -> None:
        """Forgets contacts; what was texted to them stays in the history. Nothing happens to those who are
        gone already."""
        with self._change("delete", "") as change:
            gone = self._rows.some(contact_ids)
            self._changes.remember(change, gone, gone=True)
            self._rows.delete(contact.id for contact in gone)
            self._changes.end(change, what=_called(gone))

    @unit_of_work(Role.OWNER)
    def tag(self, contact_ids: Iterable[int], *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> int:
        """Puts contacts into groups and takes them out of groups; how many that changed. Raises WrongUsage
        where one is gone."""
        wanted, added = set(contact_ids), group_names(map(tidy, add))
        with self._change("tag", " ".join(f"#{name}" for name in (*added, *remove))) as change:
            before = self._rows.some(wanted)
            if len(before) != len(wanted):
                raise _no_contact()
            return len(self._regroup(change, before, added, remove))

    @unit_of_work(Role.OWNER)
    def remove_group(self, name: str) -> int:
        """Takes everybody out of a group, which is gone then; how many that were. Raises WrongUsage where
        there is no such group."""
        with self._change("group", f"#{name}") as change:
            self._group(name)
            return len(self._regroup(change, self._members(name), (), [name]))

    @unit_of_work(Role.OWNER)
    def rename_group(self, name: str, other: str) -> int:
        """Gives a group another name; how many people are in it. Raises WrongUsage where there is no such
        group, or another one has the new name."""
        (new,) = group_names([tidy(other)]) or [""]
        with self._change("group", f"#{new}") as change:
            old = self._group(name).name
            taken = self._database.first(_Group.select().where(_Group.key == fold(new)))
            if not new or (taken and fold(new) != fold(old)):
                raise WrongUsage(
                    sentence("There is a group {name} already. Nothing was changed.", name=other)
                    if new
                    else sentence("A group needs a name. Nothing was changed."),
                    code="group-taken",
                )
            members = self._members(old)
            self._changes.remember(change, members)
            self._changes.rename(old, new)
            ids = [contact.id for contact in members]
            changed = _Contact.update(version=change).where(self._database.among(_Contact.id, ids))
            self._database.run(changed)
            self._changes.end(change, renamed=(old, new))
            return len(members)

    @unit_of_work(Role.OWNER)
    def merge(self, keep: int, others: Iterable[int]) -> Contact:
        """Makes one contact of several who are one person: what is known of `keep` stays, and what it lacks
        comes from the others, whose ids mean it from now on. Raises WrongUsage where one is gone."""
        with self._change("merge", "") as change:
            found = {contact.id: contact for contact in self._rows.some({keep, *others})}
            if keep not in found or len(found) != len({keep, *others}):
                raise _no_contact()
            before = found.pop(keep)
            gone = list(found.values())
            merged = before
            for other in gone:
                merged = merge(merged, other)
                if merged.name != other.name and other.name:
                    merged = replace(merged, note="\n".join(filter(None, (merged.note, other.name))))
            self._changes.remember(change, gone, gone=True)
            self._rows.delete(found)
            self._database.executemany(
                'INSERT INTO contact_merged (contact_id, "into") VALUES (?, ?)',
                [(contact.id, keep) for contact in gone],
            )
            (kept,) = self._edit(change, [before], [merged], what=merged.name)
            return kept

    @unit_of_work(Role.OWNER)
    def name_first(self, contact_id: int) -> Contact:
        """Of those who share a number or a household, a text greets this one from now on. Raises WrongUsage
        where it is gone."""
        with self._change("edit", "") as change:
            first = self._there(contact_id)
            others = [other for other in self._sharing(first) if other.place == 0]
            before = [one for one in (first, *others) if one.id != first.id or one.place != 0]
            after = [replace(one, place=0 if one.id == first.id else 1) for one in before]
            self._edit(change, before, after, what=_called([first]))
            return self._rows.some([contact_id])[0]

    def sharing(self, contact: Contact) -> list[Contact]:
        """Who else gets texts on the same number or lives in the same household, whom a text greets first."""
        with self._database.connection():
            return self._sharing(contact)

    def _sharing(self, contact: Contact) -> list[Contact]:
        same = (_Contact.phone == contact.phone) & (_Contact.phone != SQL("''"))
        if contact.household:
            same |= _Contact.household == contact.household
        return self._rows.read(CONTACTS.where(same, _Contact.id != contact.id).order_by(*_FIRST))

    # Undoing

    def last_change(self, kind: str | None = None) -> Change | None:
        """What `undo` would undo: the last change of whoever is at work; kind: of those of this kind."""
        with self._database.connection():
            return self._changes.latest(kind)

    def undo(self, kind: str | None = None) -> Change | None:
        """Makes everything as it was before one's own last change, of this kind; None where there is none.
        Raises RefusedByRule (code "changed-since") where somebody changed what it changed since; then it
        isn't the last one any more."""
        undone, refused = self._undo(kind)
        if refused is not None:
            raise refused
        return undone

    @unit_of_work(Role.OWNER)
    def _undo(self, kind: str | None) -> tuple[Change | None, RefusedByRule | None]:
        with self._locked():
            change = self._changes.latest(kind)
            return change, self._changes.undo(change) if change else None

    @unit_of_work(Role.OWNER)
    def limit_group(self, name: str, accounts: Iterable[int]) -> None:
        """Offers a group to these accounts only, or to all again where there are none. Raises WrongUsage
        where there is no such group."""
        with self._locked():
            group = self._group(name).id
            self._database.run(_Limit.delete().where(_Limit.group == group))
            for account_id in set(accounts):
                self._database.run(_Limit.insert(group=group, account_id=account_id))

    # Importing

    @needs(Role.OWNER)
    def import_file(
        self, source: Path | BinaryIO, *, region: str, progress: Callable[[int], None] | None = None
    ) -> ImportReport:
        """Takes the people of a CSV or vCard file, or of standard input, all in one transaction.

        region: in which numbers without a country code are read. progress: called with the number of rows
        done; what it raises stops the import, and nothing is taken. Raises ImportRefused.
        """
        # Imported here, because vobject would take a third of the time in which the app starts.
        from store.people.imports.importing import decide

        # Reading takes long and needs no database, so it happens before the write lock is taken.
        decided = decide(source, region, progress)
        what = source.name if isinstance(source, Path) else "-"
        return self._take(decided, what, partial(progress, len(decided)) if progress else lambda: None)

    @retried
    def _take(self, decided: Sequence[Decided], what: str, look_up: Callable[[], None]) -> ImportReport:
        from store.people.imports.importing import looked_up_from, take

        with self._change("import", what) as change:
            before = self._rows.everybody()
            known = KnownPeople(before)
            report = take(looked_up_from(decided, look_up), known)
            changed = [
                replace(contact, version=change)
                for at in sorted(known.changed)
                if isinstance(contact := known.people[at], Contact)
            ]
            self._changes.remember(change, (before[at] for at in sorted(known.changed)))
            self._rows.put(list(looked_up_from(changed, look_up)))
            ids = self._rows.insert(looked_up_from(known.added, look_up), change)
            added = zip(ids, known.added, strict=True)
            self._rows.join((id, person.groups) for id, person in looked_up_from(added, look_up))
            self._changes.end(change, ids)
        return replace(report, change=change if ids or changed else 0)

    # Rows

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """A transaction that changes the address book, one at a time: who is new depends on everybody who is
        in it."""
        with self._database.transaction():
            self._database.lock(tables.Contact)
            yield

    @contextlib.contextmanager
    def _change(self, kind: str, what: str) -> Iterator[int]:
        """Likewise, for a change that can be undone: its number."""
        with self._locked():
            yield self._changes.begin(kind, what)

    def _edit(
        self, change: int, before: Sequence[Contact], after: Iterable[Contact], what: str = ""
    ) -> list[Contact]:
        """Puts contacts in the place of what they were."""
        changed = [replace(contact, version=change) for contact in after]
        self._changes.remember(change, before)
        self._rows.put(changed)
        self._changes.end(change, what=what)
        return self._rows.some(contact.id for contact in changed)

    def _regroup(
        self, change: int, before: Iterable[Contact], add: Sequence[str], remove: Iterable[str]
    ) -> list[Contact]:
        """Those who were changed."""
        leaves = set(map(fold, remove))
        pairs = []
        for contact in before:
            stay = tuple(group for group in contact.groups if fold(group) not in leaves)
            known = set(map(fold, stay))
            groups = (*stay, *(group for group in add if fold(group) not in known))
            if groups != contact.groups:
                pairs.append((contact, replace(contact, groups=groups)))
        return self._edit(change, [one for one, _ in pairs], [one for _, one in pairs])

    def _group(self, name: str) -> Any:
        """A group's row."""
        group = self._database.first(_Group.select().where(_Group.key == fold(name)))
        if group is None:
            raise WrongUsage(
                sentence("There is no group {name}. Nothing was changed.", name=name), code="no-group"
            )
        return group

    def _there(self, contact_id: int) -> Contact:
        """Raises WrongUsage where a contact is gone."""
        for contact in self._rows.some([contact_id]):
            return contact
        raise _no_contact()

    def _members(self, group: str) -> list[Contact]:
        return self._rows.read(CONTACTS.where(_Contact.id.in_(members(_Group.key == fold(group)))))

    def _refuse_known(self, person: Person, *, except_for: int | None) -> None:
        """Two people may share a number; one may not be there twice."""
        sharing = CONTACTS.where(_Contact.phone == person.phone, _Contact.phone != SQL("''"))
        for known in self._rows.read(sharing.order_by(*_FIRST)):
            if known.id != except_for and names_agree(known, person):
                raise ContactRefused(
                    sentence(
                        "{name} has the number {phone} already. Nothing was changed. Change that contact "
                        "instead.",
                        name=known.name or known.email or person.phone,
                        phone=person.phone,
                    ),
                    code="phone-taken",
                    contact=known.id,
                )


def _no_contact() -> WrongUsage:
    return WrongUsage(sentence("This contact is no longer there. Nothing was changed."), code="no-contact")


def _called(people: Sequence[Person]) -> str:
    """What several people are called: the first one's name."""
    return next((person.name or person.phone or person.email for person in people), "")


def _person(
    first_name: str,
    last_name: str,
    company: str,
    phone: str,
    email: str,
    groups: Iterable[str],
    region: str,
    details: Details,
) -> Person:
    """What somebody typed, as it is kept. Raises PhoneRefused and ContactRefused."""
    typed = [(tidy(phone), ""), *((tidy(number), kind) for number, kind in details.numbers)]
    emails = dict.fromkeys(filter(None, map(tidy, (email, *details.emails))))
    numbers: dict[str, Number] = {}
    for written, kind in typed:
        if written:
            parsed = parse(written, region)
            numbers.setdefault(parsed.e164, Number(parsed.e164, parsed.region, kind or "other"))
    if not numbers and not emails:
        raise ContactRefused(
            sentence("A contact needs a phone number or an email address. Nothing was changed."),
            code="no-number",
        )
    for address in emails:
        if not EMAIL.fullmatch(address):
            raise ContactRefused(
                sentence("{email} is no email address. Nothing was changed.", email=address), code="no-email"
            )
    fields = {field_name(name): tidy(value) for name, value in details.fields}
    return Person(
        tidy(first_name),
        tidy(last_name),
        tidy(company),
        tuple(numbers.values()),
        tuple(emails),
        group_names(map(tidy, groups)),
        tuple((name, value) for name, value in fields.items() if name and value),
        tidy(details.address),
        tidy(details.note),
        tidy(details.language),
        tidy(details.zone),
        tidy(details.household),
    )


def _with_labels(typed: Person, before: Contact) -> Person:
    """With what is known of numbers besides their digits. A kind that was typed is as it was typed."""
    known = {number.phone: number for number in before.numbers}
    numbers = [
        number._replace(kind=was.kind if at == 0 else number.kind, label=was.label)
        if (was := known.get(number.phone))
        else number
        for at, number in enumerate(typed.numbers)
    ]
    return replace(typed, numbers=tuple(numbers))


def _with_details(typed: Person, before: Contact) -> Person:
    """With all that wasn't asked for as it was."""
    first = [number for number in before.numbers if number.phone == typed.phone] or list(typed.numbers)
    others = [number for number in before.numbers if number.phone not in (before.phone, typed.phone)]
    return replace(
        typed,
        numbers=(*first, *others),
        emails=(*typed.emails, *(email for email in before.emails[1:] if email not in typed.emails)),
        fields=before.fields,
        address=before.address,
        note=before.note,
        language=before.language,
        zone=before.zone,
        household=before.household,
    )


def _contact(person: Person, before: Contact) -> Contact:
    """A person in a contact's place."""
    values = {field.name: getattr(person, field.name) for field in fields(Person)}
    return Contact(**values | {"place": before.place}, id=before.id)
