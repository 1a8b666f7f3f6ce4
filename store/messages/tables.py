"""The tables of drafts, blasts and messages. Instants are microseconds since 1970 in UTC, as in the
ledger's."""

from __future__ import annotations

import peewee

from store.database import Table, person_column
from store.messages.model import Status


class Draft(Table):
    """A text being written. addressed: JSON, by the names of `model.Draft`, with those of its people and
    pictures that aren't empty. person: who writes it. account_id: which account it is written for; NULL is
    none in particular.

    version: grows with every state that is kept. ended: "sent" or "deleted", "" while it is written. Its
    words are gone then and the row stays: who has it open elsewhere must hear of it, and its number may not
    become another draft's.
    """

    id = peewee.AutoField()
    body = peewee.TextField()
    addressed = peewee.TextField()
    saved_at = peewee.BigIntegerField(index=True)
    person = person_column()
    account_id = peewee.IntegerField(null=True)
    version = peewee.IntegerField(default=1)
    ended = peewee.TextField(default="")


class Blast(Table):
    """A text sent to one or more people at once.

    body: the normalised text with its merge fields in place. hold_id: the ledger's hold that its messages
    settle. created_at: by the account's clock. charged_on: as the product had it when it was sent ("accepted"
    or "delivered"), since what is under way is charged as it began.
    """

    id = peewee.AutoField()
    account_id = peewee.IntegerField(index=True)
    created_at = peewee.BigIntegerField()
    kind = peewee.TextField()
    body = peewee.TextField()
    hold_id = peewee.IntegerField(null=True)
    recipients = peewee.IntegerField()
    credits = peewee.IntegerField()
    cancelled = peewee.BooleanField(default=False)
    charged_on = peewee.TextField(default="accepted")


class Message(Table):
    """One text to one person, or a part of one that is too long for one message.

    merge: a JSON object with what the blast's merge fields took when it was sent, "" where it has none: with
    the blast's body it is exactly what this person got, whatever becomes of the contact. part: which part of
    that, from 0. claim: which worker took it. claimed_at is real time, since processes and networks live in
    that even where an account's clock is set by hand, and sent_at is that clock's: what it has to wait for
    comes by whichever has gone on further. receipt_at and lookup_at are real time: when the provider is asked
    next what became of it, while it is sent or unknown; NULL: not any more. reason: as in `providers.why`.
    """

    id = peewee.AutoField()
    blast = peewee.ForeignKeyField(Blast, index=True, lazy_load=False, on_delete="RESTRICT")
    phone = peewee.TextField()
    region = peewee.TextField()
    name = peewee.TextField()
    merge = peewee.TextField()
    part = peewee.IntegerField(default=0)
    status = peewee.TextField(default=Status.QUEUED.value)
    segments = peewee.IntegerField()
    credits = peewee.IntegerField()
    claim = peewee.TextField(null=True)
    claimed_at = peewee.BigIntegerField(null=True)
    sent_at = peewee.BigIntegerField(null=True)
    receipt_at = peewee.BigIntegerField(null=True)
    lookup_at = peewee.BigIntegerField(null=True)
    provider_id = peewee.TextField(null=True)
    reason = peewee.TextField(null=True)

    class Meta:
        # Finds what is to be done next, and counts a blast by status without reading its rows.
        indexes = ((("status", "blast"), False),)


# Finds a message by the provider's id for it, at no cost while there is none.
Message.add_index(Message.provider_id, where=Message.provider_id.is_null(False))
Message.add_index(Message.phone, Message.id)
# Find what the provider is asked about next. They begin with the status, though that is the same throughout,
# because SQLite would rather take the index on (status, blast) otherwise.
Message.add_index(Message.status, Message.receipt_at, where=Message.status == Status.SENT.value)
Message.add_index(Message.status, Message.lookup_at, where=Message.status == Status.UNKNOWN.value)


class Media(Table):
    """A picture of a blast, kept as it was when it was sent."""

    id = peewee.AutoField()
    blast = peewee.ForeignKeyField(Blast, index=True, lazy_load=False, on_delete="RESTRICT")
    name = peewee.TextField()
    type = peewee.TextField()
    content = peewee.BlobField()


TABLES: tuple[type[Table], ...] = (Draft, Blast, Message, Media)
