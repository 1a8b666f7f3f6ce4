"""A sender's pace, pure: the generic cell rate algorithm, a token bucket in one number."""

from __future__ import annotations

from typing import NamedTuple

BURST = 100_000
"""Microseconds: so much of the pace may be made up for at once, a tenth of a second's worth."""


class Allowance(NamedTuple):
    """What a sender may still send, for an estimate. interval: microseconds between two texts, 0 without a
    limit. left_today: texts, None without a limit, and per_day: on every other day."""

    interval: int = 0
    left_today: int | None = None
    per_day: int = 0


class Granted(NamedTuple):
    """texts: how many may leave now; free_at: the bucket's new state; wait: microseconds until the next one
    may, where none is granted."""

    texts: int
    free_at: int
    wait: int


def grant(free_at: int, interval: int, now: int, wanted: int) -> Granted:
    """How many of the texts that are wanted may leave now. All in microseconds; interval: between two texts,
    0 without a limit."""
    if not interval:
        return Granted(wanted, free_at, 0)
    begins = max(free_at, now - max(BURST, interval) + interval)
    texts = min(wanted, max(0, (now - begins) // interval + 1))
    return Granted(texts, begins + texts * interval, 0 if texts else begins - now)


def leaves(free_at: int, interval: int, now: int, texts: int) -> int:
    """When the last of so many texts will have left, in microseconds since 1970."""
    if not interval or texts < 1:
        return now
    begins = max(free_at, now - max(BURST, interval) + interval)
    return max(now, begins + (texts - 1) * interval)
