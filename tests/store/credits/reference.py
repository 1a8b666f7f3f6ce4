"""A second ledger of `agent-texts`, written from its rules alone, as plainly as they read: day by day, in
lists.

Days are local. Written without a look at the ledger; it shares no code with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

THRESHOLDS = (80, 85, 90, 95)


class NotEnough(Exception):
    """Nothing was held or charged."""


@dataclass
class Lot:
    """Credits added on one day."""

    added: date
    granted: int
    left: int
    held: int = 0
    spent: int = 0
    lapsed: int = 0

    @property
    def expires(self) -> date:
        """12 months after it was added; after 29 February, on 1 March."""
        if (self.added.month, self.added.day) == (2, 29):
            return date(self.added.year + 1, 3, 1)
        return self.added.replace(year=self.added.year + 1)


@dataclass
class Reference:
    """One account on one plan. lines: (day, kind, change or what was waived, left after). notices: (period,
    threshold, fired or carried). told: the threshold of each toast."""

    today: date
    plan: int
    price: int
    lots: list[Lot] = field(default_factory=list)
    holds: list[list[tuple[Lot, int]]] = field(default_factory=list)
    lines: list[tuple[date, str, int, int]] = field(default_factory=list)
    orders: list[int] = field(default_factory=list)
    used_on: dict[date, int] = field(default_factory=dict)
    notices: list[tuple[int, int, str]] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    period: int = 0
    used: int = 0

    def __post_init__(self) -> None:
        first = self.today.replace(day=1)
        days = (_next_first(self.today) - first).days
        left = (_next_first(self.today) - self.today).days
        self._grant((self.price * left * 2 // days + 1) // 2)

    @property
    def available(self) -> int:
        return sum(lot.left for lot in self.lots)

    @property
    def held(self) -> int:
        return sum(lot.held for lot in self.lots)

    def in_use(self) -> list[Lot]:
        """What is left, the oldest first."""
        return [lot for lot in self.lots if lot.left]

    def advance(self, days: int) -> None:
        """Each midnight: expire, grant, carry. Nobody is told of a period that is over."""
        until = self.today + timedelta(days=days)
        while self.today < until:
            self.today += timedelta(days=1)
            for lot in self.in_use():
                if lot.expires <= self.today:
                    self._lapse(lot, lot.left)
            if self.today.day == 1:
                self.period += 1
                self.used = 0
                self._grant(self.price)
                self._note("carried")
            elif until < _next_first(self.today):
                self._note("fired")

    def hold(self, credits: int) -> None:
        if credits > self.available:
            raise NotEnough
        self._line("used", -credits)
        taken = []
        for lot in self.in_use():
            part = min(credits, lot.left)
            lot.left -= part
            lot.held += part
            credits -= part
            if part:
                taken.append((lot, part))
        self.holds.append(taken)
        self._note("fired")

    def still_held(self, number: int) -> int:
        return sum(part for _, part in self.holds[number])

    def settle(self, number: int, credits: int) -> None:
        """What was drawn first is spent first."""
        self.used += credits
        self.used_on[self.today] = self.used_on.get(self.today, 0) + credits
        for lot, part in self._take(number, credits, 0):
            lot.held -= part
            lot.spent += part

    def release(self, number: int, credits: int) -> None:
        """What was drawn last comes back first; where that lot has expired meanwhile, it lapses."""
        if credits:
            self._line("released", credits, credits)
        back = self._take(number, credits, -1)
        for lot, part in back:
            lot.held -= part
            lot.left += part
        for lot, part in back:
            if lot.expires <= self.today:
                self._lapse(lot, part)

    def charge(self, credits: int) -> None:
        self.hold(credits)
        self.settle(-1, credits)

    def receive(self, credits: int) -> None:
        """A reply: what can't be paid is waived."""
        paid = min(credits, self.available)
        if paid:
            self.charge(paid)
        if credits > paid:
            self.lines.append((self.today, "waived", credits - paid, self.available))

    def _take(self, number: int, credits: int, end: int) -> list[tuple[Lot, int]]:
        taken = []
        parts = self.holds[number]
        while credits:
            lot, part = parts.pop(end)
            now = min(part, credits)
            credits -= now
            taken.append((lot, now))
            if part > now:
                parts.insert(0 if end == 0 else len(parts), (lot, part - now))
        return taken

    def _grant(self, cents: int) -> None:
        self.orders.append(cents)
        self._line("granted", self.plan, self.plan)
        self.lots.append(Lot(self.today, self.plan, self.plan))

    def _lapse(self, lot: Lot, credits: int) -> None:
        lot.left -= credits
        lot.lapsed += credits
        self.lines.append((self.today, "expired", -credits, self.available))

    def _line(self, kind: str, change: int, not_there_yet: int = 0) -> None:
        """A line written before the lots are moved."""
        after = self.available + (not_there_yet or change)
        self.lines.append((self.today, kind, change, after))

    def _note(self, kind: str) -> None:
        busy = self.used + self.held
        everything = busy + self.available
        noted = [percent for period, percent, _ in self.notices if period == self.period]
        new = [
            percent
            for percent in THRESHOLDS
            if everything and busy * 100 >= percent * everything and percent not in noted
        ]
        self.notices += [(self.period, percent, kind) for percent in new]
        if new and kind == "fired":
            self.told.append(max(new))


def _next_first(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
