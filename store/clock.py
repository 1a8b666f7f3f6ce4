"""What time it is. All instants are aware datetimes in UTC; a local date needs an account's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the present instant, aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands where it is put: demo databases, `--now` and tests."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(instant: datetime) -> int:
    """An aware instant as tables keep it: microseconds since 1970 in UTC."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def instant(micros: int) -> datetime:
    """A kept instant, aware and in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def local_date(instant: datetime, timezone: str) -> date:
    """The calendar date of an instant in a time zone (IANA name)."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def local_midnight(day: date, timezone: str) -> datetime:
    """The instant, in UTC, at which a local day starts.

    Where a zone skips midnight on that day, the first instant after the gap.
    """
    return datetime.combine(day, time.min, ZoneInfo(timezone)).astimezone(UTC)
