"""A provider that carries nothing: for the first day, for demonstrations and for tests.

What becomes of a message follows from a seed and the message's id alone, so that it is the same on every run,
in every process and after every crash. Receipts come within a second to a minute, most of them early; some
messages aren't delivered, and a few are refused at once.

Some numbers provoke an outcome, by their last four digits:

    0000  refused at once
    0001  accepted, but the answer is lost; a lookup finds it
    0002  the answer is lost, and a lookup can't tell either
    0003  accepted and not delivered
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

_REFUSED_PERMILLE = 2
_UNDELIVERED_PERMILLE = 20
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
        if outgoing.to.endswith("0000") or self._chance(outgoing.id, "refused") * 1000 < _REFUSED_PERMILLE:
            return Refused("no-such-number")
        return Accepted(f"simulated-{outgoing.id}")

    def lookup(self, to: str, body: str, since: datetime) -> str | None:
        return f"simulated-{to}-{since.isoformat()}" if to.endswith("0001") else None

    def receipts(self, sent: Sequence[Sent], now: datetime) -> list[Receipt]:
        return [self._receipt(one) for one in sent if one.sent_at + self._delay(one.id) <= now]

    def _receipt(self, sent: Sent) -> Receipt:
        chance = self._chance(sent.id, "delivered") * 1000
        if not sent.to.endswith("0003") and chance >= _UNDELIVERED_PERMILLE:
            return Receipt(sent.id, Status.DELIVERED)
        return Receipt(sent.id, Status.UNDELIVERED, "blocked" if chance % 2 < 1 else "unreachable")

    def _delay(self, message: int) -> timedelta:
        return timedelta(seconds=1 + (_SLOWEST_RECEIPT - 1) * self._chance(message, "delay") ** 3)

    def _chance(self, message: int, of: str) -> float:
        """A number from 0 up to 1, always the same for a message."""
        digest = blake2b(f"{of}:{message}".encode(), key=self._key, digest_size=4).digest()
        return int.from_bytes(digest) / 2**32


def connect() -> Simulated:
    """As the app uses it."""
    return Simulated(rate=DEMO_RATE)
