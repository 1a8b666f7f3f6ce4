"""When a step of a SmartPlan is due. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from store.clock import local_midnight
from store.people.hours import next_hour


def due(started: date, days: int, hour: str, *, home: str, zones: Sequence[str], after: datetime) -> datetime:
    """So many days after the start, at an hour ("HH:MM") of the recipient's own day, or as the day begins
    where the account is; never before another instant, which is when the step before it was due: where the
    hour is over by then, it is that of the next day. home: the account's time zone; zones: in which the
    recipient may be (IANA names); it is that hour in the last of them."""
    day = started + timedelta(days=days)
    if not hour:
        return max(local_midnight(day, home), after)
    at = time.fromisoformat(hour)
    return max(next_hour(max(local_midnight(day, zone), after), at, zone) for zone in zones)


def shifted(shift: int, paused_on: str, started: date, today: date) -> int:
    """By how many days all is later for somebody who was paused from a day (ISO) until today, or from when
    they were put on the plan, where that was later."""
    return shift + max((today - max(date.fromisoformat(paused_on), started)).days, 0)
