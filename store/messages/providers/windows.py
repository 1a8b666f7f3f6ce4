"""Reading what came in from a list that a provider keeps, newest first, in windows of time, oldest first: who
opted out and then in again is heard in that order, however much there is.

A window that holds too much to be read at once is halved until it doesn't, one try a call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeVar

OVERLAP = timedelta(minutes=10)
"""How far a provider's clock may be from ours, and how late something may appear in its list."""

_SHORTEST = timedelta(seconds=1)

T = TypeVar("T")


class Read(NamedTuple):
    """since, until: the window that is to be read (UTC)."""

    since: datetime
    until: datetime


def window(cursor: str, now: datetime) -> Read:
    """The window to read next. cursor: of the one before; "", or anything else, begins now."""
    settled = now - OVERLAP
    since, _, until = cursor.partition("/")
    # A clock that was set back must not leave a gap.
    return Read(min(_instant(since) or settled, settled), _instant(until) or now + OVERLAP)


def read(
    fetch: Callable[[datetime, datetime], tuple[Sequence[T], bool]], cursor: str, now: datetime
) -> tuple[Sequence[T], str, bool]:
    """What lies in the next window, the cursor behind it, and whether there is more already.

    fetch: what lies between two instants, and whether that is all.
    """
    since, until = window(cursor, now)
    found, is_all = fetch(since, until)
    if not is_all and until - since > _SHORTEST:
        return [], f"{since.isoformat()}/{(since + (until - since) / 2).isoformat()}", True
    behind = min(until, now - OVERLAP)
    return found, behind.isoformat(), since < behind < now - OVERLAP


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
