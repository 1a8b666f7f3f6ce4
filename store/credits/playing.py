"""Credits as they would come and go: the rules of expiry, renewal and use played on paper, day by day. Pure.

What they are for: which plan would have fitted what was used (`offers`), and how long what is left lasts
(`forecast`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from store.credits.catalog import NOTHING, Plan, Product
from store.credits.model import Lot, Pool
from store.credits.periods import lot_expiry


@dataclass(slots=True, eq=False)
class _Part:
    """What is left of credits that were added at once."""

    left: int
    expires_on: date | None


class Purse:
    """An account's credits on paper.

    lots: what it begins with, in the order of use. unit: into how many parts a credit is counted, so that a
    pace of 9.5 a day is played without fractions; amounts that are handed in or out are such parts, but for a
    plan's.
    """

    def __init__(self, product: Product, lots: Iterable[Lot] = (), *, unit: int = 1) -> None:
        self._product = product
        self._unit = unit
        self._allotted: list[_Part] = []
        self._purchased = 0
        for lot in lots:
            if lot.pool is Pool.PURCHASED:
                self._purchased += lot.remaining * unit
            else:
                self._allotted.append(_Part(lot.remaining * unit, lot.expires_on))

    @property
    def left(self) -> int:
        return self._left_allotted + self._purchased

    @property
    def _left_allotted(self) -> int:
        return sum(part.left for part in self._allotted)

    def expire(self, today: date) -> int:
        """Takes away what isn't there any more from a day on; how much that was."""
        over = [part for part in self._allotted if part.expires_on and part.expires_on <= today]
        if not over:
            return 0
        self._allotted = [part for part in self._allotted if part not in over]
        return sum(part.left for part in over)

    def end_allotted(self) -> int:
        """Takes away all that plans gave; how much that was."""
        ended = self._left_allotted
        self._allotted.clear()
        return ended

    def renew(self, plan: Plan, starts: date, ends: date) -> None:
        """Adds a plan's credits for a period; what is above the cap is forfeited, the oldest first."""
        if plan is NOTHING:
            return
        expires_on = lot_expiry(self._product, plan, starts, ends)
        self._allotted.append(_Part(plan.credits * self._unit, expires_on))
        if (most := self._product.most_allotments) is not None:
            self._take(self._left_allotted - most * plan.credits * self._unit)

    def buy(self, amount: int) -> None:
        """Adds credits that never expire."""
        self._purchased += amount

    def use(self, amount: int) -> int:
        """Uses so much, or all that there is: allotted first, the oldest before others. What is missing."""
        amount -= self._take(amount)
        paid = min(amount, self._purchased)
        self._purchased -= paid
        return amount - paid

    def _take(self, amount: int) -> int:
        """Takes from allotted credits, the oldest first; how much there was of it."""
        taken = 0
        for part in self._allotted:
            if taken >= amount:
                break
            here = min(part.left, amount - taken)
            part.left -= here
            taken += here
        return taken
