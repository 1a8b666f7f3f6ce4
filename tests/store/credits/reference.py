"""A second ledger, written from the rules alone, as plainly as they read: day by day, in lists. It shares no
code with the ledger. Days are local; a lot that never expires does so on the last day there is."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

TEXTS, EMAIL, COMMUNITY = "agent-texts", "agent-email", "community-texts"
NONE, TRIAL, FREE = "none", "trial", "free"
ALLOTTED, PURCHASED = "allotted", "purchased"
Plans = dict[str, tuple[int, int]]


@dataclass(eq=False)
class Lot:
    pool: str
    added: date
    granted: int
    expires: date
    period: int
    left: int = 0
    held: int = 0
    spent: int = 0


class Reference:
    """One account; a ValueError is a rule that says no, by its code. plans: credits and cents a month. next:
    what plan and billing become. made: the day and use of each hold. renewed: whether a renewal began the
    period. taking: what a downgrade takes of what comes back. came_back: the line of a pool, day, kind and
    hold that grows. lines: of each pool, (day, kind, change or what was waived, left after).
    orders: (day, what, plan, credits, cents, state). notices: (period, threshold, kind). told: each toast's.
    pays: whether the card does. charges: what it paid. since: the day from which on renewals aren't paid."""

    def __init__(self, product: str, plans: Plans, plan: str, today: date, billing: str, anchor: int) -> None:
        self.product, self.plans, self.plan = product, plans | {NONE: (0, 0)}, NONE
        self.today, self.anchor, self.period = today, anchor, -1
        self.lots, self.holds, self.made = list[Lot](), list[dict[Lot, int]](), list[tuple[date, str]]()
        self.lines = {pool: list[tuple[date, str, int, int]]() for pool in (ALLOTTED, PURCHASED)}
        self.came_back: dict[tuple[str, date, str, int], int] = {}
        self.orders = list[tuple[date, str, str, int, int, str]]()
        self.pays, self.charges, self.since = True, list[int](), date.max
        self.used_on: dict[tuple[date, str], int] = {}
        self.notices, self.noted, self.told = list[tuple[int, int, str]](), set[int](), list[int]()
        starts = max(day for day in (month_on(today, -1, anchor), month_on(today, 0, anchor)) if day <= today)
        self._begin_period(today if plan == TRIAL else starts)
        self._subscribe("join", plan, billing)

    def in_use(self, *pools: str) -> list[tuple[Lot, int]]:
        """What is left: all allotted before any purchased, the oldest first within each."""
        return [(lot, lot.left) for pool in pools or self.lines for lot in self.lots if lot.pool == pool]

    def left(self, *pools: str) -> int:
        return sum(left for _, left in self.in_use(*pools))

    # Time

    def advance(self, days: int) -> None:
        """Each midnight: expire, change the plan, grant, forfeit, carry. Nobody is told of a period past."""
        until = self.today + timedelta(days)
        while self.today < until:
            self.today += timedelta(1)
            self._lapse("ended" if self.plan == TRIAL else "expired", self.in_use())
            if self.today == self.ends:
                self._renew(told=until)
                continue
            if (self.today - self.since).days in (1, 3, 5, 7) and self.next[0] != NONE:
                self.pay()
            if until < self.ends:
                self._note("fired")

    def _renew(self, told: date) -> None:
        """What is to change waits for the end of the month or the year that was paid for."""
        before, paid = self.plan, self.today < self.billed[1]
        self.plan, billing = (before, self.billing) if paid else self.next
        if before == TRIAL:
            self.anchor = self.today.day
        if self.product == TEXTS and before != NONE == self.plan:
            self._end_allotted()
        missed = self._skip()
        self._begin_period(self.today)
        self.renewed = True
        credits = self.plans[self.plan][0]
        cents = 0 if paid else self._bill(billing)
        if cents and self.pays and not missed:
            self._order("renewal", self.plan, credits, cents)
        elif cents:
            self.since, credits = min(self.since, self.today), self._free()
            self._owe(cents)
        else:
            self.since = date.max
        self._grant(credits)
        self._forfeit(unless=self.owed())
        self._note("carried")
        if self.owed() and told < self.ends:
            self._tell_unpaid()

    def _free(self) -> int:
        """Emails while a plan isn't paid: the free plan's."""
        return self.plans[FREE][0] if self.product == EMAIL else 0

    def _owe(self, cents: int) -> None:
        self.billed = self.starts, self.ends
        credits = self.plans[self.plan][0] - self._free()
        self.orders.append((self.today, "renewal", self.plan, credits, cents, "unpaid"))

    def owed(self) -> int:
        return sum(order[4] for order in self.orders if order[5] == "unpaid")

    def _skip(self) -> int:
        """Nobody pays any more what is owed; how much that was."""
        owed = self.owed()
        self.orders = [(*order[:5], "skipped" if order[5] == "unpaid" else order[5]) for order in self.orders]
        return owed

    def pay(self) -> None:
        """What is owed, where the card pays."""
        if not (self.owed() and self.pays):
            return
        (number,) = [at for at, order in enumerate(self.orders) if order[5] == "unpaid"]
        day, what, plan, credits, cents, _ = self.orders[number]
        self.orders[number] = (day, what, plan, credits, cents, "paid")
        self.charges.append(cents)
        self.since = date.max
        starts = self.starts
        self.billed = starts, month_on(starts, 12, self.anchor) if self.billing == "yearly" else self.ends
        self._grant(credits)
        self._forfeit()
        self._note("carried")

    def _forfeit(self, unless: int = 0) -> None:
        if self.product == COMMUNITY and self.plan != NONE and not unless:
            over = self.left(ALLOTTED) - 3 * self.plans[self.plan][0]
            self._post("forfeited", take(over, self.in_use(ALLOTTED)))

    def _order(self, what: str, plan: str, credits: int, cents: int) -> None:
        self.orders.append((self.today, what, plan, credits, cents, "paid"))
        self.charges += [cents] if cents else []

    def _costs(self, cents: int) -> None:
        """What costs something waits for what is owed, and takes a card that pays."""
        if cents and (self.owed() or not self.pays):
            raise ValueError("unpaid-order" if self.owed() else "declined")

    def _begin_period(self, starts: date) -> None:
        self.period, self.starts, self.ends = self.period + 1, starts, month_on(starts, 1, self.anchor)
        self.used = self.granted = self.taking = 0
        self.renewed = False

    def _bill(self, billing: str) -> int:
        """The price of the month or the year that begins with this period: ten months' for a year."""
        self.billing, self.next = billing, (NONE if self.plan == TRIAL else self.plan, billing)
        self.months, cents = (10 if billing == "yearly" else 1), self.plans[self.plan][1]
        year = billing == "yearly" and cents
        self.billed = self.starts, month_on(self.starts, 12, self.anchor) if year else self.ends
        return cents * self.months

    def _part(self, cents: int) -> int:
        """Of a price, for the days left of those billed, half a cent up. Emails are charged in full."""
        days, left = (self.billed[1] - self.billed[0]).days, (self.billed[1] - self.today).days
        return cents if self.product == EMAIL else (2 * cents * left + days) // (2 * days)

    # Orders

    def _subscribe(self, what: str, plan: str, billing: str) -> None:
        """An upgrade from nothing; where the product has no renewal day, it begins a period."""
        before = self.left()
        if self.plan == TRIAL:
            self._end_allotted()
        if what == "subscribe" and self.product == COMMUNITY:
            self.anchor = self.today.day
            self._begin_period(self.today)
        self.plan, self.ends = plan, self.today + timedelta(30) if plan == TRIAL else self.ends
        cents = self._part(self._bill(billing))
        days, left = (self.ends - self.starts).days, (self.ends - self.today).days
        part = Fraction(left, days) if self.product == COMMUNITY else 1  # as of an upgrade from nothing
        self._grant(ceil(self.plans[plan][0] * part))
        self._note("carried")
        self._order(what, plan, self.left() - before, cents)

    def order(self, plan: str, billing: str) -> None:
        if plan == TRIAL:
            raise ValueError("trial-once")
        if self.plan in (NONE, TRIAL):
            self._costs(self.plans[plan][1])
            self._subscribe("subscribe", plan, billing)
        elif (plan, billing) in ((self.plan, self.billing), self.next, (self.plan, self.next[1])):
            raise ValueError("same-plan")
        elif plan == self.plan:
            self.next = self.next[0], billing
            self._order("billing", plan, 0, 0)
        elif self.plans[plan] > self.plans[self.plan]:
            self._change("upgrade", plan, billing, now=True)
        else:
            self._change("downgrade", plan, billing, now=self.product == TEXTS)

    def cancel(self) -> None:
        if self.plan in (NONE, TRIAL, FREE) or self.next[0] == NONE:
            raise ValueError("nothing-to-cancel")
        plan = FREE if self.product == EMAIL else NONE
        self._change("cancel", plan, self.billing, now=plan == FREE)

    def _change(self, what: str, plan: str, billing: str, *, now: bool) -> None:
        credits = cents = 0
        if now and what == "upgrade":
            credits = max(self.plans[plan][0] - self.granted, 0)
            if self.product == COMMUNITY:  # the difference for the days left of this month, rounded up
                days, left = (self.ends - self.starts).days, (self.ends - self.today).days
                credits = ceil(Fraction((self.plans[plan][0] - self.plans[self.plan][0]) * left, days))
            if credits:  # what brings nothing costs nothing
                cents = self._part((self.plans[plan][1] - self.plans[self.plan][1]) * self.months)
                self._costs(cents)
            self._grant(credits)
            self.taking = min(self.taking, max(self.granted - self.plans[plan][0], 0))
            self._note("carried" if credits else "fired")
        elif now:
            this_period = [(lot, lot.left) for lot in self.lots[::-1] if lot.period == self.period]
            had = self.granted if self.owed() else self.plans[self.plan][0]
            less = had - self.plans[plan][0]
            credits = -self._post("taken-back", take(less, this_period))
            self.granted += credits
            held = sum(lot.held for lot, _ in this_period) - self.taking
            self.taking += max(min(less + credits, held), 0)
            self._note("fired")
        self.plan, self.next = plan if now else self.plan, (plan, billing)
        self._order(what, plan, credits, cents)
        if now and self._skip():
            cents = self.plans[plan][1] * self.months
            self.since = self.since if cents else date.max
            if cents:
                self._owe(cents)

    def withdraw(self) -> None:
        if self.plan in (NONE, TRIAL) or self.next == (self.plan, self.billing):
            raise ValueError("nothing-pending")
        self.next = self.plan, self.billing
        self._order("withdrawn", self.plan, 0, 0)

    def may_buy(self) -> int:
        """Credits, in what is left of this calendar month."""
        bought = [order for order in self.orders if order[1] == "purchase"]
        this_month = sum(order[3] for order in bought if f"{order[0]:%Y-%m}" == f"{self.today:%Y-%m}")
        return max(5 * self.plans[self.plan][0] - this_month, 0)

    def buy(self, credits: int) -> None:
        room = self.may_buy()
        if self.product != COMMUNITY or self.plan == TRIAL:
            raise ValueError("no-purchases")
        if not 100 <= credits <= room:
            raise ValueError("too-few" if credits < 100 <= room else "too-many")
        self._costs(2 * credits)
        self._add("purchased", Lot(PURCHASED, self.today, credits, date.max, -1))
        self._note("carried")
        self._order("purchase", self.plan, credits, 2 * credits)

    # Use

    def hold(self, credits: int, use: str = "sms") -> None:
        if credits > self.left():
            raise ValueError("not-enough-credits")
        self.holds.append(dict(take(credits, self.in_use())))
        self.made.append((self.today, use))
        self._count(credits, use)
        self._post("used", list(self.holds[-1].items()))
        self._note("fired")

    def settle(self, number: int, credits: int) -> None:
        """What was drawn first is spent first, in the period in which it was held."""
        self.used += credits if self.made[number][0] >= self.starts else 0
        for lot, part in self._from_hold(number, credits, 1):
            lot.held, lot.spent = lot.held - part, lot.spent + part

    def release(self, number: int, credits: int) -> None:
        """What was drawn last comes back first. What is over meanwhile lapses, what a downgrade couldn't take
        is taken, what is above the cap since a renewal is forfeited."""
        back = self._from_hold(number, credits, -1)
        held_on, use = self.made[number]
        self._come_back("released", number, back, 1)
        self._count(-sum(part for _, part in back), use)
        self._come_back("expired", number, [(lot, part) for lot, part in back if lot.expires <= self.today])
        back = [(lot, part) for lot, part in back if lot.expires > self.today]
        owed = take(self.taking, [(lot, part) for lot, part in back if lot.period == self.period])
        taken = self._come_back("taken-back", number, owed)
        self.granted, self.taking = self.granted - taken, self.taking - taken
        if self.product == COMMUNITY and self.plan != NONE and self.renewed and held_on < self.starts:
            allotted = [(lot, part) for lot, part in back[::-1] if lot.pool == ALLOTTED]
            above = self.left(ALLOTTED) - 3 * self.plans[self.plan][0]
            self._come_back("forfeited", number, take(above, allotted))

    def _count(self, credits: int, use: str) -> None:
        if credits:
            self.used_on[self.today, use] = self.used_on.get((self.today, use), 0) + credits

    def _from_hold(self, number: int, credits: int, step: int) -> list[tuple[Lot, int]]:
        parts = take(credits, list(self.holds[number].items())[::step])
        for lot, part in parts:
            self.holds[number][lot] -= part
        return parts

    def receive(self, credits: int) -> None:
        """A reply: what can't be paid is waived."""
        if paid := min(credits, self.left()):
            self.hold(paid, "reply")
            self.settle(-1, paid)
        if credits > paid:
            self.lines[ALLOTTED].append((self.today, "waived", credits - paid, self.left(ALLOTTED)))

    # What is written

    def _grant(self, credits: int) -> None:
        expires = date.max if self.product == COMMUNITY and self.plan != TRIAL else self.ends
        if self.product == TEXTS:  # 12 months after 29 February is 1 March
            leap_day = (self.today.month, self.today.day) == (2, 29)
            expires = (self.today + timedelta(leap_day)).replace(year=self.today.year + 1)
        self.granted += credits
        self._add("granted", Lot(ALLOTTED, self.today, credits, expires, self.period))

    def _add(self, kind: str, lot: Lot) -> None:
        self.lots += [lot] if lot.granted else []
        self._post(kind, [(lot, lot.granted)], 1)

    def _lapse(self, kind: str, parts: list[tuple[Lot, int]]) -> None:
        self._post(kind, [(lot, part) for lot, part in parts if lot.expires <= self.today])

    def _end_allotted(self) -> None:
        """All that plans gave ends; what is held of it, when it comes back."""
        for lot in [lot for lot in self.lots if lot.pool == ALLOTTED and (lot.left or lot.held)]:
            lot.expires = self.today
        self._lapse("ended", self.in_use())

    def _post(self, kind: str, parts: list[tuple[Lot, int]], sign: int = -1) -> int:
        """Changes what is left of lots, with a line for each pool; how many credits that was."""
        for lot, part in parts:
            lot.left += sign * part
            lot.held -= sign * part if kind in ("used", "released") else 0
        for pool, lines in self.lines.items():
            if credits := sum(part for lot, part in parts if lot.pool == pool):
                lines.append((self.today, kind, sign * credits, self.left(pool)))
        return sum(part for _, part in parts)

    def _come_back(self, kind: str, number: int, parts: list[tuple[Lot, int]], sign: int = -1) -> int:
        """As `_post`, but one line a day for each hold, with which the balances behind it move."""
        before = {pool: len(lines) for pool, lines in self.lines.items()}
        credits = self._post(kind, parts, sign)
        for pool, lines in self.lines.items():
            key = pool, self.today, kind, number
            if len(lines) == before[pool]:
                continue
            at = self.came_back.setdefault(key, before[pool])
            if at < before[pool]:
                _, _, change, _ = lines.pop()
                day, _, so_far, left = lines[at]
                lines[at] = day, kind, so_far + change, left + change
                for later in range(at + 1, len(lines)):
                    day, what, delta, left = lines[later]
                    lines[later] = day, what, delta, left + change
        return credits

    def _note(self, kind: str) -> None:
        """Carrying starts an epoch."""
        busy = self.used + sum(lot.held for lot in self.lots)
        reached = {at for at in (80, 85, 90, 95) if busy and busy * 100 >= at * (busy + self.left())}
        new = sorted(reached if kind == "carried" else reached - self.noted)
        self.noted = reached if kind == "carried" else reached | self.noted
        self.notices += [(self.period, threshold, kind) for threshold in new]
        self.told += new[-1:] if kind == "fired" else []

    def _tell_unpaid(self) -> None:
        self.notices.append((self.period, 0, "fired"))
        self.told.append(0)


def take(credits: int, parts: list[tuple[Lot, int]]) -> list[tuple[Lot, int]]:
    """So many credits from parts of lots, one after the other, or all that there are."""
    taken = []
    for lot, part in parts:
        if (now := min(part, credits)) > 0:
            taken.append((lot, now))
            credits -= now
    return taken


def month_on(day: date, months: int, anchor: int) -> date:
    """The anchor day so many months later; the last day of a month that lacks it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(anchor, monthrange(year, month + 1)[1]))
