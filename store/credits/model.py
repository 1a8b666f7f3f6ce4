"""What the ledger hands out: plain values, no rows. Credits and cents are integers; dates are local to the
account's time zone; instants are aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from store.credits.notices import permille
from store.sentences import Sentence


class Pool(StrEnum):
    ALLOTTED = "allotted"
    PURCHASED = "purchased"


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


@dataclass(frozen=True, slots=True)
class Account:
    """One prepaid account.

    country: the region (ISO 3166-1 alpha-2) in which numbers without a country code are read.
    anchor: the local date whose day of the month is the billing anchor day.
    demo_clock: whether the account's time may be set by hand.
    clock_floor: the latest instant that was processed; nothing is processed before it.
    """

    id: int
    product: str
    plan: str
    billing: str
    timezone: str
    country: str
    anchor: date
    demo_clock: bool
    opened_at: datetime
    clock_floor: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """A billing period: local dates, `ends` is the first day after it. used: credits settled in it."""

    index: int
    starts: date
    ends: date
    used: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Lot:
    """Credits granted at once. expires_on: the first local day on which they are no longer there, or
    never."""

    id: int
    pool: Pool
    granted: int
    remaining: int
    held: int
    granted_on: date
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Balance:
    """Where an account stands. available = allotted + purchased; capacity = used + held + available."""

    account: Account
    available: int
    held: int
    allotted: int
    purchased: int
    used: int
    capacity: int
    pending_plan: str | None
    period: Period

    @property
    def permille(self) -> int:
        """Used and held in a thousandth of the capacity, rounded down."""
        return permille(self.used + self.held, self.available)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history; append-only.

    delta: the signed change; balance: what its pool holds available after it. amount: the credits that the
    line speaks of: the size of delta, but what was waived on a line of that kind, whose delta is 0. cause: a
    code ("join", "renewal", "blast", "charge", "reply", "expiry", "release"...) put into words by whoever
    shows it; reference: which blast, order or operation; count: how many recipients it was, where that says
    something, else 0.
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


@dataclass(frozen=True, slots=True)
class Charge:
    """What a use came to: credits charged, credits waived because nothing was left, credits available
    after."""

    charged: int
    waived: int
    available: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A threshold reached. threshold: percent; permille: used and held in capacity when it fired."""

    id: int
    account_id: int
    at: datetime
    threshold: int
    permille: int
    kind: str
    """ "fired", or "carried": already above when an epoch began, so nobody was told."""
    cause: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """When what is left runs out at the pace of the last `days` days.

    used: credits used in those days. runs_out_on: a local date, perhaps beyond the period; None where nothing
    was used, so that it lasts.
    """

    runs_out_on: date | None
    used: int
    days: int


@dataclass(frozen=True, slots=True)
class Verification:
    """What a replay of the entries found. problems: a sentence each; none when all agrees."""

    accounts: int
    entries: int
    problems: tuple[Sentence, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What bringing an account up to the clock's instant came to.

    boundaries: how many were processed. clock_set_back: the clock is before an instant that was processed
    already, so nothing was, and what is done meanwhile counts as done at that instant.
    """

    boundaries: int
    clock_set_back: bool
