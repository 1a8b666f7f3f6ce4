"""A field in which nothing is typed: one of a few values."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from store.sentences import N_
from tui.i18n.sanitize import literal


class Choice(Static, can_focus=True):
    """Shows what is chosen; Space or a click asks for another, as whoever has it may do on Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "ask", N_("Choose"), show=False)]

    class Asked(Message):
        """Another value is wanted."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def show(self, chosen: str) -> None:
        """What is chosen, in words."""
        self.update(Content.assemble(literal(chosen), (" ▾", "$primary")))

    def action_ask(self) -> None:
        """Asks for another value."""
        self.post_message(self.Asked(self))

    def on_click(self) -> None:
        self.action_ask()
