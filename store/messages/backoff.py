"""How long the delivery worker leaves a provider alone."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

GIVEN_UP_AFTER = timedelta(days=5)
"""Longer than carriers try to reach a phone, and keep what became of a text."""

NO_RECEIPT_AFTER = timedelta(days=3)
"""Then a text that costs when it is delivered counts as delivered, if no receipt says otherwise (rules,
1)."""

SOONEST = timedelta(seconds=1)
LATEST = timedelta(hours=6)

SETTLED_AFTER = timedelta(minutes=1)
"""From the end of a message to the first question what it came to, for providers that tell that later."""

LONGEST_WAIT = 60.0
"""Seconds between two tries while a provider is in trouble."""


def next_asked(since: datetime, now: datetime, *, answered: bool = True) -> datetime | None:
    """When a provider is asked the next time what became of a message of `since`: after a quarter of the time
    that has passed, which is seconds at first, then minutes, then hours. None: not any more; but nobody gives
    up on what couldn't be asked. answered: whether the provider answered the last time."""
    passed = now - since
    if answered and passed >= GIVEN_UP_AFTER:
        return None
    return now + min(max(passed / 4, SOONEST), LATEST)


def before_trying_again(seconds: float, times: int) -> float:
    """Seconds, after a provider was in trouble so many times in a row: doubling, and with jitter, so that
    several workers don't come back at the same moment."""
    if times < 1:
        return 0.0
    return min(seconds * 2.0 ** min(times - 1, 16), LONGEST_WAIT) * random.uniform(0.5, 1.0)
