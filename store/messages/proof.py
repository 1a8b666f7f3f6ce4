"""What a board can file: what went to whom, when, by which channel, and what became of it.

Plain values: a text or an email with all that is known of it, and a line for each person, read as it is
wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from store.messages.model import LeftOut, Message, Purpose, Status
from store.sentences import Sentence

_WORST_FIRST = (
    *(Status.FAILED, Status.UNDELIVERED, Status.UNKNOWN, Status.CANCELLED),
    *(Status.QUEUED, Status.SENDING, Status.SENT, Status.DELIVERED),
)


@dataclass(frozen=True, slots=True)
class Proof:
    """All of a text or an email but its lines. id: the blast's, or the campaign's. channel: "sms", "mms" or
    "email". at: when it was sent off, or leaves; as_of: the account's present, at which the lines are told.
    country: ISO 3166-1 alpha-2, the account's.

    names: by which people know who wrote, () where that wasn't said. sender: its id, "" for the one that is
    built in; address: its number or email address, "" where it has none any more. service: who carried an
    email, as in `emails.model.SERVICES`; "" of a text. simulated: whether nothing of it left this machine,
    whatever its lines say. person: who sent it, "" whoever runs Textmeter on
    their own machine.

    purpose: what it is for; why: the reason of an emergency or of what was sent all the same, or "".
    by_email: whether the same words went out as an email too. subject: of an email. body: with its merge
    fields in place; as_sent: as the first person got it. files: the names of its pictures or attachments.
    people: how many it went to."""

    id: int
    channel: str
    at: datetime
    as_of: datetime
    timezone: str
    country: str
    names: tuple[str, ...]
    sender: str
    address: str
    person: str
    body: str
    as_sent: str
    people: int
    files: tuple[str, ...] = ()
    subject: str = ""
    service: str = ""
    simulated: bool = False
    purpose: Purpose = Purpose.NOTICE
    why: str = ""
    by_email: bool = False


LEFT_OUT = "left-out"
"""How somebody stands who was to get it and was left out."""


class ByEmail(NamedTuple):
    """How the email to somebody stands that goes with a text. to: "" where no address is known; the rest is
    as a `Line` has it."""

    to: str
    status: StrEnum | str
    reason: Sentence | None
    left_at: datetime | None


class Line(NamedTuple):
    """One person. to: a number (E.164) or an address; name: "" where none is known. status: as the message's
    or email's, or LEFT_OUT. segments: 0 of an email. reason: why it didn't arrive or nobody knows, else None.
    left_at: when it left, by the account's clock; None where it never did, or nobody knows. email: of an
    emergency, the email that goes with the text; None where none does."""

    to: str
    name: str
    status: StrEnum | str
    reason: Sentence | None
    segments: int
    left_at: datetime | None
    email: ByEmail | None = None

    @property
    def went(self) -> bool:
        """Whether it was for this person, one way or the other."""
        return self.status != LEFT_OUT or (self.email is not None and self.email.status != LEFT_OUT)


def lines(messages: Iterable[Message]) -> Iterator[Line]:
    """A line a person. messages: of a blast, in the order in which they are sent, so that the parts of a long
    text to one person follow one another; they stand as the worst of them does."""
    for to, group in groupby(messages, attrgetter("to")):
        parts = list(group)
        worst = min(parts, key=lambda part: _WORST_FIRST.index(part.status))
        left = [part.sent_at for part in parts if part.sent_at is not None]
        segments = sum(part.segments for part in parts)
        yield Line(to, worst.name, worst.status, worst.reason, segments, min(left, default=None))


def omitted(left_out: Iterable[LeftOut]) -> Iterator[Line]:
    """A line for each of those who were left out."""
    for one in left_out:
        known = one.contact != 0 and one.to != one.phone
        place = one.phone or ("" if known else one.to)
        yield Line(place, one.to if known else "", LEFT_OUT, one.reason, 0, None)
