"""The tables of drafts, blasts and messages. Instants are microseconds since 1970 in UTC, as in the
ledger's."""

from __future__ import annotations

import peewee

from store.database import Table, person_column, words_column
from store.messages.model import Status


class Draft(Table):
    """A text or email being written. addressed: JSON, by the names of `model.Draft`, with its subject and
    those of its people and pictures that aren't empty. person: who writes it. account_id: which account it is
    written for; NULL is none in particular.

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
    or "delivered"), since what is under way is charged as it began. sender: whose number it goes out from, ""
    for the provider that is built in. notice: whether it confirms what somebody asked for by STOP, START or
    HELP: that costs nothing, and goes to who is out as well. person: who sent it. purpose: as in
    `model.Purpose`; why: the reason of an emergency, or for texting those all the same who were texted
    lately. scheduled: whether some of it waits for its time, as its `Schedule` says; its messages are added
    when they leave.
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
    sender = peewee.TextField(default="", constraints=[peewee.SQL("DEFAULT ''")])
    notice = peewee.BooleanField(default=False, constraints=[peewee.SQL("DEFAULT FALSE")])
    person = person_column()
    purpose = peewee.TextField(constraints=[peewee.SQL("DEFAULT 'conversation'")])
    why = words_column()
    scheduled = peewee.BooleanField(default=False, constraints=[peewee.SQL("DEFAULT FALSE")])


class Message(Table):
    """One text to one person, or a part of one that is too long for one message.

    merge: a JSON object with what the blast's merge fields took when it was sent, "" where it has none: with
    the blast's body it is exactly what this person got, whatever becomes of the contact. part: which part of
    that, from 0. claim: which worker took it. claimed_at is real time, since processes and networks live in
    that even where an account's clock is set by hand, and sent_at is that clock's: what it has to wait for
    comes by whichever has gone on further. receipt_at and lookup_at are real time: when the provider is asked
    next what became of it, while it is sent or unknown; NULL: not any more. settle_at: likewise, when it is
    asked next what it counts and takes for a message of which it told the end, but not all of that. reason:
    as in `providers.why`. price: what the provider takes for it, in millionths of a currency (ISO 4217);
    NULL: unknown. line: what is written below the text for this person, "" nothing. closes_at: by when it
    has to leave, by the account's clock, since the recipient's quiet hours begin then; NULL: whenever.
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
    settle_at = peewee.BigIntegerField(null=True)
    price = peewee.BigIntegerField(null=True)
    currency = peewee.TextField(null=True)
    provider_id = peewee.TextField(null=True)
    reason = peewee.TextField(null=True)
    line = words_column()
    closes_at = peewee.BigIntegerField(null=True)

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


Message.add_index(Message.settle_at, where=Message.settle_at.is_null(False))


class Media(Table):
    """A picture of a blast, kept as it was when it was sent."""

    id = peewee.AutoField()
    blast = peewee.ForeignKeyField(Blast, index=True, lazy_load=False, on_delete="RESTRICT")
    name = peewee.TextField()
    type = peewee.TextField()
    content = peewee.BlobField()


class Sender(Table):
    """A number that texts go out from, and who carries them.

    id: a name that a person gave it. provider: as in `providers.NAMES`. account_id: the account whose texts
    it carries; NULL: of all that have none of their own. options: JSON, by the names in the provider's
    OPTIONS, those that are secret left out. interval: microseconds between two texts, 0 without a limit;
    free_at: from when the next one may leave, by real time (generic cell rate algorithm: a token bucket).
    per_day, people_a_month: at most, 0 without a limit. cursor: where the next poll goes on. namespace: what
    makes our ids unlike those of other databases at the same provider.
    """

    id = peewee.TextField(primary_key=True)
    provider = peewee.TextField()
    number = peewee.TextField()
    account_id = peewee.IntegerField(null=True)
    options = peewee.TextField()
    interval = peewee.BigIntegerField()
    per_day = peewee.IntegerField()
    people_a_month = peewee.IntegerField()
    free_at = peewee.BigIntegerField(default=0)
    cursor = peewee.TextField(default="")
    namespace = peewee.TextField()


class SenderDay(Table):
    """How many texts a sender handed over on a day (UTC)."""

    sender = peewee.TextField()
    day = peewee.TextField()
    texts = peewee.IntegerField()

    class Meta:
        primary_key = peewee.CompositeKey("sender", "day")
        without_rowid = True


class SenderPerson(Table):
    """Whom a sender texted in a month (UTC, YYYY-MM), while it may only text so many."""

    sender = peewee.TextField()
    month = peewee.TextField()
    phone = peewee.TextField()

    class Meta:
        primary_key = peewee.CompositeKey("sender", "month", "phone")
        without_rowid = True


class Event(Table):
    """What a provider told, as it came in, under the provider's own name for it: so it counts once.

    sender: as a blast's, or a mailbox's name. kind: "receipt" or "reply", data: JSON, of `providers.Receipt`
    or `providers.Reply`; "bounce", "email-reply" or "unsubscribe", likewise of `store.mail.reading`.
    came_at: real time. account_id: for which account it was said to be, NULL where that has to be found out.
    applied_at: when it counted, real time; NULL: not yet. outcome: what came of it: "" where nothing did.
    """

    id = peewee.BigAutoField()
    sender = peewee.TextField()
    event_id = peewee.TextField()
    kind = peewee.TextField()
    data = peewee.TextField()
    account_id = peewee.IntegerField(null=True)
    came_at = peewee.BigIntegerField()
    due_at = peewee.BigIntegerField(null=True)
    outcome = peewee.TextField(default="")

    class Meta:
        indexes = ((("sender", "event_id"), True),)


Event.add_index(Event.due_at, Event.id, where=Event.due_at.is_null(False))


class Incoming(Table):
    """A text or email that somebody sent us.

    phone: E.164, or as it came; of an email the address it came from, in lower case. media: JSON, facts of
    the pictures, "" where there are none. at: when it was written, by the account's clock. credits: what it
    cost, waived: what of that couldn't be paid. asks: what it asks for ("stop", "start", "help", "refusal"),
    or "". answers: the blast that the person had
    got last, NULL where there was none. subject, email_id, message_id: of an email, which of ours it answers,
    and its own name; automatic: whether a machine wrote it.
    """

    id = peewee.BigAutoField()
    account_id = peewee.IntegerField()
    sender = peewee.TextField()
    phone = peewee.TextField()
    body = peewee.TextField()
    media = peewee.TextField(default="")
    at = peewee.BigIntegerField()
    credits = peewee.IntegerField()
    waived = peewee.IntegerField()
    asks = peewee.TextField(default="")
    answers = peewee.IntegerField(null=True, index=True)
    subject = words_column()
    email_id = peewee.IntegerField(null=True)
    message_id = peewee.TextField(null=True)
    automatic = peewee.BooleanField(default=False, constraints=[peewee.SQL("DEFAULT FALSE")])

    class Meta:
        indexes = ((("account_id", "phone", "at", "id"), False),)


Incoming.add_index(Incoming.message_id, unique=True, where=Incoming.message_id.is_null(False))


class Conversation(Table):
    """What an account and one number wrote each other, once somebody there has written.

    last_at, last_text, last_out: of the latest line, and whether it was ours. unread: texts that nobody has
    looked at. asks: "refusal" where a person has to decide what was meant, else "". assigned: who of the team
    answers, by name, "" nobody in particular. answering: who is writing an answer, until when (real time).
    """

    account_id = peewee.IntegerField()
    phone = peewee.TextField()
    last_at = peewee.BigIntegerField()
    last_text = peewee.TextField()
    last_out = peewee.BooleanField(default=False)
    unread = peewee.IntegerField(default=0)
    asks = peewee.TextField(default="")
    assigned = peewee.TextField(default="")
    answering = peewee.TextField(default="")
    answering_until = peewee.BigIntegerField(default=0)

    class Meta:
        primary_key = peewee.CompositeKey("account_id", "phone")
        indexes = ((("account_id", "last_at", "phone"), False),)
        without_rowid = True


Conversation.add_index(Conversation.account_id, where=Conversation.unread > 0)


class Template(Table):
    """A text that is kept under a name, for everybody who works on the database. key: the name folded, so
    that there is one of it. subject: of an email, "" for a text. purpose: as in `model.Purpose`. language:
    BCP 47. person: who saved it. deleted: whether it was: it can be brought back, and no shipped one of its
    name is offered. Its text is "" where it is a shipped one that was never saved.
    """

    id = peewee.AutoField()
    name = peewee.TextField()
    key = peewee.TextField(unique=True)
    text = peewee.TextField()
    subject = peewee.TextField()
    purpose = peewee.TextField()
    language = peewee.TextField()
    person = person_column()
    deleted = peewee.BooleanField()


class Schedule(Table):
    """A text that leaves later, at once or in parts, and maybe again and again. All instants are by
    the account's clock.

    blast: of the time that comes next, or came last: its hold is the one for all that is to leave then.
    draft: as `drafts.packed` makes it: whom it goes to is looked up when it leaves. at: when it leaves, at
    the earliest; each_at: "HH:MM" of each recipient's own day, "" all at once; repeat: as in `model.Repeat`.
    later: who can't get it then for quiet hours gets it after them. withdraws: who wrote since `agreed_at`
    doesn't get it. next_at: when the next part leaves, NULL where none does. held: of the hold, what isn't
    spent on messages yet; NULL where nothing is held yet. agreed: credits and people that a person agreed to.
    state: as in `model.Waiting`; asks: why a person has to decide, a code, or ""; while it waits, that an
    account without a plan was agreed to. person: who scheduled it.
    """

    id = peewee.AutoField()
    account_id = peewee.IntegerField()
    blast = peewee.ForeignKeyField(Blast, index=True, lazy_load=False, on_delete="RESTRICT")
    draft = peewee.TextField()
    at = peewee.BigIntegerField()
    each_at = peewee.TextField()
    repeat = peewee.TextField()
    later = peewee.BooleanField()
    withdraws = peewee.BooleanField()
    agreed_at = peewee.BigIntegerField()
    agreed_credits = peewee.IntegerField()
    agreed_people = peewee.IntegerField()
    next_at = peewee.BigIntegerField(null=True)
    held = peewee.IntegerField(null=True)
    state = peewee.TextField()
    asks = peewee.TextField(default="")
    person = person_column()

    class Meta:
        indexes = ((("account_id", "state", "next_at"), False),)


class LeftOut(Table):
    """Somebody who was to get a text, or an email, and didn't, as it stood when it left, or is to leave.

    blast_id, campaign_id: of which; the other is NULL. who: the number or address as typed, or the name;
    phone: E.164, or the address, "" where there is none; contact_id: 0 for somebody who isn't in the address
    book. code: as in `model.LeftOut`; says: why, as `leaving_out.to_json` has it.
    """

    id = peewee.BigAutoField()
    blast_id = peewee.IntegerField(null=True, index=True)
    campaign_id = peewee.IntegerField(null=True, index=True)
    who = peewee.TextField()
    phone = peewee.TextField()
    contact_id = peewee.IntegerField()
    code = peewee.TextField()
    says = peewee.TextField()


TABLES: tuple[type[Table], ...] = (
    Draft,
    Blast,
    Message,
    Media,
    Sender,
    SenderDay,
    SenderPerson,
    Event,
    Incoming,
    Conversation,
    Template,
    Schedule,
    LeftOut,
)
