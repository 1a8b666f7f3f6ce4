"""A provider that does as a test tells it, and remembers what it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from store.messages.model import Status
from store.messages.providers import (
    Accepted,
    Called,
    CantTell,
    Event,
    Finding,
    Had,
    LookedUp,
    NeverHad,
    Outcome,
    Outgoing,
    Polled,
    Profile,
    Receipt,
    Request,
    Sent,
)


def ended(message: int, status: Status, reason: str = "") -> Receipt:
    """A receipt by our own id."""
    return Receipt(f"{message}:{status}", status, message, reason=reason)


class Taking:
    """A provider that takes everything and never tells anything."""

    profile = Profile()

    def send(self, outgoing: Outgoing) -> Outcome:
        return Accepted(f"provider-{outgoing.id}")

    def lookup(self, outgoing: Outgoing, since: datetime) -> LookedUp:
        return CantTell()

    def poll(self, asked: Sequence[Sent], cursor: str, now: datetime) -> Polled:
        return Polled(())

    def receive(self, request: Request) -> Called:
        return Called(())

    def check(self) -> Iterator[Finding]:
        return iter(())


class Scripted(Taking):
    """script: what becomes of a message; accepted where it says nothing. listed: numbers that a lookup finds;
    never: those that it never had. answers: the receipts that have come in; tells: what else has. trouble:
    what is raised instead of telling any of these.

    given: the texts it was given; sought: the numbers it was asked to look up; asked: each time that it was
    asked for receipts, of which messages.
    """

    def __init__(self, profile: Profile = Taking.profile) -> None:
        self.profile = profile
        self.script: Callable[[Outgoing], Outcome | None] = lambda outgoing: None
        self.given: list[Outgoing] = []
        self.listed: set[str] = set()
        self.never: set[str] = set()
        self.answers: list[Receipt] = []
        self.tells: list[Event] = []
        self.trouble: Exception | None = None
        self.sought: list[str] = []
        self.asked: list[list[Sent]] = []

    def send(self, outgoing: Outgoing) -> Outcome:
        self.given.append(outgoing)
        return self.script(outgoing) or super().send(outgoing)

    def lookup(self, outgoing: Outgoing, since: datetime) -> LookedUp:
        self.sought.append(outgoing.to)
        if self.trouble:
            raise self.trouble
        if outgoing.to in self.never:
            return NeverHad()
        return Had(f"found-{outgoing.to}") if outgoing.to in self.listed else CantTell()

    def poll(self, asked: Sequence[Sent], cursor: str, now: datetime) -> Polled:
        if asked:
            self.asked.append(list(asked))
        if self.trouble:
            raise self.trouble
        waiting = {one.id for one in asked}
        return Polled([*(one for one in self.answers if one.message in waiting), *self.tells])
