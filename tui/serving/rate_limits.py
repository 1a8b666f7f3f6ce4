"""How much a server lets in: so many sessions in all and by address, so many attempts by address."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from store.sentences import sentence

NO_PLACE = sentence("There are as many sessions here as there may be. Try again in a while.")
STOPPING = sentence("The server is being stopped.")
"""Why somebody is turned away."""


@dataclass(frozen=True, slots=True)
class Limits:
    """sessions, sessions_by_address: at once. attempts: connections and refused sign-ins of an address in a
    minute, as many of them at once. idle, longest: seconds of a session without a key, and in all."""

    sessions: int = 100
    sessions_by_address: int = 20
    attempts: int = 60
    idle: float = 15 * 60
    longest: float = 4 * 60 * 60

    def end(self, began: float, touched: float) -> float:
        """When a session is over that began then and was typed in last then, by the same clock in seconds."""
        return min(touched + self.idle, began + self.longest)

    def was_idle(self, seconds: float) -> bool:
        """Whether a session in which nothing was typed for so long ended for that: it keeps its time by
        itself, and may be a moment early by our clock."""
        return seconds >= self.idle - 1


class Buckets:
    """Token buckets by address: each holds as many as its address may take in a minute, and fills again
    steadily. now: tells the time in seconds."""

    MOST_KEPT = 10_000
    """Addresses that are remembered; the fullest buckets, which say least, are forgotten first."""

    def __init__(self, a_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._a_minute = a_minute
        self._now = now
        self._left: dict[str, tuple[float, float]] = {}  # tokens, and when there were so many

    def take(self, address: str) -> bool:
        """Takes a token, if there is one."""
        now = self._now()
        left = self._filled(address, now)
        if left < 1:
            return False
        if address not in self._left and len(self._left) >= self.MOST_KEPT:
            self._forget(now)
        self._left[address] = left - 1, now
        return True

    def _filled(self, address: str, now: float) -> float:
        left, then = self._left.get(address, (float(self._a_minute), now))
        return min(left + (now - then) * self._a_minute / 60, self._a_minute)

    def _forget(self, now: float) -> None:
        fullest = sorted(self._left, key=lambda address: -self._filled(address, now))
        for address in fullest[: self.MOST_KEPT // 2]:
            del self._left[address]


class Places:
    """The sessions that go on at once, by the address of each."""

    def __init__(self, in_all: int, by_address: int) -> None:
        self._in_all = in_all
        self._by_address = by_address
        self._taken: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        return self._taken.total()

    def is_one_for(self, address: str) -> bool:
        """Whether there is a place."""
        return self.taken < self._in_all and self._taken[address] < self._by_address

    def take(self, address: str) -> bool:
        """Takes a place, if there is one."""
        if not self.is_one_for(address):
            return False
        self._taken[address] += 1
        return True

    def give_back(self, address: str) -> None:
        self._taken[address] -= 1
        if not self._taken[address]:
            del self._taken[address]
