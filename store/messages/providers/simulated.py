"""A provider that carries nothing: for the first day, for playing a rule through and for tests.

Texts are taken and delivered, and receipts come within a second to a minute, most of them early: when,
follows from the message's id alone, so that it is the same on every run, in every process and after every
crash.

Some numbers provoke another outcome, by their last four digits:

    0000  refused at once
    0001  accepted, but the answer is lost; a lookup finds it
    0002  the answer is lost, and a lookup can't tell either
    0003  accepted and not delivered
    0010  delivered, and answers STOP
    0011  delivered, and answers with a question
    0012  delivered, and answers "please stop texting me"
    0013  delivered, and answers with a picture
    0014  delivered without ever a receipt
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from store.messages.model import Status
from store.messages.providers import (
    Accepted,
    Called,
    CantTell,
    Event,
    Finding,
    Had,
    LookedUp,
    MediaFact,
    NoAnswer,
    Option,
    Outcome,
    Outgoing,
    Polled,
    Profile,
    Receipt,
    Refused,
    Reply,
    Request,
    Sent,
    Setup,
    Severity,
)
from store.sentences import sentence

DEMO_RATE = 400
"""Texts a second: fast enough for a demonstration, slow enough to see its progress."""

OPTIONS: Mapping[str, Option] = {}
PROFILE = Profile(per_second=DEMO_RATE, media=True)

_SLOWEST_RECEIPT = 60.0
"""Seconds."""

_ANSWERS: Mapping[str, tuple[str, tuple[MediaFact, ...]]] = {
    "0010": ("STOP", ()),
    "0011": ("What time would work for you?", ()),
    "0012": ("please stop texting me", ()),
    "0013": ("", (MediaFact("simulated:kitchen.jpg", "image/jpeg", 214_000),)),
}


class Simulated:
    """seed: another one gives another world. rate: texts a second, 0 for as fast as it goes."""

    def __init__(self, seed: str = "textmeter", rate: int = 0) -> None:
        self._key = seed.encode()
        self.profile = Profile(per_second=rate, media=True)

    def send(self, outgoing: Outgoing) -> Outcome:
        if outgoing.to.endswith(("0001", "0002")):
            return NoAnswer()
        if outgoing.to.endswith("0000"):
            return Refused("no-such-number")
        return Accepted(f"simulated-{outgoing.id}")

    def lookup(self, outgoing: Outgoing, since: datetime) -> LookedUp:
        return Had(f"simulated-{outgoing.id}") if outgoing.to.endswith("0001") else CantTell()

    def poll(self, asked: Sequence[Sent], cursor: str, now: datetime) -> Polled:
        events = list[Event]()
        for one in asked:
            if one.sent_at + self._delay(one.id) <= now and not one.to.endswith("0014"):
                events.append(self._receipt(one))
                events += self._answers(one)
        return Polled(events)

    def receive(self, request: Request) -> Called:
        return Called(())

    def check(self) -> Iterator[Finding]:
        says = sentence("Texts are simulated: none are really sent.")
        what_to_do = sentence("Set up a sender with `textmeter sender set` to reach real phones.")
        yield Finding(Severity.WARNING, says, what_to_do)

    def _receipt(self, sent: Sent) -> Receipt:
        if sent.to.endswith("0003"):
            return self._ended(sent, Status.UNDELIVERED, "unreachable")
        return self._ended(sent, Status.DELIVERED)

    def _ended(self, sent: Sent, status: Status, reason: str = "") -> Receipt:
        return Receipt(f"{sent.id}:{status}", status, sent.id, sent.provider_id, reason)

    def _answers(self, sent: Sent) -> Sequence[Reply]:
        """What the person writes back."""
        if found := _ANSWERS.get(sent.to[-4:]):
            body, media = found
            return [Reply(f"{sent.id}:reply", sent.to, body, sent.sent_at + self._delay(sent.id), media)]
        return ()

    def _delay(self, message: int) -> timedelta:
        return timedelta(seconds=1 + (_SLOWEST_RECEIPT - 1) * self._chance(message, "delay") ** 3)

    def _chance(self, message: int, of: str) -> float:
        """A number from 0 up to 1, always the same for a message."""
        digest = blake2b(f"{of}:{message}".encode(), key=self._key, digest_size=4).digest()
        return int.from_bytes(digest) / 2**32


def connect(setup: Setup) -> Simulated:
    """As the app uses it."""
    return Simulated(rate=DEMO_RATE)
