"""The text and what it costs, side by side or one above the other: whichever needs the room has it."""

from __future__ import annotations

from typing import Any

from textual import getters, on
from textual.containers import Horizontal
from textual.geometry import Offset
from textual.widgets import TextArea

from tui.compose.beside import Beside
from tui.compose.editor import Composer
from tui.compose.field_list import Begun, FieldList, begun
from tui.compose.reach import Chosen

LEAST_OF_TEXT = 5
"""Rows of a text that is short."""
MOST_OF_COST = 18
"""Rows of the cost below the text, with the line above it."""
STEP = 2
"""So many rows at once go over to the text as it grows."""


class TextAndCost(Horizontal):
    """Where the cost stands below the text, it has the rows that the text doesn't need. The text never moves,
    since it begins at the top."""

    composer = getters.query_one(Composer)
    preview: getters.query_one[Beside[Any]] = getters.query_one(Beside)
    fields = getters.query_one(FieldList)

    def on_mount(self) -> None:
        self.composer.taken = self._taken
        self.fields.write = self._write_field

    def on_resize(self) -> None:
        self._share()

    @on(TextArea.Changed)
    def _share(self) -> None:
        """Shares the rows anew."""
        if self.screen.has_class("-wide"):
            rows = None
        else:
            lines = self.composer.wrapped_document.height + 1  # the cursor goes on below
            text = max(LEAST_OF_TEXT, -(-lines // STEP) * STEP)
            rows = min(max(self.size.height - 1 - text, self.preview.LEAST), MOST_OF_COST)
        if rows is None:
            self.preview.styles.clear_rule("height")
            self._toasts_above(1)
        elif self.preview.styles.inline.height is None or self.preview.styles.inline.height.value != rows:
            self.preview.styles.height = rows
            self._toasts_above(rows + 1)

    # The fields that are offered while one is written

    def know(self, audience: Chosen) -> None:
        """Offers the fields that these people have."""
        self.composer.know(audience.fields)
        first = audience.recipients[0].values if audience.recipients else None
        self.fields.know(audience.fields, first)

    @on(TextArea.Changed)
    @on(TextArea.SelectionChanged)
    def _offer(self, message: TextArea.Changed | TextArea.SelectionChanged) -> None:
        """Offers fields while one is typed; a cursor that only comes by opens no list, and may close it."""
        if isinstance(message, TextArea.Changed) and self.composer.typed:
            self._offer_begun()
        elif self._begun() is None:
            self.fields.close()

    def _begun(self) -> Begun | None:
        row, column = self.composer.cursor_location
        return begun(self.composer.document[row], column) if self.composer.has_focus else None

    def _offer_begun(self) -> None:
        self.fields.offer(self._begun(), self.composer.cursor_screen_offset + Offset(-1, 1))

    def _taken(self, key: str) -> bool:
        if self.fields.display:
            self._offer_begun()  # keys may come faster than what is told of them
        return self.fields.pressed(key)

    def _write_field(self, field: str, instead_of: Begun) -> None:
        self.composer.write_over(field, instead_of.before, instead_of.after)

    def on_descendant_blur(self) -> None:
        self.fields.close()

    def _toasts_above(self, rows: int) -> None:
        """Toasts stand over rows that are empty while a text is short, never over its cost."""
        for rack in self.screen.query("ToastRack"):
            rack.styles.margin = (0, 0, rows, 0)
