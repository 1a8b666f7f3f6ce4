"""When a marketing text may reach somebody, by the quiet hours of where they are (rules, 4b). Pure.

It may while it is open, by the area's hours, in every zone in which they may be. Zones that are never open
together within a week (of UTC, from Monday) are too far apart for that: in such a week it may while as many
of them are open as ever are at once.

A time of day is what a clock on the wall shows. So what begins within an hour that clocks skip begins after
it, and an hour that comes twice is open both times or neither.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from store.clock import zone
from store.people.zones import Whereabouts

HOLIDAY = 7
"""A day of the rules, beside those of the week: 0 is Monday."""
ANYWHERE = "*"
"""The area of those for whom there is no rule of their own."""

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_MOST_WEEKS = 60
"""Within which every weekday comes that is no holiday."""

Span: TypeAlias = tuple[datetime, datetime]


class Hours(NamedTuple):
    """Minutes after midnight: from `opens` until before `closes`; both 0 on a day on which it never is."""

    opens: int
    closes: int


class QuietHours:
    """rules: the hours of areas (`Whereabouts.area`, or ANYWHERE, which has all days of the week) by the day,
    0 to 6 or HOLIDAY. A day that a state has no rule for is as in its country, and one that a country has
    none for as anywhere."""

    def __init__(self, rules: Mapping[str, Mapping[int, Hours]]) -> None:
        self._rules = rules
        self._opens = lru_cache(maxsize=10_000)(self._find_opens)
        self._spans = lru_cache(maxsize=10_000)(self._find_spans)
        self._spans_in = lru_cache(maxsize=10_000)(self._find_spans_in)
        self._hours = lru_cache(maxsize=10_000)(self._find_hours)

    def opens(self, at: datetime, where: Whereabouts) -> datetime:
        """The first instant, in UTC, from an aware one on, at which a text may reach somebody."""
        return self._opens(at, where)

    def closes(self, at: datetime, where: Whereabouts) -> datetime:
        """Until when a text may reach somebody (at this instant it may no more), from an instant at which it
        may; that itself, if it may not. Looks some two weeks ahead, and no further where it never closes."""
        at = at.astimezone(UTC)
        week, area = _monday(at), self._ruling(where.area)
        until = at
        for monday in (week, week + _WEEK, week + 2 * _WEEK):
            for opens, closes in self._spans(where.zones, area, monday):
                if opens <= until < closes:
                    until = closes
        return until

    def _find_opens(self, at: datetime, where: Whereabouts) -> datetime:
        at = at.astimezone(UTC)
        week, area = _monday(at), self._ruling(where.area)
        for ahead in range(_MOST_WEEKS):
            spans = self._spans(where.zones, area, week + ahead * _WEEK)
            next_one = bisect_right(spans, at, key=lambda span: span[1])
            if next_one < len(spans):
                return max(at, spans[next_one][0])
        raise ValueError(f"no rule of {where.area} ever opens")

    def _ruling(self, area: str) -> str:
        """The area whose rules hold for one; that itself where they speak of its holidays."""
        if self._speaks_of_holidays(area):
            return area
        return next((key for key in chain(area) if key in self._rules), ANYWHERE)

    def _find_spans(self, zones: tuple[str, ...], area: str, monday: datetime) -> Sequence[Span]:
        """When it is open within a week, in order."""
        each = [self._spans_in(zone, area, monday) for zone in zones]
        return each[0] if len(each) == 1 else _most_together(each)

    def _find_spans_in(self, name: str, area: str, monday: datetime) -> Sequence[Span]:
        """Likewise, in one zone."""
        there, end = zone(name), monday + _WEEK
        turns = {monday, end}
        for ahead in range(-1, 9):
            day = monday.date() + ahead * _DAY
            for minutes in self._hours(area, day):
                turns.update(turn for turn in _instants(there, day, minutes) if monday < turn < end)
        return _merged(
            (start, until) for start, until in pairwise(sorted(turns)) if self._is_open(start, there, area)
        )

    def _is_open(self, at: datetime, there: ZoneInfo, area: str) -> bool:
        local = at.astimezone(there)
        hours = self._hours(area, local.date())
        return hours.opens <= local.hour * 60 + local.minute < hours.closes

    def _find_hours(self, area: str, day: date) -> Hours:
        own = [self._rules[key] for key in chain(area) if key in self._rules]
        is_holiday = self._speaks_of_holidays(area) and day in _holidays(area, day.year)
        days = (HOLIDAY, day.weekday()) if is_holiday else (day.weekday(),)
        return next(rules[kind] for kind in days for rules in own if kind in rules)

    def _speaks_of_holidays(self, area: str) -> bool:
        return any(HOLIDAY in self._rules.get(key, ()) for key in chain(area))


def chain(area: str) -> tuple[str, ...]:
    """Whose rules hold for an area, those that go before others first."""
    return area, area[:2], ANYWHERE


@lru_cache(maxsize=1_000)
def _holidays(area: str, year: int) -> frozenset[date]:
    """The public holidays of a country or state, kept or observed."""
    from holidays import country_holidays  # takes a tenth of a second

    country, _, state = area.partition("-")
    return frozenset(country_holidays(country, subdiv=state or None, years=year))


def _most_together(each: Sequence[Sequence[Span]]) -> Sequence[Span]:
    """When as many of several zones are open as ever are at once."""
    changes = Counter[datetime]()
    for spans in each:
        for opens, closes in spans:
            changes[opens] += 1
            changes[closes] -= 1
    count, counted = 0, list[tuple[datetime, int]]()
    for at in sorted(changes):
        count += changes[at]
        counted.append((at, count))
    most = max((count for _, count in counted), default=0)
    return _merged((at, until) for (at, count), (until, _) in pairwise(counted) if count == most)


def _merged(spans: Iterator[Span]) -> Sequence[Span]:
    """Spans in order, those that touch as one."""
    merged: list[Span] = []
    for start, until in spans:
        if merged and merged[-1][1] == start:
            start = merged.pop()[0]
        merged.append((start, until))
    return merged


def _monday(at: datetime) -> datetime:
    """When its week began, of UTC."""
    return datetime.combine(at.date() - at.weekday() * _DAY, time.min, UTC)


def _instants(there: ZoneInfo, day: date, minutes: int) -> Iterator[datetime]:
    """When clocks show so many minutes after a day's midnight, and when they are changed if they skip that or
    show it twice."""
    wall = datetime.combine(day, time.min) + timedelta(minutes=minutes)
    first, second = (wall.replace(tzinfo=there, fold=fold).astimezone(UTC) for fold in (0, 1))
    yield first
    if first != second:
        yield second
        yield _change(there, min(first, second), max(first, second))


def _change(there: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first instant at which clocks show another time than they would by an earlier one's offset."""
    offset = before.astimezone(there).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(there).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
