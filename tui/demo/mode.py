"""Demo data in the app: whether it is what one looks at, and whether the tour begins by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from store.sentences import N_

if TYPE_CHECKING:
    from store import Store

SEEN = "tour"
"""The setting that keeps that a database's tour was begun."""

DAY, RENEWAL, MONTH = "day", "renewal", "month"
CLOCK_STEPS: Mapping[str, str] = {
    DAY: N_("Clock: forward one day"),
    RENEWAL: N_("Clock: forward to the next renewal"),
    MONTH: N_("Clock: forward one month"),
}
"""How far a demo clock is moved, and what the palette calls it."""


def looked_at(store: Store, tour: bool) -> tuple[bool, bool]:
    """Whether the database that was opened has demo data, and whether the tour begins: once for each
    database. Called in a thread."""
    from store.demo import is_demo

    return is_demo(store), tour and store.settings.read(SEEN) is None
