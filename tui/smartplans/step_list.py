"""The steps of a SmartPlan in a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content

from store.emails.plan_model import StepStanding
from tui.widgets.line_list import LineList


class StepList(LineList[tuple[int, StepStanding]]):
    """The steps of a plan by their numbers: all at hand, there are few."""

    def __init__(self, draw: Callable[[tuple[int, StepStanding], int], Content]) -> None:
        super().__init__(draw, id="steps")
        self._steps: Sequence[StepStanding] = ()

    @property
    def length(self) -> int:
        return len(self._steps)

    def item(self, index: int) -> tuple[int, StepStanding] | None:
        return (index + 1, self._steps[index]) if index < len(self._steps) else None

    def show(self, steps: Sequence[StepStanding]) -> None:
        """Shows these; the cursor stays in its place."""
        self._steps = steps
        self._resize_content()
        self.action_move_to(self._cursor)

    def _look(self) -> None:
        """All is there already."""
