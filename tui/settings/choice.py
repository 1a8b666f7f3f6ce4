"""A field in which nothing is typed: one of a few values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from store.sentences import N_
from tui.i18n.sanitize import literal
from tui.widgets.jumps import Jump


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

    def jumps(self) -> Iterable[Jump]:
        """To it, which asks for another value."""
        yield Jump(0, 0, self._jump)

    def _jump(self) -> None:
        self.focus()
        self.action_ask()

    def on_click(self) -> None:
        self.action_ask()
