"""Where contacts and their groups are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import peewee
from playhouse.sqlite_ext import AutoIncrementField

from store.database import Table, person_column, words_column


class _ByName(peewee.ModelIndex):
    """Lists contacts by name. SQLite searches in it too: it is a tenth of the table, so that the whole of it
    is read sooner than an index of trigrams, which an import would take half as long again to write, is
    worth. A row of PostgreSQL's indexes has no room for that."""

    def __sql__(self, context: Any) -> Any:
        if context.state.param == "%s":
            return context.sql(Contact.index(Contact.sort_key, Contact.id, name="contact_by_name"))
        return super().__sql__(context)  # type: ignore[no-untyped-call] # peewee has no types for it


class Contact(Table):
    """A person. phone: E.164, or "" for somebody who can't be texted; region: of the phone, or "".

    An id is never given out a second time: a draft that names a deleted contact must not reach another
    person. The columns are those of `store.people.model.Person`: phone_kind and phone_label are of the number
    that is texted, emails are those after the first, a line each, fields is a JSON object or "".
    """

    id = AutoIncrementField()
    first_name = peewee.TextField()
    last_name = peewee.TextField()
    company = peewee.TextField()
    phone = peewee.TextField()
    region = peewee.TextField()
    email = peewee.TextField()
    sort_key = peewee.TextField()
    """The name as `store.people.names.sort_key` folds it: contacts are listed by (sort_key, id)."""
    search_key = peewee.TextField()
    """What `store.people.names.search_key` finds a contact by."""
    phone_kind = words_column()
    phone_label = words_column()
    emails = words_column()
    fields = words_column()
    address = words_column()
    note = words_column()
    language = words_column()
    zone = words_column()
    household = words_column()
    place = peewee.IntegerField(default=0, constraints=[peewee.SQL("DEFAULT 0")])
    version = peewee.IntegerField(default=0, constraints=[peewee.SQL("DEFAULT 0")])
    """The number of the change that made it so."""


Contact.add_index(
    _ByName(Contact, (Contact.sort_key, Contact.id, Contact.search_key), name="contact_by_name")
)
Contact.add_index(Contact.index(Contact.phone, where=Contact.phone != "", name="contact_by_phone"))


class ContactNumber(Table):
    """A number of a contact besides the one that is texted. position: from 0, as they are listed."""

    contact = peewee.ForeignKeyField(Contact, on_delete="CASCADE", index=False)
    position = peewee.IntegerField()
    phone = peewee.TextField(index=True)
    region = peewee.TextField()
    kind = peewee.TextField()
    label = peewee.TextField()

    class Meta:
        primary_key = peewee.CompositeKey("contact", "position")
        without_rowid = True


class Change(Table):
    """What a person did to the address book, and how to undo it. kind, what, people: see
    `store.people.model.Change`. first, last: between which ids it added contacts; added: how many. undoing:
    JSON for what isn't about single contacts, as `store.people.changes` writes it.

    Its id is the version of the contacts that it made, so it never comes back.
    """

    id = AutoIncrementField()
    person = person_column()
    kind = peewee.TextField()
    what = peewee.TextField()
    people = peewee.IntegerField(default=0)
    first = peewee.IntegerField(default=0)
    last = peewee.IntegerField(default=0)
    added = peewee.IntegerField(default=0)
    undoing = peewee.TextField(default="")

    class Meta:
        table_name = "contact_change"


Change.add_index(Change.person, Change.id)


class Before(Table):
    """A contact as it was before a change: JSON. gone: the change deleted it."""

    change = peewee.ForeignKeyField(Change, on_delete="CASCADE", index=False)
    contact_id = peewee.IntegerField()
    was = peewee.TextField()
    gone = peewee.BooleanField()

    class Meta:
        table_name = "contact_before"
        primary_key = peewee.CompositeKey("change", "contact_id")
        without_rowid = True


class Merged(Table):
    """A contact that was merged into another: what names the one means the other."""

    contact_id = peewee.IntegerField(primary_key=True)
    into = peewee.IntegerField(index=True)

    class Meta:
        table_name = "contact_merged"


class Apart(Table):
    """Two contacts of whom a person said that they aren't one, by their ids, the smaller first. A pair stays
    when one is deleted, who may be brought back."""

    contact_id = peewee.IntegerField()
    other_id = peewee.IntegerField()

    class Meta:
        table_name = "contact_apart"
        primary_key = peewee.CompositeKey("contact_id", "other_id")
        without_rowid = True


class ContactGroup(Table):
    """A group by its name as it was first written. key: the name folded, so that "Buyers" and "buyers" are
    one."""

    id = peewee.AutoField()
    name = peewee.TextField()
    key = peewee.TextField(unique=True)


class Membership(Table):
    """A contact is in a group."""

    group = peewee.ForeignKeyField(ContactGroup, on_delete="CASCADE", index=False)
    contact = peewee.ForeignKeyField(Contact, on_delete="CASCADE")

    class Meta:
        primary_key = peewee.CompositeKey("group", "contact")
        without_rowid = True


class GroupAccount(Table):
    """A group is limited to accounts: it is offered to those of its rows; to all where it has none."""

    group = peewee.ForeignKeyField(ContactGroup, on_delete="CASCADE", index=False)
    account_id = peewee.IntegerField()

    class Meta:
        primary_key = peewee.CompositeKey("group", "account_id")
        without_rowid = True


class SavedFilter(Table):
    """A query under a name as it was written, for everybody who works on the database. key: the name folded.
    query: as `store.people.filters` reads it."""

    id = peewee.AutoField()
    name = peewee.TextField()
    key = peewee.TextField(unique=True)
    query = peewee.TextField()


TABLES: Sequence[type[Table]] = [
    *(Contact, ContactNumber, ContactGroup, Membership, GroupAccount, Change, Before, Merged, Apart),
    SavedFilter,
]
