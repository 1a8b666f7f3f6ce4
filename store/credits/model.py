"""What the ledger hands out: plain values, no rows. Credits and cents are integers; dates are local to the
account's time zone; instants are aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from store.credits.catalog import Plan
from store.credits.notices import permille
from store.sentences import Sentence


class Pool(StrEnum):
    ALLOTTED = "allotted"
    PURCHASED = "purchased"


class Use(StrEnum):
    """What credits are used for."""

    SMS = "sms"
    MMS = "mms"
    REPLY = "reply"
    EMAIL = "email"


class Kind(StrEnum):
    """What a line of the history is."""

    GRANTED = "granted"
    USED = "used"
    PURCHASED = "purchased"
    EXPIRED = "expired"
    FORFEITED = "forfeited"
    TAKEN_BACK = "taken-back"
    RELEASED = "released"
    WAIVED = "waived"
    ENDED = "ended"


class Account(NamedTuple):
    """One prepaid account.

    plan: NO_PLAN where it has none any more. pending_plan, pending_billing: what the plan and its billing
    will be from the next renewal on, None where they stay. billed_from, billed_until: the days that the plan
    is paid for, the second one no more.
    country: the region (ISO 3166-1 alpha-2) in which numbers without a country code are read.
    anchor: the local date whose day of the month is the billing anchor day.
    demo_clock: whether the account's time may be set by hand.
    clock_floor: the latest instant that was processed; nothing is processed before it.
    owed: cents of the present period's renewal, where it isn't paid, so that its credits are still to come;
    owed_since: the local day since which renewals aren't.
    billing_address: one line, for receipts to come; "" where none was given.
    """

    id: int
    product: str
    plan: str
    billing: str
    pending_plan: str | None
    pending_billing: str | None
    billed_from: date
    billed_until: date
    timezone: str
    country: str
    anchor: date
    demo_clock: bool
    opened_at: datetime
    clock_floor: datetime
    owed: int = 0
    owed_since: date | None = None
    billing_address: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A period between two renewals: local dates, `ends` is the first day after it. used: credits settled of
    what was held in it. granted: what plans have given in it, less what was taken back. epoch: how often
    credits were added in it after it began. to_take: what a smaller plan still takes of it as held credits
    come back."""

    index: int
    starts: date
    ends: date
    used: int
    granted: int
    epoch: int
    to_take: int = 0


class Lot(NamedTuple):
    """Credits added at once. expires_on: the first local day on which they are no longer there, or never.
    period: the index of the period whose plan gave them, None for purchased ones."""

    id: int
    pool: Pool
    granted: int
    remaining: int
    held: int
    granted_on: date
    expires_on: date | None
    period: int | None


class Balance(NamedTuple):
    """Where an account stands. available = allotted + purchased; capacity = used + held + available."""

    account: Account
    available: int
    held: int
    allotted: int
    purchased: int
    used: int
    capacity: int
    period: Period

    @property
    def permille(self) -> int:
        """Used and held in a thousandth of the capacity, rounded down."""
        return permille(self.used + self.held, self.available)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history. Lines are only appended; what comes back of a blast adds to its line of the day.

    delta: the signed change; balance: what its pool holds available after it. amount: the credits that the
    line speaks of: the size of delta, but what was waived on a line of that kind, whose delta is 0. cause: a
    code ("join", "renewal", "blast", "charge", "reply", "email", "expiry", "upgrade", "downgrade", "cancel",
    "trial", "cap", "purchase"...) put into words by whoever shows it; reference: the blast's id or the
    order's number, "" where there is neither; count: how many recipients it was, where that says something,
    else 0. person: whose doing it was, by name; "" for time's, or for somebody without a name.
    """

    seq: int
    on: date
    at: datetime
    pool: Pool
    kind: Kind
    delta: int
    balance: int
    amount: int
    cause: str
    reference: str
    count: int
    person: str = ""


class Movement(NamedTuple):
    """A line's part of one lot: credits are what the lot's remaining credits changed by."""

    lot: Lot
    credits: int


class EntryDetails(NamedTuple):
    """What is behind a line. movements: the lots that it concerns, in the order in which they were drawn on;
    none for a line of an older Textmeter. order: what was ordered, where that made the line."""

    entry: Entry
    movements: tuple[Movement, ...]
    order: Order | None


class Change(StrEnum):
    """What is ordered."""

    JOIN = "join"
    SUBSCRIBE = "subscribe"
    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"
    CANCEL = "cancel"
    BILLING = "billing"
    PURCHASE = "purchase"


class Renewal(NamedTuple):
    """What the next renewal brings: a local date, cents charged, credits added."""

    on: date
    charge_cents: int
    credits: int


class Quote(NamedTuple):
    """What an order would do, before it is placed.

    from_plan, to_plan: ids, or NO_PLAN. billing: how it is billed from then on. effective: a local date, None
    for now. charge_cents: charged today. credits_now: by how much what is available changes today, signed.
    explanation: a sentence each on today's charge, on credits now, on the next renewal, and on what else a
    person should know, in this order.
    """

    change: Change
    from_plan: str
    to_plan: str
    billing: str
    effective: date | None
    charge_cents: int
    credits_now: int
    next_renewal: Renewal
    explanation: tuple[Sentence, ...]


class PastMonth(NamedTuple):
    """A whole billing period as it would have been with a plan. used: credits; cents: its price then, or a
    twelfth of a year's, and what would have been bought beside it; short: credits that would have been
    missing."""

    starts: date
    used: int
    cents: int
    short: int


class PlanOffer(NamedTuple):
    """A plan beside the others. price_cents: each time that it is billed, monthly or yearly as was asked for.

    periods: how many whole billing periods it is compared by, three at most; used: credits used in them.
    past_cents: what these would have cost with it, purchases included. short: how many credits of them, or of
    the present period so far, would have been missing. lasts: whether something would always have been left,
    or could have been bought. months: the last whole periods one by one, twelve at most, the oldest first.
    too_small: whether it is made for fewer accounts than the account writes to
    people. fits: whether it is the cheapest that lasts and isn't too small; false for all plans where that
    can't be told, since no period is whole yet or nothing was used. change: what choosing it would be, None
    where it can't be chosen.
    """

    plan: Plan
    price_cents: int
    current: bool
    pending: bool
    periods: int
    used: int
    past_cents: int
    short: int
    lasts: bool
    months: tuple[PastMonth, ...]
    too_small: bool
    fits: bool
    change: Change | None


class PurchaseRoom(NamedTuple):
    """How many credits may be bought this calendar month. cents: of one; most: in all; bought: so far."""

    cents: int
    least: int
    most: int
    bought: int

    @property
    def left(self) -> int:
        return max(self.most - self.bought, 0)


class OrderState(StrEnum):
    """paid: nothing is owed. due: to be charged as soon as the provider is asked. unpaid: its card was
    declined. skipped: a renewal that nobody paid, of a period that is over; it brought nothing."""

    PAID = "paid"
    DUE = "due"
    UNPAID = "unpaid"
    SKIPPED = "skipped"


class Order(NamedTuple):
    """What was ordered, and its receipt.

    number: counts an account's orders. cause: a Change, "renewal", or "withdrawn" where what was pending was
    taken back. from_plan: the plan before, or the one that was to come and was withdrawn; "" where it didn't
    change. credits: those that it adds once it is paid, signed. card: "Visa 4242", "" where nothing was
    charged; charge: the payment provider's own id of that charge, where it is known. reason: why the
    card was declined, None else. person: who ordered it, by name; "" for time, or for somebody without one.
    billing_address: as it was given by then, "" where it wasn't.
    """

    number: int
    at: datetime
    on: date
    cause: str
    from_plan: str
    plan: str
    billing: str
    credits: int
    cents: int
    card: str
    charge: str
    state: OrderState
    reason: Sentence | None
    person: str = ""
    billing_address: str = ""


class Charge(NamedTuple):
    """What a use came to: credits charged, credits waived because nothing was left, credits available
    after."""

    charged: int
    waived: int
    available: int


class Notice(NamedTuple):
    """A threshold reached. threshold: percent. permille, busy, capacity: what was used and held when it
    fired, in a thousandth of all that could be used, in credits, and how many those were; the last two are 0
    in a notice of an older Textmeter. channels: where it is told; given: where it was already."""

    id: int
    account_id: int
    at: datetime
    threshold: int
    permille: int
    kind: str
    """ "fired", or "carried": already above when an epoch began, so nobody was told."""
    cause: str
    channels: tuple[str, ...]
    given: tuple[str, ...]
    busy: int = 0
    capacity: int = 0


class Forecast(NamedTuple):
    """How long what is left lasts at the pace of the last `days` days, if it goes on for a year.

    used: credits used in those days. runs_out_on: the first local day on which a text could not be paid; None
    where all can be for a year. lapses: how many credits the renewal on renews_on ends unused, by expiry or
    with the plan. early: all was used on one day of an account a few days old, so that there is no pace yet.
    """

    runs_out_on: date | None
    used: int
    days: int
    lapses: int
    renews_on: date
    early: bool = False


class Verification(NamedTuple):
    """What a replay of the entries found. problems: a sentence each; none when all agrees."""

    accounts: int
    entries: int
    problems: tuple[Sentence, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


class CatchUp(NamedTuple):
    """What bringing an account up to the clock's instant came to.

    boundaries: how many were processed. clock_set_back: the clock is before an instant that was processed
    already, so nothing was, and what is done meanwhile counts as done at that instant. waiting: so much is
    due at once that a person is to confirm the date first; nothing was processed.
    """

    boundaries: int
    clock_set_back: bool
    waiting: bool = False
    asks: bool = False


class Waiting(NamedTuple):
    """What waits for a person to confirm the date: so many boundaries, and what would be charged at them."""

    boundaries: int
    charge_cents: int
