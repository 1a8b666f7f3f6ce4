"""Drawings of numbers, and those that lead to where their numbers come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

from store.sentences import N_
from tui.base.actions import Acting, Action
from tui.base.navigation import Go


class Drawing(Acting, Widget):
    """A drawing of numbers."""


class Panel(Drawing, can_focus=True):
    """A drawing of numbers that leads to where they come from: Enter or a click opens that."""

    LEADS_TO: ClassVar[str] = "usage"
    """A screen by its name."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "app.focus_previous", N_("Up"), show=False),
        Binding("down", "app.focus_next", N_("Down"), show=False),
    ]
    DEFAULT_CSS = """
    Panel { border-left: blank; padding-left: 1; }
    Panel:focus { border-left: outer $primary; }
    """

    def actions(self) -> Iterable[Action]:
        yield Action("panel.open", "enter", N_("Open"), N_("See the credits behind these numbers"), self.open)

    def open(self) -> None:
        """Goes where the numbers come from."""
        self.post_message(Go(self.LEADS_TO))

    def on_click(self, event: events.Click) -> None:
        self.open()
