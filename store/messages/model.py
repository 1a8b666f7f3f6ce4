"""What messages hand out: plain values. Credits are integers; instants are aware and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Protocol

from store.people.names import full_name
from store.people.zones import Whereabouts, whereabouts
from store.sentences import Phone, Sentence
from store.texts import merge


class MessageKind(StrEnum):
    SMS = "sms"
    MMS = "mms"


class Status(StrEnum):
    """Where a message stands. UNKNOWN: nobody answered between "sending" and an outcome; never sent again by
    itself."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


MILLION = 1_000_000
"""The parts in which the price of a message is kept."""


class Elsewhere(StrEnum):
    """What became of a draft in another window since it was read or kept in this one."""

    CHANGED = "changed"
    SENT = "sent"
    DELETED = "deleted"


class Purpose(StrEnum):
    """What a text is for (rules, 4b)."""

    CONVERSATION = "conversation"
    NOTICE = "notice"
    MARKETING = "marketing"
    EMERGENCY = "emergency"


class Repeat(StrEnum):
    """How often a text leaves again. MONTHLY: on the same day of the month, or its last one where it has no
    such day; MONTHLY_WEEKDAY: on the same weekday of the month (the first Monday), or its last such one."""

    NEVER = ""
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    MONTHLY_WEEKDAY = "monthly-weekday"


@dataclass(frozen=True, slots=True)
class When:
    """When a text leaves. at: not before, UTC; None for at once. each_at: "HH:MM" of each recipient's own
    day, "" all at once. repeat: again and again. later: who can't get it then for quiet hours gets it after
    them, instead of not at all. withdraws: not for those who wrote meanwhile."""

    at: datetime | None = None
    each_at: str = ""
    repeat: Repeat = Repeat.NEVER
    later: bool = False
    withdraws: bool = False


AT_ONCE = When()


class Waiting(StrEnum):
    """How a scheduled text stands. ASKS: it doesn't leave until a person decides."""

    WAITING = "waiting"
    ASKS = "asks"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Draft:
    """A text or email as it is being written. id 0: not saved yet.

    subject: of an email. to: numbers or addresses as typed; contacts: ids; groups: names ("" never; the name
    of a group, without "#"); everyone: the whole address book, as far as the account has it. filters: queries
    of `store.people.filters`, or the names of saved ones with "=" before them, which mean what they say when
    they are looked up. but_to, but_contacts, but_groups, but_filters: likewise, who gets nothing all the
    same. household: one text a household. media: paths of pictures or attachments, as typed. account_id: of
    the account that it is written for; None: no account in particular, so that all have it. version: of the
    kept state that this one goes on from. purpose: what it is for; None: what follows from whom it goes to.
    why: the reason of an emergency, or for texting those all the same who were texted lately. language: BCP
    47, of its words; "" unknown. besides: the ids of blasts before it that it goes with, as the texts of one
    SmartPlan do: whoever got those wasn't texted lately by that. of_plan: whether it is a SmartPlan's,
    against which marketing alone counts.
    """

    id: int = 0
    body: str = ""
    to: tuple[str, ...] = ()
    contacts: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    everyone: bool = False
    but_to: tuple[str, ...] = ()
    but_contacts: tuple[int, ...] = ()
    but_groups: tuple[str, ...] = ()
    household: bool = False
    filters: tuple[str, ...] = ()
    but_filters: tuple[str, ...] = ()
    subject: str = ""
    saved_at: datetime | None = None
    account_id: int | None = None
    version: int = 0
    purpose: Purpose | None = None
    why: str = ""
    language: str = ""
    besides: tuple[int, ...] = ()
    of_plan: bool = False

    @property
    def people(self) -> tuple[object, ...]:
        """Whom it goes to: what an audience hangs on."""
        chosen = self.to, self.contacts, self.groups, self.everyone
        people = (*chosen, self.but_to, self.but_contacts, self.but_groups, self.household)
        filters = self.filters, self.but_filters
        return (*people, *filters) if any(filters) else people


@dataclass(frozen=True, slots=True)
class Template:
    """A text that is kept under a name. subject: of an email, "" for a text. language: BCP 47. shipped:
    whether it came with Textmeter. person: who saved it, "" where that is whoever runs Textmeter on a machine
    of their own, or nobody."""

    name: str
    text: str
    purpose: Purpose = Purpose.NOTICE
    language: str = "en"
    subject: str = ""
    shipped: bool = False
    person: str = ""

    @property
    def draft(self) -> Draft:
        """A text of its words, to nobody yet."""
        return Draft(body=self.text, subject=self.subject, purpose=self.purpose, language=self.language)


TROUBLE = frozenset({Status.UNDELIVERED, Status.FAILED, Status.UNKNOWN})
"""How a message stands that somebody may want to look at."""


_NONE: Mapping[str, str] = MappingProxyType({})


class Reached(Protocol):
    """One person to whom something goes. to: the number or address; reach: by which that is known as the same
    one; shown: as a sentence has it. contact, household: as `Recipient` has them."""

    @property
    def to(self) -> str: ...
    @property
    def reach(self) -> str: ...
    @property
    def shown(self) -> str | Phone: ...
    @property
    def name(self) -> str: ...
    @property
    def contact(self) -> int: ...
    @property
    def household(self) -> str: ...

    def where(self, home: str) -> Whereabouts:
        """Where they may be. home: the account's zone."""


class Recipient(NamedTuple):
    """One person to be texted. phone: E.164; region: its ISO 3166-1 alpha-2 code; the rest may be empty.
    contact: an id, 0 for somebody who isn't in the address book. household: by which those are known who live
    together. own: the values of fields that not everybody has, by their names. zone: IANA name; address:
    postal, free text. first: whether it is the first such text to them, below which stands who writes.

    A tuple, because a blast resolves a hundred thousand of them.
    """

    phone: str
    region: str
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    contact: int = 0
    household: str = ""
    own: Mapping[str, str] = _NONE
    zone: str = ""
    address: str = ""
    first: bool = False

    @property
    def to(self) -> str:
        return self.phone

    @property
    def reach(self) -> str:
        return self.phone

    @property
    def shown(self) -> Phone:
        return Phone(self.phone)

    def where(self, home: str) -> Whereabouts:
        """Where they may be. home: the account's zone."""
        return whereabouts(self.zone, self.address, self.phone, self.region, home)

    @property
    def name(self) -> str:
        """The full name, or the company, or "" where neither is known."""
        return full_name(self.first_name, self.last_name, self.company)

    @property
    def values(self) -> Mapping[str, str]:
        """What the merge fields may take."""
        return {**self.own, **{field: getattr(self, field) for field in merge.FIELDS}}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who gets nothing. to: the number or address as typed or the contact's name; phone: E.164, or
    the address of an email, "" where there is none; contact: an id, 0 for somebody who isn't in the address
    book."""

    to: str
    reason: Sentence
    code: str
    phone: str = ""
    contact: int = 0


@dataclass(frozen=True, slots=True)
class RateLine:
    """The part of an estimate that goes to one region.

    domestic: whether it belongs to the regions that are named together ("US and Canada"); None where each
    country has a rate of its own. credits_per_segment: credits for one segment of an SMS; for an MMS, credits
    for the one unit that it is (and what follows it of a long text goes as SMS).
    """

    region: str
    domestic: bool | None
    recipients: int
    credits_per_segment: int
    credits: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a draft that a person should know. blocking: Send is off until it is mended."""

    code: str
    says: Sentence
    blocking: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a draft will cost. segments are per person; total over all (an MMS counts 1). messages: over all;
    messages_max: of the person who gets the most, since a long text goes as several."""

    kind: MessageKind
    recipients: int
    segments_min: int
    segments_max: int
    segments_total: int
    messages: int
    messages_max: int
    credits: int
    by_rate: tuple[RateLine, ...]
    from_allotted: int
    from_purchased: int
    available_before: int
    available_after: int
    """May be negative: then there are too few credits, and `problems` says so."""
    buy: int
    """The least number of credits to buy with which there are enough; 0 where there are, or where so many
    can't be bought."""
    crosses: int
    """The highest threshold (percent) that this would newly reach, or 0."""
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    """Of the problems, what is wrong with the text, its fields or its files."""
    refused: tuple[LeftOut, ...]
    """Those who can't be reached."""
    left_out: tuple[LeftOut, ...]
    """Those who could be, and get nothing all the same, or nothing more."""
    purpose: Purpose = Purpose.CONVERSATION
    """What it is for, chosen or not."""

    @property
    def advice(self) -> tuple[Problem, ...]:
        """The problems that lie elsewhere than in the text."""
        return tuple(problem for problem in self.problems if problem not in self.warnings)

    @property
    def sendable(self) -> bool:
        return not any(problem.blocking for problem in self.problems)

    @property
    def only_credits_lack(self) -> bool:
        """Whether it could be sent if there were enough credits."""
        return [problem.code for problem in self.problems if problem.blocking] == ["not-enough-credits"]


class AsSent(NamedTuple):
    """A text as it was got. to: the name or number of the only recipient, "" where there are several. body:
    as the first of them got it."""

    to: str
    body: str


@dataclass(frozen=True, slots=True)
class BlastSummary:
    """A blast and how far it is. recipients: people; body: with its merge fields in place; as_sent: as it was
    got; counts: messages by status (only those that occur), of which a long text takes several a person."""

    id: int
    created_at: datetime
    body: str
    kind: MessageKind
    recipients: int
    credits: int
    cancelled: bool
    counts: Mapping[Status, int]
    as_sent: AsSent
    purpose: Purpose = Purpose.CONVERSATION
    why: str = ""
    leaves_at: datetime | None = None
    """When the next of it leaves, where some waits for its time."""
    left_out: tuple[LeftOut, ...] = ()
    """Who didn't get it, as `Messenger.send` tells it once; it isn't kept."""
    advice: tuple[Problem, ...] = ()
    """What was worth knowing of it; likewise."""

    @property
    def messages(self) -> int:
        """How many messages it is in all."""
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """Messages that have not left yet."""
        return self.counts.get(Status.QUEUED, 0) + self.counts.get(Status.SENDING, 0)


@dataclass(frozen=True, slots=True)
class Message:
    """One text to one person.

    body: as this person got it, or this part of it. segments: 1 for an MMS. reason: why it failed, wasn't
    delivered or isn't known, else None. price: what the provider takes for it, exactly, in the main units of
    currency (ISO 4217); None and "" where it hasn't said. sent_at: when it left, by the account's clock; None
    where it didn't, or nobody knows."""

    id: int
    to: str
    name: str
    body: str
    status: Status
    segments: int
    credits: int
    reason: Sentence | None
    price: Decimal | None = None
    currency: str = ""
    sent_at: datetime | None = None


class Texted(NamedTuple):
    """A text, or a part of one, in what happened with a person. at: when its blast was sent, by the account's
    clock."""

    at: datetime
    blast_id: int
    message: Message


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation in the list. phone: E.164, or a short code or name as it came, or an address of email.
    name: the contact's, "" where nobody is known. last: the beginning of its latest text, "" for one without
    words; at: UTC; out: whether that was ours. asks: whether a person has to decide what was meant. assigned:
    who of the team answers, "" nobody in particular. answering: who else is writing an answer now, or ""."""

    phone: str
    name: str
    last: str
    at: datetime
    out: bool
    unread: int
    asks: bool
    assigned: str
    answering: str


class Attachment(NamedTuple):
    """A picture that came in, as its provider told of it. size: bytes, 0 unknown."""

    url: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class Line:
    """One text or email of a conversation. id: of the message or email, or of what came in. out: whether it
    was ours. status: None of what came in. credits: what it cost; waived: what of that couldn't be paid.
    asks: what it asked for: "out", "in", "help", "refusal" or "". notice: whether it confirmed what was asked
    for. by: who of the team sent it, "" whoever runs Textmeter on their own machine; None of what came in.
    subject: of an email; message_id: its own name, of one that came in. automatic: whether a machine wrote
    it."""

    id: int
    at: datetime
    out: bool
    text: str
    status: StrEnum | None = None
    reason: Sentence | None = None
    credits: int = 0
    waived: int = 0
    media: tuple[Attachment, ...] = ()
    asks: str = ""
    blast_id: int = 0
    notice: bool = False
    by: str | None = None
    subject: str = ""
    message_id: str = ""
    automatic: bool = False


class Heard(NamedTuple):
    """A text that came in, as it is told of. name: the contact's, "" where nobody is known. pictures: how
    many came with it."""

    id: int
    phone: str
    name: str
    text: str
    at: datetime
    pictures: int


class Place(NamedTuple):
    """Where the next page of a conversation goes on: the last message and the last text that came in, by
    what orders them. 0: from the newest."""

    message: int = 0
    came_at: int = 0
    came_id: int = 0


NEWEST = Place()


class Answers(NamedTuple):
    """What came back to a blast. people: who answered, opt-outs included; out: who opted out by it."""

    people: int
    out: int
