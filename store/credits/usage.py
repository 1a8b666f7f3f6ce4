"""What was used of a period, and the pace at which the rest lasts until its end: pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from store.credits.model import Lot, Period, Use
from store.credits.notices import permille


@dataclass(frozen=True, slots=True)
class Pace:
    """Credits a day, rounded down.

    even: what could be used on each day of a period, so that all of it lasts until its end. so_far: what was
    used a day, today included. from_now: what can be used on each day that is left of it, today included;
    None for a period that is over.
    """

    even: int
    so_far: int
    from_now: int | None


@dataclass(frozen=True, slots=True)
class Usage:
    """What became of a period's credits, up to a local day.

    since: the first day of it on which there was an account. days: each day of the period up to that one,
    with what was used on it by use, where anything was. left, held: now, or at the end of a period that is
    over (when nothing counts as held). expires: what is going to expire by its end, or did in one that is
    over, by the day.
    """

    period: Period
    since: date
    today: date
    days: Mapping[date, Mapping[Use, int]]
    left: int
    held: int
    expires: Mapping[date, int]

    @property
    def over(self) -> bool:
        return self.today >= self.period.ends

    @property
    def used(self) -> int:
        return self.period.used

    @property
    def capacity(self) -> int:
        return self.used + self.held + self.left

    @property
    def permille(self) -> int:
        """Used and held in a thousandth of the capacity, rounded down."""
        return permille(self.used + self.held, self.left)

    @property
    def pace(self) -> Pace | None:
        had = replace(self.period, starts=self.since)
        return pace(had, self.used + self.held, self.left, self.today)


def pace(period: Period, used: int, left: int, today: date) -> Pace | None:
    """The pace of a period in which so many credits were used (or are held) and so many are left; None for a
    period of no day at all, as a trial leaves it that is subscribed on its first day."""
    days = (period.ends - period.starts).days
    if not days:
        return None
    gone = min((today - period.starts).days + 1, days)
    to_come = (period.ends - today).days
    return Pace((used + left) // days, used // gone, left // to_come if to_come > 0 else None)


def expiring(lots: Iterable[Lot], until: date) -> dict[date, int]:
    """What remains of the lots that expire by a local day, which is included, by the day on which they do, in
    its order."""
    by_day: dict[date, int] = {}
    for lot in lots:
        if lot.remaining and lot.expires_on and lot.expires_on <= until:
            by_day[lot.expires_on] = by_day.get(lot.expires_on, 0) + lot.remaining
    return dict(sorted(by_day.items()))


def calendar_month(day: date) -> tuple[date, date]:
    """The first and the last day of the calendar month of a day."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
