"""How a command that takes long is told to stop."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from threading import Event
from types import FrameType

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What ends a process that isn't asked: a system that shuts down, a terminal that is closed."""


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


def _exit(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


@contextlib.contextmanager
def exits_on(
    *signals: signal.Signals, handler: Callable[[int, FrameType | None], None] = _exit
) -> Iterator[None]:
    """Has these signals end the block as an exit does, so that what it must tidy up is tidied up; those that
    are ignored still are."""
    before = {
        one: signal.signal(one, handler) for one in signals if signal.getsignal(one) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for one, former in before.items():
            signal.signal(one, former)
