"""How much a server lets in: so many sessions in all and by address, so many attempts by address."""

from __future__ import annotations

import ipaddress
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from store.sentences import sentence

NO_PLACE = sentence("The maximum number of sessions is open. Try again later.")
STOPPING = sentence("The server is stopping.")
"""Why somebody is turned away."""


T = TypeVar("T")


def network(address: str) -> str:
    """What counts as one address: of IPv6, the /64 that a single household or machine gets."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def one_too_many(waiting: Iterable[tuple[T, str]], limits: Limits) -> T | None:
    """Of connections on which no session goes on, oldest first and each with its address: the one that has to
    go for the sake of those that came after it, if there are too many. A connection that comes thus always
    gets its moment to sign in, whoever holds how many others."""
    by_network: dict[str, list[T]] = {}
    everybody: list[T] = []
    for connection, address in waiting:
        everybody.append(connection)
        by_network.setdefault(network(address), []).append(connection)
    for connections in by_network.values():
        if len(connections) > 2 * limits.sessions_by_address + 10:
            return connections[0]
    return everybody[0] if len(everybody) > 2 * limits.sessions + 50 else None


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

    def has_one(self, address: str) -> bool:
        """Whether a token is left."""
        return self._filled(network(address), self._now()) >= 1

    def take(self, address: str) -> bool:
        """Takes a token, if there is one."""
        address, now = network(address), self._now()
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
        address = network(address)
        return self.taken < self._in_all and self._taken[address] < self._by_address

    def take(self, address: str) -> bool:
        """Takes a place, if there is one."""
        if not self.is_one_for(address):
            return False
        self._taken[network(address)] += 1
        return True

    def give_back(self, address: str) -> None:
        address = network(address)
        self._taken[address] -= 1
        if not self._taken[address]:
            del self._taken[address]


class Guesses:
    """Wrong passwords: an address waits longer after each, and of all together only so many are looked at in
    a minute. now: tells the time in seconds."""

    IN_A_MINUTE = 60
    FREE = 3
    """Wrong ones of an address after which it doesn't wait yet."""
    LONGEST = 15 * 60.0
    """Seconds that an address waits at most, and after which its wrong ones are forgotten, too."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._all = Buckets(self.IN_A_MINUTE, now)
        self._wrong: dict[str, tuple[int, float]] = {}  # how many, and when the last one was

    def may_try(self, address: str) -> bool:
        """Whether a password of that address is looked at now."""
        count, last = self._wrong.get(network(address), (0, 0.0))
        if count >= self.FREE and self._now() < last + min(2.0 ** (count - self.FREE), self.LONGEST):
            return False
        return self._all.take("")

    def was_wrong(self, address: str) -> None:
        now = self._now()
        if len(self._wrong) >= Buckets.MOST_KEPT:
            self._wrong = {
                each: (count, last)
                for each, (count, last) in self._wrong.items()
                if now < last + self.LONGEST and count > self.FREE
            }
        count, last = self._wrong.get(network(address), (0, now))
        self._wrong[network(address)] = (count if now < last + self.LONGEST else 0) + 1, now

    def was_right(self, address: str) -> None:
        self._wrong.pop(network(address), None)
