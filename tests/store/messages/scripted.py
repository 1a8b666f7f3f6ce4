"""A provider that does as a test tells it, and remembers what it was given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from store.messages.providers import Accepted, Outcome, Outgoing, Receipt, Sent


class Scripted:
    """script: what becomes of a message; accepted where it says nothing. listed: numbers that a lookup finds.
    answers: the receipts that have come in. trouble: what is raised instead of telling either.

    given: the texts it was given; sought: the numbers it was asked to look up; asked: each time that it was
    asked for receipts, of which messages.
    """

    def __init__(self) -> None:
        self.script: Callable[[Outgoing], Outcome | None] = lambda outgoing: None
        self.given: list[Outgoing] = []
        self.listed: set[str] = set()
        self.answers: list[Receipt] = []
        self.trouble: Exception | None = None
        self.sought: list[str] = []
        self.asked: list[list[Sent]] = []

    def send(self, outgoing: Outgoing) -> Outcome:
        self.given.append(outgoing)
        return self.script(outgoing) or Accepted(f"provider-{outgoing.id}")

    def lookup(self, to: str, body: str, since: datetime) -> str | None:
        self.sought.append(to)
        if self.trouble:
            raise self.trouble
        return f"found-{to}" if to in self.listed else None

    def receipts(self, sent: Sequence[Sent], now: datetime) -> list[Receipt]:
        self.asked.append(list(sent))
        if self.trouble:
            raise self.trouble
        waiting = {one.id for one in sent}
        return [receipt for receipt in self.answers if receipt.id in waiting]
