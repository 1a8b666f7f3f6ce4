"""The field behind "To" in which people, groups, filters and numbers are typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from store.sentences import N_
from tui.compose.queries import is_filter, pieces
from tui.compose.reach import Reach
from tui.i18n.sanitize import plain


class Entry(Input):
    """The field itself. Keys that it has no use for are the list's below it, or lead out of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", N_("Up"), show=False),
        Binding("down", "step(1)", N_("Down"), show=False),
        Binding("escape", "leave", N_("Back to the text"), show=False),
        Binding("backspace", "delete", N_("Delete"), show=False),
    ]

    def __init__(self, reach: Reach) -> None:
        super().__init__(id="to-entry", compact=True, select_on_focus=False)
        self._reach = reach

    class Step(Message):
        """Up or down was pressed."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Leave(Message):
        """Escape was pressed."""

    class Take(Message):
        """What is typed is complete."""

    class DeleteBefore(Message):
        """Backspace was pressed with nothing before the cursor."""

    class DeleteAfter(Message):
        """Delete was pressed with nothing after the cursor."""

    class Chip(Message):
        """The cursor was to leave the field at one of its ends, towards the chip there."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Pasted(Message):
        """Several things were pasted at once, or numbers typed with commas."""

        def __init__(self, pieces: Sequence[str]) -> None:
            super().__init__()
            self.pieces = pieces

    def action_step(self, step: int) -> None:
        self.post_message(self.Step(step))

    def action_leave(self) -> None:
        self.post_message(self.Leave())

    def on_key(self, event: events.Key) -> None:
        """A comma takes what is typed, save in a filter, to which it belongs. As a binding it would come
        before or after keys that are typed fast, and numbers would run into one.
        """
        if event.character in (",", ";") and not is_filter(self.value):
            event.prevent_default()
            event.stop()
            text = self.value.strip()
            if self._reach.is_begun(text):
                self.value = ""
                self.post_message(self.Pasted([text]))
            else:
                self.post_message(self.Take())

    def action_delete(self) -> None:
        """Deletes before the cursor; where there is nothing, the chip before it."""
        if self.cursor_position or not self.selection.is_empty:
            self.action_delete_left()
        else:
            self.post_message(self.DeleteBefore())

    def action_delete_right(self) -> None:
        if self.cursor_at_end and self.selection.is_empty:
            self.post_message(self.DeleteAfter())
        else:
            super().action_delete_right()

    def action_cursor_left(self, select: bool = False) -> None:
        if self.cursor_at_start and not select:
            self.post_message(self.Chip(-1))
        else:
            super().action_cursor_left(select)

    def action_cursor_right(self, select: bool = False) -> None:
        if self.cursor_at_end and not select:
            self.post_message(self.Chip(1))
        else:
            super().action_cursor_right(select)

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        found = pieces(event.text)
        if len(found) > 1:
            self.post_message(self.Pasted(found))
        elif found:
            self.insert_text_at_cursor(plain(found[0]))
