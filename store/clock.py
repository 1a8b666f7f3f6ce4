"""What time it is. All instants are aware datetimes in UTC; a local date needs an account's time zone."""

from __future__ import annotations

import time as machine
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Protocol
from zoneinfo import ZoneInfo

from store.errors import RefusedByRule, TextmeterError
from store.sentences import sentence

MOST_YEARS = 10
"""How far a demo clock is moved at once: every renewal on the way is processed."""


class UnknownZone(TextmeterError):
    """An account's time zone isn't among those of this machine."""

    default_code = "unknown-timezone"


class Clock(Protocol):
    """Tells the present instant, aware and in UTC."""

    def now(self) -> datetime:
        """The present of the session."""
        ...

    def of(self, account_id: int, stood: datetime | None) -> datetime:
        """The present of an account; 0 is one that isn't open yet. stood: where its demo clock stood last,
        None where it has none."""
        ...


class SystemClock:
    """The machine's clock. A demo clock stands."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def of(self, account_id: int, stood: datetime | None) -> datetime:
        return stood or self.now()


class FixedClock:
    """A clock that stands where it is put, for all accounts: demo data and tests."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

    def of(self, account_id: int, stood: datetime | None) -> datetime:
        return self.instant


class DemoClock:
    """The clock of a session: the machine's, until it is put where an account's demo clock stands. From there
    it goes on as real time does, or stands, and follows where another session moves it. All other accounts
    keep their own time meanwhile.
    """

    def __init__(self, *, goes_on: bool = True) -> None:
        self._goes_on = goes_on
        self._account_id: int | None = None
        self._put: tuple[datetime, float] | None = None
        self._floor = datetime.min.replace(tzinfo=UTC)

    @property
    def is_put(self) -> bool:
        """Whether it is a demo clock now."""
        return self._put is not None

    def put(self, instant: datetime, account_id: int | None = None, stood: datetime | None = None) -> None:
        """Puts it to an instant. account_id: whose demo clock it is; None while that account is opened.
        stood: where that stood before, which may be later."""
        self._account_id = account_id
        self._put = instant, machine.monotonic()
        self._floor = stood or instant

    def be_the_machines(self) -> None:
        """Ends the demo."""
        self._account_id = self._put = None

    def now(self) -> datetime:
        if self._put is None:
            return datetime.now(UTC)
        instant, put_at = self._put
        return instant + timedelta(seconds=machine.monotonic() - put_at) if self._goes_on else instant

    def of(self, account_id: int, stood: datetime | None) -> datetime:
        if stood is None:
            return datetime.now(UTC)
        if account_id != self._account_id:
            return stood
        if stood > max(self.now(), self._floor):  # another session moved it on
            self.put(stood, account_id)
        return self.now()


class Unmoved:
    """A clock as those have it who may not move demo clocks: these stand where they were left. clock: tells
    the time of all other accounts."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    def of(self, account_id: int, stood: datetime | None) -> datetime:
        return stood or self._clock.of(account_id, None)


_AS_OF: ContextVar[Mapping[int, datetime]] = ContextVar("as_of", default=MappingProxyType({}))


class AsOf:
    """A clock that, within a block, has an account's present at another instant: so what time brings on the
    way is done as it comes. clock: tells the time otherwise."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def now(self) -> datetime:
        return self.clock.now()

    def of(self, account_id: int, stood: datetime | None) -> datetime:
        return _AS_OF.get().get(account_id) or self.clock.of(account_id, stood)

    def is_put(self, account_id: int) -> bool:
        """Whether this is such a block."""
        return account_id in _AS_OF.get()

    @contextmanager
    def put(self, account_id: int, to: datetime) -> Iterator[None]:
        """Such a block."""
        before = _AS_OF.set({**_AS_OF.get(), account_id: to})
        try:
            yield
        finally:
            _AS_OF.reset(before)


def follow(clock: Clock, account_id: int, stood: datetime | None, to: datetime | None = None) -> None:
    """Has a session's clock tell an account's time from now on. stood: where its demo clock stood last, None
    where it has none. to: where it is moved."""
    if not isinstance(clock, DemoClock):
        return
    if stood is None:
        clock.be_the_machines()
    else:
        clock.put(to or stood, account_id, stood)


def check_move(stood: datetime, to: datetime, timezone: str) -> None:
    """Raises RefusedByRule for a demo clock that is to be moved too far at once. timezone: in which to tell
    where it stands."""
    if to - stood > timedelta(days=MOST_YEARS * 366):
        raise RefusedByRule(
            sentence(
                "A demo clock can move at most {years} years at a time, and it is at {stood}. "
                "Nothing was changed. Move it in several steps.",
                years=MOST_YEARS,
                stood=local_time(stood, timezone),
            ),
            code="too-far",
        )


def days_later(instant: datetime, days: int, timezone: str) -> datetime:
    """The same time of day so many local days later, in UTC; where a zone skips that time, the one after the
    gap. Raises OverflowError beyond the year 9999."""
    local = local_time(instant, timezone)
    return (local + timedelta(days=days)).astimezone(UTC)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(instant: datetime) -> int:
    """An aware instant as tables keep it: microseconds since 1970 in UTC."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def instant(micros: int) -> datetime:
    """A kept instant, aware and in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name. Raises UnknownZone where this machine has none of it."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise UnknownZone(
            sentence(
                "This computer doesn't know the time zone {timezone}. Nothing was changed. Install "
                "the time zone data: pip install tzdata.",
                timezone=name,
            )
        ) from None


def is_zone(name: str) -> bool:
    """Whether this machine knows a time zone of that name."""
    try:
        zone(name)
    except UnknownZone:
        return False
    return True


def local_time(instant: datetime, timezone: str) -> datetime:
    """An instant in a time zone (IANA name)."""
    return instant.astimezone(zone(timezone))


def local_date(instant: datetime, timezone: str) -> date:
    """The calendar date of an instant in a time zone (IANA name)."""
    return instant.astimezone(zone(timezone)).date()


def local_midnight(day: date, timezone: str) -> datetime:
    """The instant, in UTC, at which a local day starts.

    Where a zone skips midnight on that day, the first instant after the gap.
    """
    return datetime.combine(day, time.min, zone(timezone)).astimezone(UTC)
