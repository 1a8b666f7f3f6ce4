"""How many texts a sender may hand over, and how fast: its pace, and its caps for a day and a month."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from store.clock import Clock, instant, micros
from store.database import Database  # isort: split

from peewee import fn

from store.messages import pace
from store.messages.pace import Allowance
from store.messages.providers import Provider
from store.messages.tables import Sender as _Sender
from store.messages.tables import SenderDay as _Day
from store.messages.tables import SenderPerson as _Person

SECOND = 1_000_000
"""Microseconds."""

_GONE = 60.0
"""Seconds after which it is looked again whether a sender that isn't there any more came back."""

_COUNT = (
    "INSERT INTO sender_day (sender, day, texts) VALUES (?, ?, ?) "
    "ON CONFLICT (sender, day) DO UPDATE SET texts = sender_day.texts + excluded.texts"
)


@dataclass(frozen=True, slots=True)
class Leaving:
    """When the texts of a draft will leave. first, last: UTC, at the sender's pace, as far as today's cap
    lets them. beyond_today: how many have to wait for another day; beyond_month: how many people the month's
    cap has no room for."""

    first: datetime
    last: datetime
    beyond_today: int = 0
    beyond_month: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """How much a sender may hand over now. texts: so many; wait: else, seconds until it may again."""

    texts: int
    wait: float = 0.0


class Caps:
    """Counts in the database, so that all workers share a sender's. built_in: who carries texts without a
    sender, whose pace is each worker's own."""

    def __init__(self, database: Database, real: Clock, built_in: Callable[[], Provider]) -> None:
        self._database = database
        self._clock = real
        self._built_in = built_in
        self._free_at = 0

    def room(self, id: str, wanted: int) -> Room:
        """How many texts may leave now by pace and today's cap. Within the transaction that takes them, which
        nobody else interferes with: the sender is locked."""
        now = micros(self._clock.now())
        if not id:
            between = interval(self._built_in().profile.per_second)
            granted = pace.grant(self._free_at, between, now, wanted)
            return Room(granted.texts, granted.wait / SECOND)
        sender = _Sender.select().where(_Sender.id == id)
        row = next(iter(self._database.fetch(self._database.locking(sender))), None)
        if row is None:
            return Room(0, _GONE)
        if row.per_day:
            left = row.per_day - self.today(id)
            if left <= 0:
                return Room(0, until_midnight(self._clock.now()))
            wanted = min(wanted, left)
        granted = pace.grant(row.free_at, row.interval, now, wanted)
        return Room(granted.texts, granted.wait / SECOND)

    def took(self, id: str, phones: Collection[str]) -> frozenset[str]:
        """Counts texts that leave now, one for each of these numbers, in the same transaction. Those that
        mustn't, since the sender may text no more people this month."""
        now = self._clock.now()
        if not id:
            between = interval(self._built_in().profile.per_second)
            self._free_at = pace.grant(self._free_at, between, micros(now), len(phones)).free_at
            return frozenset()
        row = self._row(id)
        over = self._over_the_month(row, phones, now) if row.people_a_month else frozenset()
        count = sum(phone not in over for phone in phones)
        if row.interval:
            free_at = pace.grant(row.free_at, row.interval, micros(now), count).free_at
            self._database.run(_Sender.update(free_at=free_at).where(_Sender.id == id))
        if count:
            self._database.execute(_COUNT, (id, day(now), count))
        return over

    def allowance(self, id: str) -> Allowance:
        """What a sender may still send."""
        row = self._row(id) if id else None
        if row is None:
            return Allowance(interval(self._built_in().profile.per_second))
        left = max(0, row.per_day - self.today(id)) if row.per_day else None
        return Allowance(row.interval, left, row.per_day)

    def leaving(self, id: str, texts: int, phones: Collection[str] = ()) -> Leaving:
        """When so many texts to these numbers will leave, if they were sent now: before anything that waits
        already is counted."""
        now = self._clock.now()
        if not id:
            between = interval(self._built_in().profile.per_second)
            return Leaving(now, instant(pace.leaves(0, between, micros(now), texts)))
        with self._database.connection():
            row = self._row(id)
            left = row.per_day - self.today(id) if row.per_day else texts
            new = len(self._new_people(row, phones, now)) if row.people_a_month else 0
            room = row.people_a_month - self._people(id, now) if row.people_a_month else new
        today = max(0, min(texts, left))
        first = instant(pace.leaves(row.free_at, row.interval, micros(now), min(1, today)))
        last = instant(pace.leaves(row.free_at, row.interval, micros(now), today))
        return Leaving(first, last, texts - today, max(0, new - max(0, room)))

    def _over_the_month(self, row: Any, phones: Collection[str], now: datetime) -> frozenset[str]:
        """Notes whom it texts this month, as many as it may; the others."""
        new = self._new_people(row, phones, now)
        may = max(0, row.people_a_month - self._people(row.id, now))
        self._database.executemany(
            "INSERT INTO sender_person (sender, month, phone) VALUES (?, ?, ?)",
            [(row.id, _month(now), phone) for phone in new[:may]],
        )
        return frozenset(new[may:])

    def _new_people(self, row: Any, phones: Collection[str], now: datetime) -> list[str]:
        known = _Person.select(_Person.phone).where(
            _Person.sender == row.id,
            _Person.month == _month(now),
            self._database.among(_Person.phone, phones),
        )
        there = {one.phone for one in self._database.fetch(known)}
        return [phone for phone in dict.fromkeys(phones) if phone not in there]

    def _people(self, id: str, now: datetime) -> int:
        counted = _Person.select(fn.COUNT(_Person.phone)).where(
            _Person.sender == id, _Person.month == _month(now)
        )
        return int(self._database.scalar(counted))

    def today(self, id: str) -> int:
        """How many texts it handed over today."""
        today = _Day.select(_Day.texts).where(_Day.sender == id, _Day.day == day(self._clock.now()))
        return int(self._database.scalar(today) or 0)

    def _row(self, id: str) -> Any:
        return self._database.first(_Sender.select().where(_Sender.id == id))


def interval(per_second: float) -> int:
    """Microseconds between two texts."""
    return round(SECOND / per_second) if per_second else 0


def day(now: datetime) -> str:
    """A day, by UTC."""
    return now.astimezone(UTC).date().isoformat()


def _month(now: datetime) -> str:
    return day(now)[:7]


def until_midnight(now: datetime) -> float:
    """Seconds until the next day (UTC) begins."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (midnight - now).total_seconds()
