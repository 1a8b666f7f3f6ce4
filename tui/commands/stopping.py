"""How a command that takes long is told to stop."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from threading import Event
from types import FrameType


@contextlib.contextmanager
def told_by(*signals: signal.Signals) -> Iterator[Event]:
    """An event that these signals set, so that what is at hand comes to its end first."""
    stop = Event()

    def told(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {one: signal.signal(one, told) for one in signals}
    try:
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
