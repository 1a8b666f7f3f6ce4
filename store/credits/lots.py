"""Which lots an amount comes from: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from store.credits.model import Lot, Pool

POOLS = tuple(Pool)
"""In the order in which they are used: all allotted credits before any purchased ones."""


class Share(NamedTuple):
    """A part of an amount, and the lot that it concerns."""

    lot_id: int
    pool: Pool
    credits: int


def in_order_of_use(lots: Iterable[Lot]) -> list[Lot]:
    """Pool by pool, the oldest first within each."""
    return sorted(lots, key=lambda lot: (POOLS.index(lot.pool), lot.granted_on, lot.id))


def next_expiry(lots: Iterable[Lot]) -> tuple[date, int] | None:
    """The day on which credits expire next, and how many of those that remain."""
    gone: Counter[date] = Counter()
    for lot in lots:
        if lot.expires_on is not None:
            gone[lot.expires_on] += lot.remaining
    return min(gone.items(), default=None)


def spread(credits: int, over: Iterable[Share]) -> list[Share]:
    """Takes an amount from shares one after the other, each emptied before the next is touched.

    Raises ValueError for an amount below zero, and where together they don't hold it.
    """
    if credits < 0:
        raise ValueError(f"{credits} credits are no amount")
    taken = []
    for share in over:
        if not credits:
            break
        part = min(credits, share.credits)
        if part:
            taken.append(share._replace(credits=part))
            credits -= part
    if credits:
        raise ValueError(f"{credits} more credits than there are")
    return taken


def by_pool(shares: Iterable[Share]) -> dict[Pool, int]:
    """How many credits of each pool, for the pools that occur, in the order of use."""
    totals: dict[Pool, int] = {}
    for share in shares:
        totals[share.pool] = totals.get(share.pool, 0) + share.credits
    return {pool: totals[pool] for pool in POOLS if pool in totals}
