"""When it is a certain hour where somebody is. Pure: instants, hours and zones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from store.clock import zone as named_zone
from store.errors import WrongUsage
from store.sentences import sentence


def next_hour(now: datetime, hour: time, zone: str) -> datetime:
    """The first instant from now on, in UTC, at which clocks in a zone (IANA name) show an hour. Where they
    are put back and show it twice, the first of the two; where they are put forward over it, as much after
    the gap as it is into it."""
    here = named_zone(zone)
    today = now.astimezone(here).date()
    for days in range(-1, 4):  # from yesterday, whose last hour a gap may carry into today
        at = datetime.combine(today + timedelta(days=days), hour, here).astimezone(UTC)
        if at >= now:
            return at
    raise AssertionError(f"no {hour} within three days in {zone}")


def next_hour_in_all(now: datetime, hour: time, zones: Sequence[str]) -> datetime:
    """Likewise, of several zones that somebody may be in: when it has been that hour in the last of them, so
    that it is before that hour in none."""
    return max(next_hour(now, hour, zone) for zone in zones)


def hour_of_day(text: str) -> time | None:
    """An hour as commands take it, such as 09:30; None for "". Raises WrongUsage."""
    if not text:
        return None
    if (found := re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text)) is None:
        says = sentence("{hour} isn't a time of day. Write one like 09:30.", hour=text)
        raise WrongUsage(says, code="no-hour")
    return time(int(found[1]), int(found[2]))
