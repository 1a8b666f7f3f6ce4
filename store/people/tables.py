"""Where contacts and their groups are kept."""

from __future__ import annotations

from collections.abc import Sequence

import peewee
from playhouse.sqlite_ext import AutoIncrementField

from store.database import Table


class Contact(Table):
    """A person. phone: E.164, or "" for somebody known by email only; region: of the phone, or "".

    An id is never given out a second time: a draft that names a deleted contact must not reach another
    person.
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


Contact.add_index(Contact.sort_key, Contact.id)
Contact.add_index(Contact.index(Contact.phone, unique=True, where=Contact.phone != ""))


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


TABLES: Sequence[type[Table]] = [Contact, ContactGroup, Membership, GroupAccount]
