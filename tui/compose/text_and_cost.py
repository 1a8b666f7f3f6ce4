"""The text and what it costs, side by side or one above the other: whichever needs the room has it."""

from __future__ import annotations

from textual import getters, on
from textual.containers import Horizontal
from textual.widgets import TextArea

from tui.compose.editor import Composer
from tui.compose.preview import Preview

LEAST_OF_TEXT = 5
"""Rows of a text that is short."""
LEAST_OF_COST, MOST_OF_COST = 6, 18
"""Rows of the cost below the text, with the line above it."""
STEP = 2
"""So many rows at once go over to the text as it grows."""


class TextAndCost(Horizontal):
    """Where the cost stands below the text, it has the rows that the text doesn't need. The text never moves,
    since it begins at the top."""

    composer = getters.query_one(Composer)
    preview = getters.query_one(Preview)

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
            rows = min(max(self.size.height - 1 - text, LEAST_OF_COST), MOST_OF_COST)
        if rows is None:
            self.preview.styles.clear_rule("height")
            self._toasts_above(1)
        elif self.preview.styles.inline.height is None or self.preview.styles.inline.height.value != rows:
            self.preview.styles.height = rows
            self._toasts_above(rows + 1)

    def _toasts_above(self, rows: int) -> None:
        """Toasts stand over rows that are empty while a text is short, never over its cost."""
        for rack in self.screen.query("ToastRack"):
            rack.styles.margin = (0, 0, rows, 0)
