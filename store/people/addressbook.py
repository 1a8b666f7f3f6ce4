"""The address book: how people come into it, are changed, and changes undone.

peewee writes the queries; `store.people.rows` writes what it changes, and `store.people.finding` reads.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar

from store.database import Database, Table, retried, unit_of_work  # isort: split

from peewee import SQL

from store.errors import RefusedByRule, WrongUsage
from store.people import tables
from store.people.changes import Changes
from store.people.filtering import Texted, nobody_texted
from store.people.finding import FIRST
from store.people.imports.incoming import group_names, no_step
from store.people.imports.merging import KnownPeople, merge, names_agree
from store.people.model import NO_DETAILS, Change, Contact, Details, ImportReport, Number, Person
from store.people.names import fold, tidy
from store.people.rows import CONTACTS
from store.people.saved_filters import SavedFilters
from store.people.search import members
from store.people.typed import ContactRefused as ContactRefused
from store.people.typed import in_place_of, person, with_details, with_labels
from store.roles import Role, needs
from store.sentences import Phone, sentence

if TYPE_CHECKING:
    from store.people.imports.importing import Reading

_Contact, _Group, _Limit = tables.Contact, tables.ContactGroup, tables.GroupAccount
_Apart = tables.Apart


class AddressBook(SavedFilters):
    """The contacts of an open database. Methods may be called from any thread; each is one transaction."""

    TABLES: ClassVar[Sequence[type[Table]]] = tables.TABLES

    def __init__(
        self,
        database: Database,
        note_consent: Callable[[Sequence[tuple[str, str, str]]], object] = lambda states: None,
        carry_outs: Callable[[Sequence[tuple[str, str]]], object] = lambda mended: None,
        texted: Texted = nobody_texted,
    ) -> None:
        """note_consent: keeps what a file says of numbers, as `store.people.consent.import_states` does;
        carry_outs: what was said of those that are mended, as its namesake there. texted: knows the numbers
        that got texts."""
        super().__init__(database, texted)
        self._changes = Changes(database, self._rows)
        self._note_consent = note_consent
        self._carry_outs = carry_outs

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
        who = person(first_name, last_name, company, phone, email, groups, region, details)
        with self._change("add", who.name or who.phone or who.email) as change:
            self._refuse_known(who, except_for=None)
            ids = self._rows.insert([who], change)
            self._rows.join([(ids[0], who.groups)])
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
        typed = person(first_name, last_name, company, phone, email, groups, region, details or NO_DETAILS)
        with self._change("edit", typed.name or typed.phone or typed.email) as change:
            before = self._there(contact_id)
            if version not in (None, before.version):
                raise RefusedByRule(
                    sentence(
                        "{name} has changed since you opened it. Your changes weren't saved. Go back to see "
                        "the new version.",
                        name=before.name or before.phone or before.email,
                    ),
                    code="changed-since",
                )
            who = with_labels(typed, before) if details else with_details(typed, before)
            if who.phone != before.phone or not names_agree(who, before):
                self._refuse_known(who, except_for=contact_id)
            return self._edit(change, [before], [in_place_of(who, before)])[0]

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
                    sentence("There is already a group {name}. Nothing was changed.", name=other)
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
    def keep_apart(self, one: int, other: int) -> None:
        """Notes that two contacts aren't one person: they aren't proposed any more. Raises WrongUsage where
        one is gone."""
        pair = min(one, other), max(one, other)
        with self._change("apart", "") as change:
            found = self._rows.some(pair)
            if len(found) != len(set(pair)):
                raise _no_contact()
            self._database.run(_Apart.insert(contact_id=pair[0], other_id=pair[1]).on_conflict_ignore())
            self._changes.end(change, apart=pair, what=_called(found))

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
        what is guessed. dry_run: nothing is changed, the report says what would be, and `import_read` takes
        it. Raises ImportRefused, and WrongUsage for a mapping of columns that aren't there.
        """
        # Imported here, because opening the app need not wait for it.
        from store.people.imports.importing import decide, take

        # Reading takes long and needs no database, so it happens before the write lock is taken.
        reading = decide(source, region, progress, mapping)
        look_up = _looking_up(reading, progress)
        if dry_run:
            with self._database.connection():
                report = take(reading, KnownPeople(self._rows.everybody(), region), look_up)
            return replace(report, reading=reading)
        return self._take(reading, look_up)

    @needs(Role.OWNER)
    def import_read(self, look: ImportReport, progress: Callable[[int], None] | None = None) -> ImportReport:
        """Takes the people of a file that was looked at, as they stood there then. progress: as in
        `import_file`."""
        reading: Reading = look.reading  # type: ignore[assignment]
        return self._take(reading, _looking_up(reading, progress))

    @retried
    def _take(self, reading: Reading, look_up: Callable[[], None]) -> ImportReport:
        from store.people.imports.importing import looked_up_from, said, take

        with self._change("import", reading.name) as change:
            before = self._rows.everybody()
            known = KnownPeople(before, reading.region)
            report = take(reading, known, look_up)
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
            if states := [(number, state, reading.name) for number, state in said(reading)]:
                self._note_consent(states)
            if known.mended:
                self._carry_outs(known.mended)
        return replace(report, change=change if ids or changed else 0)

    @unit_of_work(Role.SENDER)
    def meet(self, phone: str, region: str) -> None:
        """Makes a contact of a number (E.164) that nobody has, since somebody wrote from it."""
        if self.has(phone):  # most have: nobody is kept from the contacts for that
            return
        with self._locked():
            if not self.has(phone):
                self._rows.insert([Person(numbers=(Number(phone, region),))], 0)

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
        for known in self._rows.read(sharing.order_by(*FIRST)):
            if known.id != except_for and names_agree(known, person):
                raise ContactRefused(
                    sentence(
                        "{name} already has the number {phone}. Nothing was changed. "
                        "Edit that contact instead.",
                        name=known.name or known.email or person.phone,
                        phone=Phone(person.phone),
                    ),
                    code="phone-taken",
                    contact=known.id,
                )


def _looking_up(reading: Reading, progress: Callable[[int], None] | None) -> Callable[[], None]:
    """What is called now and then while rows that were read are taken."""
    return partial(progress, len(reading.rows)) if progress else no_step


def _no_contact() -> WrongUsage:
    return WrongUsage(sentence("This contact no longer exists. Nothing was changed."), code="no-contact")


def _called(people: Sequence[Person]) -> str:
    """What several people are called: the first one's name."""
    return next((person.name or person.phone or person.email for person in people), "")
