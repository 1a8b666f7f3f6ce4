"""The ledger's tables. Instants are microseconds since 1970 in UTC; days are ISO text, local to the account's
time zone, so that they compare as text. The database itself refuses a balance below zero and a lot that
doesn't add up."""

from __future__ import annotations

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BooleanField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    TextField,
)
from playhouse.sqlite_ext import AutoIncrementField

from store.database import Table, person_column, words_column


class Account(Table):
    """A prepaid account. Its balances are kept in the transaction that changes them, so that reading them is
    O(1).

    pending_plan, pending_billing: what a renewal to come makes of plan and billing. billed_from,
    billed_until: the days that the plan is paid for. due_on, due_at: the next boundary, as the local day and
    the instant at which that starts. period_index: the current period. seq: the last entry's. owing: whether
    a payment isn't known yet or an order is due, so that one look tells. owed, owed_since: as
    `model.Account`. billing_address: for receipts to come, "" where none was given.
    """

    id = AutoIncrementField()  # never given out a second time: payments are asked for by it
    product = TextField()
    plan = TextField()
    pending_plan = TextField(null=True)
    pending_billing = TextField(null=True)
    billing = TextField()
    billed_from = TextField()
    billed_until = TextField()
    timezone = TextField()
    country = TextField()
    anchor = TextField()
    demo_clock = BooleanField()
    opened_at = BigIntegerField()
    clock_floor = BigIntegerField()
    due_on = TextField()
    due_at = BigIntegerField()
    period_index = IntegerField(default=0)
    seq = IntegerField(default=0)
    available_allotted = IntegerField(default=0, constraints=[Check("available_allotted >= 0")])
    held_allotted = IntegerField(default=0, constraints=[Check("held_allotted >= 0")])
    available_purchased = IntegerField(default=0, constraints=[Check("available_purchased >= 0")])
    held_purchased = IntegerField(default=0, constraints=[Check("held_purchased >= 0")])
    owing = BooleanField(default=False)
    owed = IntegerField(default=0, constraints=[SQL("DEFAULT 0"), Check("owed >= 0")])
    owed_since = TextField(null=True)
    billing_address = words_column()


class Period(Table):
    """The days between two renewals; ends is the first day after them. used: credits settled of what was held
    in it. granted: what plans have given in it, less what was taken back. to_take: what a smaller plan still
    takes of it as held credits come back. epoch: counts how often credits were added in it, since each time
    the thresholds start anew. A trial that is subscribed on its first day leaves an empty one."""

    account = ForeignKeyField(Account, index=False)
    index_ = IntegerField(column_name="index")
    starts = TextField()
    ends = TextField()
    used = IntegerField(default=0, constraints=[Check("used >= 0")])
    granted = IntegerField(default=0, constraints=[Check("granted >= 0")])
    epoch = IntegerField(default=0)
    to_take = IntegerField(default=0, constraints=[Check("to_take >= 0")])

    class Meta:
        primary_key = CompositeKey("account", "index_")
        constraints = [Check("starts <= ends")]


class Lot(Table):
    """Credits added at once. grant_key ("allot:17") makes sure that they are added once. period_index: the
    period whose plan gave them; NULL for purchased ones."""

    id = AutoField()
    account = ForeignKeyField(Account, index=False)
    grant_key = TextField()
    pool = TextField()
    granted = IntegerField()
    remaining = IntegerField(constraints=[Check("remaining >= 0")])
    held = IntegerField(default=0, constraints=[Check("held >= 0")])
    spent = IntegerField(default=0, constraints=[Check("spent >= 0")])
    lapsed = IntegerField(default=0, constraints=[Check("lapsed >= 0")])
    effective_on = TextField()
    expires_on = TextField(null=True)
    period_index = IntegerField(null=True)

    class Meta:
        indexes = [(("account", "grant_key"), True)]
        constraints = [Check("remaining + held + spent + lapsed = granted")]


class Hold(Table):
    """Credits reserved for something that is under way: a blast. use: what for, as `model.Use`."""

    id = AutoField()
    account = ForeignKeyField(Account)
    credits = IntegerField()
    use = TextField()
    at = BigIntegerField()
    cause = TextField()
    reference = TextField()


class Allocation(Table):
    """What a hold drew from a lot. position: the order in which lots were drawn on. held: what is neither
    settled nor released of it yet."""

    hold = ForeignKeyField(Hold, index=False)
    position = IntegerField()
    lot = ForeignKeyField(Lot)
    credits = IntegerField()
    held = IntegerField()

    class Meta:
        primary_key = CompositeKey("hold", "position")
        constraints = [Check("held BETWEEN 0 AND credits")]


class Entry(Table):
    """A line of the history. Lines are only appended; only what comes back of a blast grows its line while
    the day lasts. Each filter of a page has an index that ends in seq, and one for the order by size, which
    also sums a kind up without reading its lines."""

    account = ForeignKeyField(Account, index=False)
    seq = IntegerField()
    at = BigIntegerField()
    day = TextField()
    pool = TextField()
    kind = TextField()
    delta = IntegerField()
    balance = IntegerField(constraints=[Check("balance >= 0")])
    amount = IntegerField(constraints=[Check("amount >= 0")])
    cause = TextField()
    reference = TextField()
    count = IntegerField()
    person = person_column()

    class Meta:
        primary_key = CompositeKey("account", "seq")
        indexes = [
            (("account", "pool", "seq"), False),
            (("account", "kind", "seq"), False),
            (("account", "pool", "kind", "seq"), False),
            (("account", "day", "seq"), False),
            (("account", "pool", "amount", "seq"), False),
            (("account", "pool", "kind", "amount", "seq"), False),
        ]


class Movement(Table):
    """A line's part of one lot. credits: what the lot's remaining credits changed by. position: the order in
    which lots were drawn on."""

    account = ForeignKeyField(Account, index=False)
    seq = IntegerField()
    position = IntegerField()
    lot = ForeignKeyField(Lot)
    credits = IntegerField()

    class Meta:
        primary_key = CompositeKey("account", "seq", "position")


class UseByDay(Table):
    """What the lines of a local day come to, by what the credits were used for: those held less those that
    came back, which may be more than were held on that day."""

    account = ForeignKeyField(Account, index=False)
    day = TextField()
    use = TextField()
    credits = IntegerField()

    class Meta:
        primary_key = CompositeKey("account", "day", "use")


class Order(Table):
    """What was ordered and charged. number counts an account's orders; key ("renewal:17") makes sure that it
    is charged once. credits: those added at once, signed. charge: the payment
    provider's own id of the charge. state: as `model.OrderState`. reason: the provider's word for why its
    card was declined, as `orders` reads it, "" else; attempts: how often one was. emailed: whether its
    receipt needs no email (any more). billing_address: as it was then."""

    account = ForeignKeyField(Account, index=False)
    number = IntegerField()
    key = TextField()
    at = BigIntegerField()
    day = TextField()
    cause = TextField()
    from_plan = TextField()
    plan = TextField()
    billing = TextField()
    credits = IntegerField()
    cents = IntegerField(constraints=[Check("cents >= 0")])
    card = TextField()
    charge = TextField(default="")
    state = TextField()
    reason = TextField(default="")
    attempts = IntegerField(default=0)
    emailed = BooleanField(default=False)
    person = person_column()
    billing_address = words_column()

    class Meta:
        primary_key = CompositeKey("account", "number")
        indexes = [(("account", "key"), True)]


class Payment(Table):
    """A charge asked of the payment provider before what was ordered is done. quote: JSON of what is done
    once it is paid. state: "open" until its answer is known, then "paid" or "declined"."""

    account = ForeignKeyField(Account, index=False)
    key = TextField()
    at = BigIntegerField()
    cents = IntegerField(constraints=[Check("cents > 0")])
    quote = TextField()
    state = TextField()

    class Meta:
        primary_key = CompositeKey("account", "key")


class Operation(Table):
    """Something that was asked for under a key, and its outcome, as JSON: a value, or a refusal as
    `refusals` keeps it. Saying it twice does it once."""

    account = ForeignKeyField(Account, index=False)
    op_key = TextField()
    request_hash = TextField()
    result = TextField()

    class Meta:
        primary_key = CompositeKey("account", "op_key")


class Notice(Table):
    """A threshold (percent) reached. busy, capacity: credits used and held then, of all that could be used;
    0 both where an older Textmeter noted only their permille. kind: "fired", or "carried" where nobody was
    told."""

    id = AutoField()
    account = ForeignKeyField(Account, index=False)
    period_index = IntegerField()
    epoch = IntegerField()
    threshold = IntegerField()
    at = BigIntegerField()
    permille = IntegerField()
    busy = IntegerField(default=0)
    capacity = IntegerField(default=0)
    kind = TextField()
    cause = TextField()

    class Meta:
        indexes = [(("account", "period_index", "epoch", "threshold"), True)]


class Outbox(Table):
    """A notice to be given on one channel ("screen", "email"). done: whether it was."""

    notice = ForeignKeyField(Notice, index=False)
    channel = TextField()
    done = BooleanField(default=False)

    class Meta:
        primary_key = CompositeKey("notice", "channel")


TABLES: list[type[Table]] = [
    Account,
    Period,
    Lot,
    Hold,
    Allocation,
    Entry,
    Movement,
    UseByDay,
    Order,
    Payment,
    Operation,
    Notice,
    Outbox,
]
