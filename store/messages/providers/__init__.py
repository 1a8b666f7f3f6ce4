"""The port: what carries texts out and brings replies in. One module a provider, imported by name when it is
used; it has `OPTIONS`, what a person sets up for it, `PROFILE`, what it is like, and `connect(setup)`, which
makes it.

Whatever comes in, a receipt or a reply, is an event under a name of the provider's own. It is written down
before it counts, once: a provider may tell of it as often as it likes, late, and in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from importlib import import_module
from types import ModuleType
from typing import NamedTuple, Protocol, TypeAlias, cast, runtime_checkable

from store.messages.model import Status
from store.sentences import Sentence


class Picture(NamedTuple):
    """A picture of an MMS. type: its media type, such as image/jpeg. id: of the one that is kept with its
    blast, 0 before that."""

    name: str
    type: str
    content: bytes
    id: int = 0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One text to be handed to a provider. id: the message's, the same whenever it is handed over; to: E.164;
    body: rendered; segments: what it was priced at."""

    id: int
    to: str
    body: str
    pictures: tuple[Picture, ...] = ()
    segments: int = 1


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the text. id: the provider's own for it. segments: how many it counts, None where it
    doesn't say; fewer than it was priced at are all that is charged."""

    id: str
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider said no before anything left. reason: a key of `reasons.REASONS`; "opted-out-there" also
    puts the number to the opt-outs."""

    reason: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """The provider looked at nothing, because too much comes at once (HTTP 429) or it can't be reached: safe
    to try again. seconds: how long it asks to be left alone."""

    seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The text was on its way and no answer came: nobody knows whether it left. kind: of the error that came
    in its place, "" where none did."""

    kind: str = ""


Outcome: TypeAlias = Accepted | Refused | Throttled | NoAnswer


@dataclass(frozen=True, slots=True)
class Had:
    """The provider has the text: it left. id: the provider's own for it; segments: as of `Accepted`."""

    id: str
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class NeverHad:
    """The provider knows all that it was given, and never had this text: it may be sent again, where the
    profile's ids are repeatable."""


@dataclass(frozen=True, slots=True)
class CantTell:
    """The provider doesn't know, or not yet."""


LookedUp: TypeAlias = Had | NeverHad | CantTell


class Sent(NamedTuple):
    """An accepted message of which the end isn't known yet. id: the message's; sent_at: UTC, as long ago as
    it is by the account's clock where that was set ahead meanwhile."""

    id: int
    provider_id: str
    to: str
    sent_at: datetime


class Price(NamedTuple):
    """Money, as exactly as it is told: amount in the main units of a currency (ISO 4217)."""

    amount: Decimal
    currency: str


class Receipt(NamedTuple):
    """What became of a message. event_id: unique among the provider's events, such as "SM12:delivered".
    status: DELIVERED, UNDELIVERED or FAILED. message: our id where the provider keeps it, else 0, and
    provider_id: its own. reason: a key of `reasons.REASONS`, or "" when delivered. segments: how many the
    provider counts, 0 where it doesn't say; fewer than it was priced at are all that is charged, also where
    that is told only after its end. price: what it takes for the message, as far as it is known. unsettled:
    whether it tells one of these later, when it is asked about the message again."""

    event_id: str
    status: Status
    message: int = 0
    provider_id: str = ""
    reason: str = ""
    segments: int = 0
    price: Price | None = None
    unsettled: bool = False


class MediaFact(NamedTuple):
    """Of a picture that came in: where the provider keeps it, its media type ("" unknown) and its bytes (0
    unknown). Nothing is fetched until a person asks for it."""

    url: str
    type: str = ""
    size: int = 0


class Reply(NamedTuple):
    """A text that came in. event_id: unique among the provider's events. number: who wrote it, E.164 or, from
    some senders, a short code or name. at: UTC; None: the provider doesn't say. segments: how many it is
    charged as."""

    event_id: str
    number: str
    body: str
    at: datetime | None = None
    media: tuple[MediaFact, ...] = ()
    segments: int = 1


Event: TypeAlias = Receipt | Reply


class Polled(NamedTuple):
    """Events, oldest first, and where to go on: the next `poll` is given that. A page is bounded; more: there
    is another one already."""

    events: Sequence[Event]
    cursor: str = ""
    more: bool = False


class Request(NamedTuple):
    """What a provider that calls us sends. url: as the provider called it, scheme and host included; headers:
    by their names in small letters; form: of a form's body."""

    method: str
    url: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    form: Mapping[str, str]


class Called(NamedTuple):
    """What a call came to. answer: what is answered, with its media type."""

    events: Sequence[Event]
    answer: str = ""
    type: str = "text/plain"


class Forged(Exception):
    """A call that doesn't come from the provider: its signature or secret is wrong."""


class Garbled(Exception):
    """A call that can't be read."""


class Severity(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Finding(NamedTuple):
    """One thing that `check` looked at. what_to_do: None where nothing is to be done."""

    severity: Severity
    says: Sentence
    what_to_do: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a provider is like, which a sender's own settings narrow.

    per_second, per_day, people_a_month: texts and people at most, 0 without a limit. in_flight: texts that
    are handed over at once. media: whether it takes pictures. repeatable: whether a text that is handed over
    again under the same id leaves once. confirms: whether it answers STOP, START and HELP itself. poll_every:
    seconds between two polls.
    """

    per_second: float = 0.0
    per_day: int = 0
    people_a_month: int = 0
    in_flight: int = 1
    media: bool = False
    repeatable: bool = False
    confirms: bool = False
    poll_every: float = 1.0


class Provider(Protocol):
    """Carries texts. `send` is called from several threads at once, as many as the profile allows; all else
    from one.

    Each call may block for less than half of `outbox.LEASE`: the other half may be over when a text is handed
    over. What is answered later still counts, but by then others may have taken the text for unknown. An
    exception is taken for no answer.
    """

    @property
    def profile(self) -> Profile:
        """The same throughout."""

    def send(self, outgoing: Outgoing) -> Outcome:
        """Hands one text over."""

    def lookup(self, outgoing: Outgoing, since: datetime) -> LookedUp:
        """Whether the provider has a text that was handed over after `since` (UTC) and not answered."""

    def poll(self, asked: Sequence[Sent], cursor: str, now: datetime) -> Polled:
        """What has happened. asked: the messages about which it is time to ask, where the provider tells of
        each by itself; others look at their list. cursor: of the page before, "" at first. now: UTC."""

    def receive(self, request: Request) -> Called:
        """Reads a call. Raises Forged or Garbled."""

    def check(self) -> Iterator[Finding]:
        """Looks at everything that has to be right, one thing after the other, against the live service;
        sends nothing."""


class PriceList(NamedTuple):
    """What a provider takes for one segment of an SMS. source: where the list is kept, such as
    "pricing.example.com"; by_region: by ISO 3166-1 alpha-2."""

    source: str
    by_region: Mapping[str, Price]


class NoPrices(Exception):
    """The price list can't be had. finding: why, and what to do."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


@runtime_checkable
class Priced(Protocol):
    """What a provider can do beside that has a price list."""

    def prices(self) -> PriceList:
        """Asks for all prices of today, which may take a minute. Raises NoPrices."""


class Option(NamedTuple):
    """Something that a person sets up for a provider. label: what it is called on the screen, help: a
    sentence; message ids. A secret one is kept apart."""

    label: str
    help: str
    secret: bool = False
    required: bool = True
    default: str = ""


class NotPublished(Exception):
    """A picture couldn't be put where a provider fetches it. lasting: whether that stays so until somebody
    does something about it."""

    def __init__(self, *, lasting: bool) -> None:
        super().__init__(lasting)
        self.lasting = lasting


Publish: TypeAlias = Callable[[Picture], str]
"""Puts a picture where a provider can fetch it for a day, and gives its public URL. May be called from
several threads. Raises NotPublished."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a person has set up for a sender. number: E.164, or what stands for it at the provider. options:
    by their names in `OPTIONS`, defaults and secrets filled in, and a "namespace", made once for a
    sender, so that ids made of our messages' ids are never another database's. publish: for providers that
    fetch pictures; None where there is no way."""

    number: str = ""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    publish: Publish | None = None


NAMES = ("simulated", "twilio", "smsgate", "gammu", "kannel")
"""Who can carry texts, by the names of their modules."""


def module(name: str) -> ModuleType:
    """A provider's module."""
    return import_module(f"{__name__}.{name}")


def options(name: str) -> Mapping[str, Option]:
    """What a person sets up for a provider, by name."""
    return cast(Mapping[str, Option], module(name).OPTIONS)


def profile(name: str) -> Profile:
    """What a provider is like, whoever uses it."""
    return cast(Profile, module(name).PROFILE)


def load(name: str, setup: Setup | None = None) -> Provider:
    """The provider of that name, ready for use. Raises WrongUsage for settings that can't be right; details:
    key, the option's name or "number", "" where it is none of them."""
    return cast(Provider, module(name).connect(setup or Setup()))
