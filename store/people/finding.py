"""Who is in the address book, and how they are found.

The people that a text goes to, 100,000 perhaps, are the driver's own tuples: peewee takes several times as
long.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias, get_args

from store.database import Database  # isort: split

from peewee import SQL, Expression, ModelSelect, Tuple, fn

from store.people import tables
from store.people.duplicates import Known, likely
from store.people.filtering import Filtering, Texted, nobody_texted
from store.people.model import Contact, Pair
from store.people.names import fold, full_name
from store.people.rows import CONTACTS, Rows, sorted_by
from store.people.search import By, Match, conditions, match, members, offered
from store.prepared import Prepared, listed

PersonRow: TypeAlias = tuple[str, str, str, str, str, int, str, str, str, str, str]
"""Somebody to be written to: phone (E.164, or "" for somebody without one), region, first name, last name,
company, id, household, a JSON object of fields of their own, or "", email address, or "", time zone, or "",
and postal address, or ""."""

_Contact, _Group, _Membership = tables.Contact, tables.ContactGroup, tables.Membership
_Limit, _Merged, _Number = tables.GroupAccount, tables.Merged, tables.ContactNumber
_Apart = tables.Apart
_PEOPLE = _Contact.select(
    *(_Contact.phone, _Contact.region, _Contact.first_name, _Contact.last_name, _Contact.company),
    *(_Contact.id, _Contact.household, _Contact.fields, _Contact.email, _Contact.zone),
    _Contact.address,
)
FEW = 500
"""Addresses that the engine looks for."""
FIRST = (_Contact.place, _Contact.id)
"""Of several with one number, whom a text greets stands first."""

# Saying that none is empty, and not by a parameter, lets the index on phones find them.
_BY_PHONES = Prepared(
    lambda database, phones: CONTACTS.where(
        (database.among(_Contact.phone, phones) & (_Contact.phone != SQL("''")))
        | _Contact.id.in_(_Number.select(_Number.contact).where(database.among(_Number.phone, phones)))
    ).order_by(*FIRST)
)
_HAS = Prepared(
    lambda _, phone: (
        _Contact.select(_Contact.id)
        .where((_Contact.phone == phone) & (_Contact.phone != SQL("''")))
        .union_all(_Number.select(_Number.contact).where(_Number.phone == phone))
        .limit(1)
    )
)
_RECIPIENTS = Prepared(
    lambda database, contacts, groups: _PEOPLE.where(
        database.among(_Contact.id, contacts) | _Contact.id.in_(members(database.among(_Group.key, groups)))
    ).order_by(*FIRST)
)
_EVERYBODY = Prepared(lambda _, account: _PEOPLE.where(_is_of(account)).order_by(*FIRST))
Reached: TypeAlias = Literal["phone", "email"]
"""By what somebody is reached."""
_REACHED: Mapping[Reached, Expression] = {"phone": _Contact.phone != "", "email": _Contact.email != ""}


def _count_of(by: Reached) -> Prepared:
    return Prepared(
        lambda _, account: _Contact.select(fn.COUNT(_Contact.id)).where(_REACHED[by], _is_of(account))
    )


_COUNT_OF: Mapping[Reached, Prepared] = {by: _count_of(by) for by in _REACHED}


_MERGED = Prepared(
    lambda database, contacts: _Merged.select(_Merged.contact_id, _Merged.into).where(
        database.among(_Merged.contact_id, contacts)
    )
)
_OWN_FIELDS = Prepared(lambda _: _Contact.select(_Contact.fields).where(_Contact.fields != "").distinct())
_ALL_OTHERS = Prepared(lambda _: _Number.select(_Number.contact, _Number.phone))
_ALL_KNOWN = Prepared(
    lambda _: _Contact.select(
        *(_Contact.id, _Contact.first_name, _Contact.last_name, _Contact.company, _Contact.phone),
        *(_Contact.email, _Contact.emails, _Contact.household),
    )
)


def _as_made_by(change: int | None) -> ModelSelect[Any]:
    """The ids of contacts that are as a change made them, of all where it is None."""
    every = _Contact.select(_Contact.id)
    return every if change is None else every.where(_Contact.version == change)


def _is_of(account_id: Any) -> Any:
    """Of contacts, those whom an account has: not those who are only in groups that aren't offered to it."""
    here = offered(account_id)
    return _Contact.id.not_in(members(~here)) | _Contact.id.in_(members(here))


class Finding:
    """What is asked of the contacts of an open database, by anybody."""

    def __init__(self, database: Database, texted: Texted = nobody_texted) -> None:
        self._database = database
        self._rows = Rows(database)
        self._known_fields: tuple[object, dict[str, str]] = None, {}
        self._filtering = Filtering(database, texted)

    def contacts(
        self,
        search: str = "",
        *,
        group: str | None = None,
        account_id: int | None = None,
        sender: int | None = None,
        change: int | None = None,
        after: Contact | None = None,
        limit: int = 100,
    ) -> list[Contact]:
        """A page of contacts by name, those without one last.

        search: words of a name, company, address, group or field, parts of a number, and all else that
        `store.people.filters` has, all of which must hold, case and accents aside. group: only its members,
        nobody where it isn't offered to the account. sender: the account whose texts and opt-outs are meant,
        those of all where it is None. change: only those who are as this one made them. after: the last
        contact of the page before. Raises FilterMistake.
        """
        with self._database.connection():
            found = self._filtering.matching(
                _as_made_by(change), search, group=group, account_id=account_id, sender=sender
            )
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

    def count(
        self,
        search: str = "",
        *,
        group: str | None = None,
        account_id: int | None = None,
        sender: int | None = None,
    ) -> int:
        """How many contacts `contacts` would list in all."""
        with self._database.connection():
            every = _Contact.select(fn.COUNT(_Contact.id))
            counted = self._filtering.matching(
                every, search, group=group, account_id=account_id, sender=sender
            )
            return int(self._database.scalar(counted))

    def ids(self, search: str = "", *, sender: int | None = None, change: int | None = None) -> list[int]:
        """Of all contacts that `contacts` would list, in the order in which they were added."""
        with self._database.connection():
            found = self._filtering.matching(_as_made_by(change), search, sender=sender).order_by(_Contact.id)
            return [row.id for row in self._database.fetch(found)]

    def some(self, ids: Iterable[int]) -> list[Contact]:
        """These contacts, or the ones they were merged into, each once and in this order; those that are gone
        left out."""
        with self._database.connection():
            into = self._merged_into(ids)
            found = {contact.id: contact for contact in self._rows.some(set(into.values()))}
        return [found[id] for id in dict.fromkeys(into.values()) if id in found]

    def has(self, phone: str) -> bool:
        """Whether anybody has a number (E.164)."""
        with self._database.connection():
            return self._database.scalar(_HAS(phone=phone)) is not None

    def contact(self, contact_id: int) -> Contact | None:
        """A contact by its id, or the one it was merged into; None where there is none any more."""
        return next(iter(self.some([contact_id])), None)

    def merged_from(self, contact_id: int) -> list[int]:
        """The ids that mean a contact: its own, and those of the ones that were merged into it."""
        ids = [contact_id]
        with self._database.connection():
            for id in ids:  # which grows
                from_ = _Merged.select(_Merged.contact_id).where(_Merged.into == id)
                ids += [row.contact_id for row in self._database.find(from_)]
        return ids

    def meaning(self, ids: Iterable[int]) -> dict[int, int]:
        """The ids that mean some contacts, as `merged_from` has them, each with that of the contact."""
        meant = {id: id for id in ids}
        with self._database.connection():
            asked = set(meant)
            while asked:
                from_ = _Merged.select().where(self._database.among(_Merged.into, asked))
                found = {row.contact_id: meant[row.into] for row in self._database.find(from_)}
                asked = found.keys() - meant.keys()
                meant |= found
        return meant

    def _merged_into(self, ids: Iterable[int]) -> dict[int, int]:
        """The ids of contacts, and of the ones that they are now."""
        now = {id: id for id in ids}
        with self._database.connection():
            asked = set(now)
            while asked:
                found = self._database.fetch(_MERGED(contacts=listed(asked)))
                into = {row.contact_id: row.into for row in found}
                if into:
                    now = {id: into.get(at, at) for id, at in now.items()}
                asked = set(into.values())
        return now

    def by_email(self, address: str) -> Contact | None:
        """The first contact who has that address, in whatever case it is written; None where nobody has."""
        having = CONTACTS.where(fn.LOWER(_Contact.email) == fn.LOWER(address))
        return next(iter(self._rows.read(having.order_by(_Contact.id).limit(1))), None)

    def by_emails(self, addresses: Iterable[str]) -> dict[str, Contact]:
        """The contacts who have these addresses, in whatever case they are written, by the address in small
        letters: of several the first, which somebody for whom it isn't the one that is written to comes
        after."""
        wanted = {address.lower() for address in addresses}
        if not wanted:
            return {}
        having = _Contact.email != SQL("''")
        if len(wanted) <= FEW:  # few have further ones, and these are looked at here
            having = fn.LOWER(_Contact.email).in_(sorted(wanted)) | (_Contact.emails != SQL("''"))
        found: dict[str, Contact] = {}
        contacts = self._rows.read(CONTACTS.where(having).order_by(_Contact.id))
        for contact in sorted(contacts, key=lambda contact: contact.email.lower() not in wanted):
            for address in contact.emails:
                if address.lower() in wanted:
                    found.setdefault(address.lower(), contact)
        return found

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
        """The names of all fields of people's own that anybody has, each with a value for an example. Kept
        until anybody changes something: every audience asks, and all contacts are read for it."""
        with self._database.connection():
            if self._database.in_transaction:  # what it has changed itself isn't counted yet
                return self._read_own_fields()
            changes = self._database.changes()  # before it is read, lest a change in between is missed
            if self._known_fields[0] != changes:
                self._known_fields = changes, self._read_own_fields()
            return dict(self._known_fields[1])

    def _read_own_fields(self) -> dict[str, str]:
        stored = [text for (text,) in self._database.cursor(_OWN_FIELDS()).fetchall()]
        found: dict[str, str] = {}
        for own in reversed(json.loads(f"[{','.join(stored)}]")):  # at once: all contacts may have some
            found |= own
        return {name: found[name] for name in sorted(found)}

    def duplicates(self, contact: Contact, *, limit: int = 20) -> list[Contact]:
        """Who may be the same person, the likeliest first: those with a number or an address of theirs, then
        those with the same name and company. Nobody of whom it was said that they aren't."""
        phones = [number.phone for number in contact.numbers]
        emails = [email.lower() for email in contact.emails]
        by_number = self._database.among(_Contact.phone, phones) | _Contact.id.in_(
            _Number.select(_Number.contact).where(self._database.among(_Number.phone, phones))
        )
        ways = [by_number, fn.LOWER(_Contact.email).in_(emails)]
        if contact.name:
            ways.append((_Contact.sort_key == sorted_by(contact)) & (_Contact.company == contact.company))
        found: dict[int, Contact] = {}
        before, behind = (
            _Apart.select(mine).where(theirs == contact.id)
            for mine, theirs in ((_Apart.contact_id, _Apart.other_id), (_Apart.other_id, _Apart.contact_id))
        )
        others = _Contact.id != contact.id, _Contact.id.not_in(before), _Contact.id.not_in(behind)
        for way in ways:
            same = CONTACTS.where(way, *others).order_by(_Contact.id).limit(limit)
            found |= {other.id: other for other in self._rows.read(same) if other.id not in found}
        return list(found.values())[:limit]

    def likely_pairs(self, *, limit: int) -> tuple[list[Pair], int]:
        """Contacts who may be one person, in pairs, the likeliest first, as `store.people.duplicates` has it,
        and how many pairs there are in all."""
        with self._database.connection():
            numbers: dict[int, list[str]] = defaultdict(list)
            for id, phone in self._database.cursor(_ALL_OTHERS()).fetchall():
                numbers[id].append(phone)
            known = [
                Known(
                    id,
                    fold(full_name(first, last, company)),
                    company,
                    household,
                    [*filter(None, [phone]), *numbers[id]],
                    list(map(fold, filter(None, (email, *emails.split("\n"))))),
                )
                for id, first, last, company, phone, email, emails, household in self._database.cursor(
                    _ALL_KNOWN()
                ).fetchall()
            ]
            apart = {(row.contact_id, row.other_id) for row in self._database.fetch(_Apart.select())}
            pairs = likely(known, apart)
            ids = {id for pair in pairs[:limit] for id in (pair.first, pair.second)}
            found = {contact.id: contact for contact in self._rows.some(ids)}
        shown = [Pair(found[one], found[other], why, similar) for one, other, why, similar in pairs[:limit]]
        return shown, len(pairs)

    def groups(self, account_id: int | None = None, *, by: Reached = "phone") -> list[tuple[str, int]]:
        """The groups by name, each with the number of its members who can be reached so. account_id: only
        those that are offered to this account."""
        reached = fn.COUNT(_Contact.id).filter(_REACHED[by]).alias("reached")
        counted = _Group.select(_Group.name, reached).join(_Membership).join(_Contact)
        if account_id is not None:
            counted = counted.where(offered(account_id))
        with self._database.connection():
            rows = self._database.fetch(counted.group_by(_Group.id).order_by(_Group.key))
            return [(row.name, row.reached) for row in rows]

    def recipients(self, *, contacts: Sequence[int], groups: Sequence[str]) -> list[PersonRow]:
        """These contacts and the members of these groups, each once, in the order in which they were added,
        those after all others whom their households don't name first.

        People without a phone are among them, so that it can be said who is left out.
        """
        wanted = _RECIPIENTS(
            contacts=listed(set(self._merged_into(contacts).values())), groups=listed(map(fold, groups))
        )
        with self._database.connection():
            return self._database.cursor(wanted).fetchall()

    def everybody(self, account_id: int) -> list[PersonRow]:
        """Likewise, all whom an account has in the address book: not those who are only in groups that aren't
        offered to it."""
        with self._database.connection():
            return self._database.cursor(_EVERYBODY(account=account_id)).fetchall()

    def filtered(self, query: str, account_id: int) -> list[PersonRow]:
        """Likewise, of `everybody` those whom a query finds, or a saved filter (`=name`), whose groups are
        named in whole. Raises FilterMistake."""
        with self._database.connection():
            found = self._within(_PEOPLE, query, account_id)
            return self._database.cursor(found.order_by(*FIRST)).fetchall()

    def count_filtered(self, query: str, account_id: int, *, by: Reached = "phone") -> int:
        """How many of `filtered` can be reached so. Raises FilterMistake."""
        with self._database.connection():
            counted = _Contact.select(fn.COUNT(_Contact.id)).where(_REACHED[by])
            return int(self._database.scalar(self._within(counted, query, account_id)))

    def _within(self, people: ModelSelect[Any], query: str, account_id: int) -> ModelSelect[Any]:
        of_account = people.where(_is_of(account_id))
        return self._filtering.matching(
            of_account, query, account_id=account_id, sender=account_id, exactly=True
        )

    def reachable(self, account_id: int, *, by: Reached = "phone") -> int:
        """How many of `everybody` can be reached so."""
        with self._database.connection():
            return int(self._database.scalar(_COUNT_OF[by](account=account_id)))

    def sharing(self, contact: Contact) -> list[Contact]:
        """Who else gets texts on the same number or lives in the same household, whom a text greets first."""
        with self._database.connection():
            return self._sharing(contact)

    def _sharing(self, contact: Contact) -> list[Contact]:
        same = (_Contact.phone == contact.phone) & (_Contact.phone != SQL("''"))
        if contact.household:
            same |= _Contact.household == contact.household
        return self._rows.read(CONTACTS.where(same, _Contact.id != contact.id).order_by(*FIRST))
