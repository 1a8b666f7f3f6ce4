"""Where it is kept who may be texted: by number, whoever has it, so that no merge, deletion or import of a
contact changes it."""

from __future__ import annotations

from collections.abc import Sequence

import peewee

from store.database import Table


class ConsentRecord(Table):
    """One thing that was said about a number: the proof. Rows are added, never changed or deleted.

    id: grows with each, given out under a lock. number: E.164. sender: the account that it is about, 0 for
    all. state: "in" or "out". how: by what way it came, a key of `consent.WAYS`; why: in words. at: by the
    account's clock. person: who noted it, "" for whoever runs Textmeter on a machine of their own. applied:
    whether the number's state followed from it; else a person is asked.
    """

    id = peewee.BigIntegerField(primary_key=True)
    number = peewee.TextField(index=True)
    sender = peewee.IntegerField()
    state = peewee.TextField()
    how = peewee.TextField()
    why = peewee.TextField()
    at = peewee.BigIntegerField()
    person = peewee.TextField()
    applied = peewee.BooleanField()


class Consent(Table):
    """What holds for a number and sender. since: the record that brought the state; record: the latest that
    said so. Of what is said for one sender and what is said for all, the later record counts."""

    number = peewee.TextField()
    sender = peewee.IntegerField()
    state = peewee.TextField()
    since = peewee.BigIntegerField()
    record = peewee.BigIntegerField()

    class Meta:
        primary_key = peewee.CompositeKey("number", "sender")
        without_rowid = True


# Find those who are out however many are in, a page of either, and what a person is to decide.
Consent.add_index(Consent.since, where=Consent.state == peewee.SQL("'out'"))
Consent.add_index(Consent.since)
ConsentRecord.add_index(ConsentRecord.id, where=ConsentRecord.applied == peewee.SQL("FALSE"))

TABLES: Sequence[type[Table]] = [ConsentRecord, Consent]
