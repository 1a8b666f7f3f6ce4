"""What the terminal shows already is not sent to it again.

Textual repaints the whole region of a widget that changed; of a text area that is 11 KB a key. Here each
row's fragments are compared with what was last written at that place, so that a key costs the rows that it
changes. Slow connections (ssh, tmux over a phone) feel the difference, and so do terminals that draw
slowly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._compositor import ChopsUpdate
from textual.app import App
from textual.strip import Strip

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen


class Painted:
    """The fragments that are on the terminal now: by row, by column where each begins, its end column and
    content.
    """

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, tuple[int, Strip]]] = {}

    def clear(self) -> None:
        """Nothing is known about the terminal: all was repainted, resized or written over."""
        self._rows.clear()

    def only_changed(self, update: ChopsUpdate) -> ChopsUpdate | None:
        """The part of an update that changes something, which from then on counts as painted; None where
        none does.
        """
        chops = [dict.fromkeys(row) for row in update.chops]
        spans = []
        for span in update.spans:
            y, left, right = span
            changed: dict[int, Strip | None] = {}
            for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if (
                    strip is not None
                    and x < right
                    and end > left
                    and self._changes(y, x, end, strip, left, right)
                ):
                    changed[x] = strip
            if changed:
                chops[y] |= changed  # a row may have several spans
                spans.append(span)
        return ChopsUpdate(chops, spans, update.chop_ends) if spans else None

    def _changes(self, y: int, x: int, end: int, strip: Strip, left: int, right: int) -> bool:
        row = self._rows.setdefault(y, {})
        whole = left <= x and end <= right
        if whole and row.get(x) == (end, strip):
            return False
        for other_x, (other_end, _) in list(row.items()):
            if other_x < end and other_end > x:
                del row[other_x]
        if whole:
            row[x] = (end, strip)
        return True


class SparingApp(App[None]):
    """An app that sends the terminal only what it doesn't show yet."""

    def __init__(self) -> None:
        super().__init__()
        self._painted = Painted()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Textual calls this with each update of the screen."""
        if renderable is not None and not self._batch_count:
            if isinstance(renderable, ChopsUpdate):
                renderable = self._painted.only_changed(renderable)
            else:
                self._painted.clear()
        super()._display(screen, renderable)

    def _end_batch(self) -> None:
        """Textual calls this when it goes on drawing. It wakes the screen in front only; what was to be drawn
        meanwhile on those that are seen behind it would wait for their next message.
        """
        super()._end_batch()
        for screen in self._background_screens:
            screen.check_idle()

    def on_resize(self) -> None:
        """A terminal that changes its size may move what it shows."""
        self._painted.clear()
