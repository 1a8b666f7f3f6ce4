"""Where emails, campaigns, SmartPlans and who is on them are kept. Instants are microseconds since 1970 in
UTC; days are ISO text."""

from __future__ import annotations

from collections.abc import Sequence

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from store.database import Table, person_column, words_column


class Campaign(Table):
    """An email written to one or more people at once.

    subject, body: as written, Markdown with merge fields in place. sender: whose address it goes out from,
    "" for the one that is configured. service: "own", or "mailchimp", where what it sends doesn't count.
    hold_id: of the sends that it takes, NULL while it is only estimated (it leaves after the next renewal) or
    doesn't count, 0 where nothing was left to hold. at: from when it leaves, by the account's clock. each_at:
    "HH:MM" of each recipient's own day, "" for all at once. remote: the service's own name for it; asked_at:
    when that was asked last what became of its emails, by the real clock, NULL before it was sent. person:
    who sent it. created_at: by the account's clock. answers: the Message-ID of the mail that it answers, ""
    none. purpose: what it is for, one of `messages.model.Purpose`; why: the reason that was given. blast_id:
    the text of the same emergency, NULL where it is no part of one.
    """

    id = AutoField()
    account_id = IntegerField(index=True)
    created_at = BigIntegerField()
    subject = TextField()
    body = TextField()
    sender = words_column()
    service = TextField(default="own")
    hold_id = IntegerField(null=True)
    recipients = IntegerField()
    at = BigIntegerField()
    each_at = words_column()
    cancelled = BooleanField(default=False)
    remote = words_column()
    asked_at = BigIntegerField(null=True)
    person = person_column()
    answers = words_column()
    purpose = TextField(default="notice", constraints=[SQL("DEFAULT 'notice'")])
    why = words_column()
    blast_id = IntegerField(null=True)


class CampaignFile(Table):
    """An attachment of a campaign, kept as it was when it was sent."""

    id = AutoField()
    campaign = ForeignKeyField(Campaign, index=True, lazy_load=False, on_delete="RESTRICT")
    name = TextField()
    type = TextField()
    content = BlobField()


class SmartPlan(Table):
    """A SmartPlan of an account: a named sequence of steps. at: when it was made, by the account's clock.
    paused_on: since which day it is paused for all, "" while it isn't. group_name: whoever is put into this
    group starts it, "" nobody by that. then_plan: who is through starts this one. texts_account: whose texts
    its texts are. purpose: what its texts and emails are for."""

    id = AutoField()
    account_id = IntegerField(index=True)
    name = TextField()
    at = BigIntegerField()
    paused_on = words_column()
    group_name = words_column()
    then_plan = IntegerField(null=True)
    texts_account = IntegerField(null=True)
    purpose = TextField(default="marketing", constraints=[SQL("DEFAULT 'marketing'")])


class Step(Table):
    """One of its steps. A step that was changed is another row, so that what was sent is still known.

    place: from 0, in their order; NULL: not of the plan any more. kind: "email", "text" or "task" (what waits
    is in the days). days: after the start; hour: "HH:MM" of the recipient's day, "" as the day begins.
    subject: of an email. body: what is sent, or is to be done.
    """

    id = AutoField()
    plan = ForeignKeyField(SmartPlan, index=True, lazy_load=False)
    place = IntegerField(null=True)
    kind = TextField(default="email")
    days = IntegerField()
    hour = words_column()
    subject = TextField()
    body = TextField()


class Enrolment(Table):
    """A contact is on a SmartPlan. run: from 1, where somebody was put on it again. started_at: since when
    what they write ends it, by the account's clock; started_on: from which day its days are counted, by the
    account's time zone; shift: by how many days all is later, since it was paused for so long. step: the next
    one, or the one at which it ended, NULL where they are through; next_at: when that is due, by the
    account's clock, NULL where nothing is. state: as in `model.Going`; paused_on: since which day they are
    paused, "" where they aren't."""

    id = AutoField()
    plan = ForeignKeyField(SmartPlan, index=False, lazy_load=False)
    account_id = IntegerField()
    contact_id = IntegerField()
    run = IntegerField(default=1)
    started_at = BigIntegerField()
    started_on = TextField()
    shift = IntegerField(default=0)
    step = ForeignKeyField(Step, null=True, index=False, lazy_load=False)
    next_at = BigIntegerField(null=True)
    state = TextField(default="going")
    paused_on = words_column()

    class Meta:
        indexes = [
            (("plan", "contact_id", "run"), True),
            (("account_id", "next_at"), False),
            (("contact_id",), False),
        ]


class GroupMember(Table):
    """Who was in the group that starts a SmartPlan when that was looked at: others were put into it since."""

    plan = ForeignKeyField(SmartPlan, index=False, lazy_load=False)
    contact_id = IntegerField()

    class Meta:
        table_name = "smart_plan_member"
        primary_key = CompositeKey("plan", "contact_id")
        without_rowid = True


class StepText(Table):
    """What became of a step that is a text. at: when it was due, by the account's clock. blast_id: the text,
    of whatever account it is, NULL where none was sent; reason: why not, a key of `model.REASONS`, or ""."""

    id = AutoField()
    account_id = IntegerField()
    enrolment = ForeignKeyField(Enrolment, index=False, lazy_load=False)
    step = ForeignKeyField(Step, index=False, lazy_load=False)
    contact_id = IntegerField()
    at = BigIntegerField()
    blast_id = IntegerField(null=True)
    reason = words_column()

    class Meta:
        indexes = [(("enrolment", "step"), True), (("contact_id", "id"), False)]


class Email(Table):
    """One email to one person: of a campaign, or of a step of a SmartPlan.

    contact_id: 0 for somebody who isn't in the address book; they may be gone. merge: a JSON object with what
    the merge fields took, "" where there are none: with the campaign's or step's body it is what this person
    got. subject: as this person got it. at: from when it may leave, by the account's clock. hold_id: of what
    is held for a step, NULL for a campaign's, which has one for all. taken_at: since when it is being handed
    over, or was last, by the real clock. sent_at: by the account's clock. code: what the recipient's server
    said of it later, such as 5.1.1, "" nothing.
    """

    id = AutoField()
    account_id = IntegerField()
    campaign = ForeignKeyField(Campaign, null=True, index=False, lazy_load=False)
    enrolment = ForeignKeyField(Enrolment, null=True, index=False, lazy_load=False)
    step = ForeignKeyField(Step, null=True, index=False, lazy_load=False)
    contact_id = IntegerField()
    address = TextField()
    name = TextField()
    merge = TextField()
    subject = TextField()
    at = BigIntegerField()
    status = TextField()
    reason = TextField(default="")
    hold_id = IntegerField(null=True)
    taken_at = BigIntegerField(null=True)
    sent_at = BigIntegerField(null=True)
    code = words_column()

    class Meta:
        indexes = [
            (("enrolment", "step"), True),  # NULLs are distinct: a campaign's emails have neither
            (("campaign", "status"), False),
            (("contact_id", "at", "id"), False),
            (("account_id", "status", "at", "id"), False),
        ]


Email.add_index(Email.address, Email.at, Email.id)


class EmailSender(Table):
    """An address that emails go out from.

    id: a name that a person gave it, which no sender of texts has. account_id: the account whose emails it
    sends; NULL: of all. options: JSON, by the names in `sender_options.OPTIONS`, those that are secret left
    out. interval: microseconds between two emails, 0 without a limit; free_at: from when the next one may
    leave, by real time. per_day: at most, 0 without a limit; today: how many left on `day` (UTC).
    """

    id = TextField(primary_key=True)
    account_id = IntegerField(null=True)
    address = TextField()
    options = TextField()
    interval = BigIntegerField()
    free_at = BigIntegerField(default=0)
    per_day = IntegerField()
    day = TextField(default="")
    today = IntegerField(default=0)


class EmergencyPerson(Table):
    """Somebody whom an emergency is for, whether a text or an email went to them or not. contact_id: 0 for
    somebody who isn't in the address book. name: or what was typed. phone: E.164, address: as the email has
    it; "" for none. no_text, no_email: why none went to them, "" where one did; a key of `emergency.WHY`."""

    id = AutoField()
    blast_id = IntegerField(index=True)
    contact_id = IntegerField()
    name = TextField()
    phone = TextField()
    address = TextField()
    no_text = TextField()
    no_email = TextField()

    class Meta:
        table_name = "emergency_person"


TABLES: Sequence[type[Table]] = [
    *(Campaign, CampaignFile, SmartPlan, Step, Enrolment, Email),
    *(GroupMember, StepText, EmailSender, EmergencyPerson),
]
