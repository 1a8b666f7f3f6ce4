"""When it is a certain hour where somebody is. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from store import clock


def next_hour(now: datetime, hour: str, zone: str) -> datetime:
    """The first instant from now on, in UTC, at which a day there has come to an hour ("HH:MM"): where the
    clock leaves that hour out, the one after the gap; where it comes twice, the first. zone: an IANA name."""
    there = clock.zone(zone)
    day = now.astimezone(there).date()
    while True:
        at = datetime.combine(day, time.fromisoformat(hour), there).astimezone(UTC)
        if at >= now:
            return at
        day += timedelta(days=1)
