"""Where notes and tasks are kept. Instants are microseconds since 1970 in UTC, by the account's clock."""

from __future__ import annotations

from collections.abc import Sequence

import peewee

from store.database import Table, person_column


class Note(Table):
    """What a person noted of a contact, beside the one note that is a detail of theirs. account_id: by whose
    clock it was. person: who noted it."""

    id = peewee.AutoField()
    account_id = peewee.IntegerField()
    contact_id = peewee.IntegerField()
    text = peewee.TextField()
    at = peewee.BigIntegerField()
    person = person_column()

    class Meta:
        indexes = ((("contact_id", "at", "id"), False),)


class Task(Table):
    """Something that a person is to do about a contact. enrolment, step: of the SmartPlan that it came from,
    NULL where a person added it. done_at: NULL while it is to be done; done_by: who ticked it."""

    id = peewee.AutoField()
    account_id = peewee.IntegerField()
    contact_id = peewee.IntegerField()
    enrolment = peewee.IntegerField(null=True)
    step = peewee.IntegerField(null=True)
    text = peewee.TextField()
    due_at = peewee.BigIntegerField()
    done_at = peewee.BigIntegerField(null=True)
    done_by = person_column()

    class Meta:
        indexes = (
            (("enrolment", "step"), True),  # NULLs are distinct: what a person added has neither
            (("contact_id", "due_at", "id"), False),
            (("account_id", "done_at", "due_at"), False),
        )


TABLES: Sequence[type[Table]] = [Note, Task]
