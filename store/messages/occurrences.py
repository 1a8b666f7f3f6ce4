"""The times at which a scheduled text leaves, once or again and again. Pure.

A repeated one is counted from its first time, never from its last: monthly from 31 January is on 28 February
and on 31 March. It keeps the hour that clocks show where the account is; where clocks skip that hour, it is
as much after the gap as the hour is into it.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from store.clock import local_time, zone
from store.messages.model import Repeat

_WEEK = timedelta(weeks=1)


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
