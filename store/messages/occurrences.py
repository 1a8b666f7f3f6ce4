"""When a scheduled text leaves: the times of one that is repeated, and the hour of each recipient. Pure.

A repeated one is counted from its first time, never from its last: monthly from 31 January is on 28 February
and on 31 March. It keeps the hour that clocks show where the account is; where clocks skip that hour, it is
as much after the gap as the hour is into it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from store.clock import local_time, zone
from store.emails.schedule import next_hour_in_all
from store.errors import WrongUsage
from store.messages.model import Repeat
from store.sentences import sentence

_WEEK = timedelta(weeks=1)


def hour(text: str) -> time | None:
    """An hour of the day ("09:30"), None for "". Raises WrongUsage."""
    if not text:
        return None
    if (found := re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text)) is None:
        says = sentence("{hour} isn't an hour of the day. Write one like 09:30.", hour=text)
        raise WrongUsage(says, code="no-hour")
    return time(int(found[1]), int(found[2]))


def planned(starts: datetime, hour: time | None, zones: Sequence[str]) -> datetime:
    """When a text that leaves from an instant on leaves for somebody: then, or at an hour of their own day,
    in the last of the zones (IANA names) in which they may be."""
    return starts if hour is None else next_hour_in_all(starts, hour, zones)


class Repeated(NamedTuple):
    """A text that leaves first at an instant (UTC) and maybe again. timezone: the account's, in which days
    and hours are counted."""

    first: datetime
    repeat: Repeat
    timezone: str

    def time(self, number: int) -> datetime:
        """When it leaves; number: from 0, and 0 for what isn't repeated."""
        if not number:
            return self.first
        local = local_time(self.first, self.timezone)
        day = self._day(local.date(), number)
        return datetime.combine(day, local.time().replace(fold=0), zone(self.timezone)).astimezone(UTC)

    def _day(self, first: date, number: int) -> date:
        if self.repeat is Repeat.WEEKLY:
            return first + number * _WEEK
        years, months = divmod(first.month - 1 + number, 12)
        month = date(first.year + years, months + 1, 1)
        last = monthrange(month.year, month.month)[1]
        if self.repeat is Repeat.MONTHLY:
            return month.replace(day=min(first.day, last))
        # The third Tuesday; where there is no fifth one, the fourth is the last.
        day = 1 + (first.weekday() - month.weekday()) % 7 + (first.day - 1) // 7 * 7
        return month.replace(day=day if day <= last else day - 7)

    def begun(self, by: datetime) -> datetime:
        """The last time that has come by an instant; the first, where none has."""
        return self.time(self._number(by))

    def after(self, at: datetime) -> datetime | None:
        """The first time after an instant; None where it isn't repeated."""
        if at < self.first:
            return self.first
        return self.time(self._number(at) + 1) if self.repeat else None

    def _number(self, by: datetime) -> int:
        """Of the last time that has come."""
        if not self.repeat or by <= self.first:
            return 0
        if self.repeat is Repeat.WEEKLY:
            number = (by - self.first) // _WEEK + 1
        else:
            first, now = local_time(self.first, self.timezone), local_time(by, self.timezone)
            number = (now.year - first.year) * 12 + now.month - first.month + 1
        while self.time(number) > by:
            number -= 1
        return number
