"""A provider that carries nothing: for the first day, for playing a rule through and for tests.

Texts are taken and delivered, and receipts come within a second to a minute, most of them early: when,
follows from the message's id alone, so that it is the same on every run, in every process and after every
crash.

Some numbers provoke another outcome, by their last four digits:

    0000  refused at once
    0001  accepted, but the answer is lost; a lookup finds it
    0002  the answer is lost, and a lookup can't tell either
    0003  accepted and not delivered
    0014  delivered without ever a receipt
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from store.messages.model import Status
from store.messages.providers import Accepted, NoAnswer, Outcome, Outgoing, Receipt, Refused, Sent

DEMO_RATE = 400
"""Texts a second: fast enough for a demonstration, slow enough to see its progress."""

_SLOWEST_RECEIPT = 60.0
"""Seconds."""


class Simulated:
    """seed: another one gives another world. rate: texts a second, 0 for as fast as it goes."""

    def __init__(self, seed: str = "textmeter", rate: int = 0) -> None:
        self._key = seed.encode()
        self._pause = 1 / rate if rate else 0.0

    def send(self, outgoing: Outgoing) -> Outcome:
        if self._pause:
            time.sleep(self._pause)
        if outgoing.to.endswith(("0001", "0002")):
            return NoAnswer()
        if outgoing.to.endswith("0000"):
            return Refused("no-such-number")
        return Accepted(f"simulated-{outgoing.id}")

    def lookup(self, to: str, body: str, since: datetime) -> str | None:
        return f"simulated-{to}-{since.isoformat()}" if to.endswith("0001") else None

    def receipts(self, sent: Sequence[Sent], now: datetime) -> list[Receipt]:
        return [
            self._receipt(one)
            for one in sent
            if one.sent_at + self._delay(one.id) <= now and not one.to.endswith("0014")
        ]

    def _receipt(self, sent: Sent) -> Receipt:
        if sent.to.endswith("0003"):
            return Receipt(sent.id, Status.UNDELIVERED, "unreachable")
        return Receipt(sent.id, Status.DELIVERED)

    def _delay(self, message: int) -> timedelta:
        return timedelta(seconds=1 + (_SLOWEST_RECEIPT - 1) * self._chance(message, "delay") ** 3)

    def _chance(self, message: int, of: str) -> float:
        """A number from 0 up to 1, always the same for a message."""
        digest = blake2b(f"{of}:{message}".encode(), key=self._key, digest_size=4).digest()
        return int.from_bytes(digest) / 2**32


def connect() -> Simulated:
    """As the app uses it."""
    return Simulated(rate=DEMO_RATE)
