"""Waiting for what another task, thread or process brings about: for a condition, never for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

WITHIN = 240.0
"""Seconds after which what hasn't come about never will, however busy the machine is: it ends what hangs, and
proves nothing."""
LOOK_EVERY = 0.01


async def until(holds: Callable[[], object], what: str | Callable[[], str] = "it") -> None:
    """Returns when something holds. what: what is waited for, or tells what there is in its place, for
    whoever reads that it never came."""
    end = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < end, f"{what if isinstance(what, str) else what()} never came"
        await asyncio.sleep(LOOK_EVERY)


def wait_until(holds: Callable[[], object], what: str | Callable[[], str] = "it") -> None:
    """The same, for what another thread or process brings about."""
    end = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < end, f"{what if isinstance(what, str) else what()} never came"
        time.sleep(LOOK_EVERY)
