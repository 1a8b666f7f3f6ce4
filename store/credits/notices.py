"""Which thresholds of use are reached: pure."""

from __future__ import annotations

from collections.abc import Iterable

UNPAID, UNPAID_CAUSE = 0, "unpaid"
"""What stands for a threshold where a notice tells of a renewal that isn't paid, and what caused it."""


def reached(thresholds: Iterable[int], busy: int, available: int) -> list[int]:
    """The thresholds (percent) that used and held credits (busy) have reached, of all that can be used: busy
    and available together. Where nothing can be used, none is reached."""
    capacity = busy + available
    return [percent for percent in thresholds if capacity and busy * 100 >= percent * capacity]


def permille(busy: int, available: int) -> int:
    """Busy credits in a thousandth of all that can be used, rounded down."""
    capacity = busy + available
    return busy * 1000 // capacity if capacity else 0
