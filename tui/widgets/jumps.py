"""What within a widget one can jump to, as `tui.base.jumping` asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol, runtime_checkable


class Jump(NamedTuple):
    """A place in a widget. x, y: cells from its upper left corner; run: what jumping there does."""

    x: int
    y: int
    run: Callable[[], object]


@runtime_checkable
class HasJumps(Protocol):
    """A widget with several places to jump to, or one where jumping does more than focus it."""

    def jumps(self) -> Iterable[Jump]:
        """Its places, seen or not."""
