"""The chips behind "To": who is chosen, as many as there is room for, and each to be taken off."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, getters
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.base.session_app import SessionApp
from tui.compose.reach import Token
from tui.i18n.sanitize import literal

BETWEEN = " · "
LONGEST = 40
LEAST = 10
"""Cells of a chip: at most, and at least where there are others beside it."""


class Chips(Static):
    """Draws chips in a line. One may be marked: the screen takes it off then, or goes on to another."""

    app = getters.app(SessionApp)

    class TakeOff(Message):
        """The marked chip was clicked."""

    def __init__(self) -> None:
        super().__init__(id="chips")
        self.marked: int | None = None
        """Which of the tokens is marked."""
        self._tokens: Sequence[Token] = ()
        self._refused: frozenset[str] = frozenset()
        self._room = 0
        self._places: list[tuple[range, int]] = []

    def show(self, tokens: Sequence[Token], refused: frozenset[str], room: int) -> None:
        """Shows these in so many cells. refused: what was typed and is no number or address."""
        if tokens is not self._tokens:
            self.marked = None
        self._tokens, self._refused, self._room = tokens, refused, room
        self._draw()

    def mark(self, step: int) -> None:
        """Marks the chip before or after the marked one; after the last, none."""
        at = len(self._tokens) if self.marked is None else self.marked
        at = max(at + step, 0)
        self.marked = at if at < len(self._tokens) else None
        self._draw()

    @property
    def places(self) -> Sequence[tuple[range, int]]:
        """Which cells stand for which token."""
        return self._places

    def mark_at(self, at: int) -> None:
        """Marks a chip."""
        self.marked = at
        self._draw()

    def unmark(self) -> None:
        """Marks none any more."""
        if self.marked is not None:
            self.marked = None
            self._draw()

    def _draw(self) -> None:
        count = len(self._tokens)
        shown = window(count, self._room, self.marked, lambda at: self._chip(at).cell_length, self._more)
        line, self._places = Content(""), []
        parts = [(at, self._chip(at)) for at in shown]
        if shown.start:
            parts.insert(0, (shown.start - 1, Content.styled(self._more(shown.start), "$quiet")))
        if shown.stop < count:
            parts.append((shown.stop, Content.styled(self._more(count - shown.stop), "$quiet")))
        for at, part in parts:
            line += Content(BETWEEN if line else "")
            self._places.append((range(line.cell_length, line.cell_length + part.cell_length), at))
            line += part
        self.update(line + Content("  ") if line else line)

    def _chip(self, at: int) -> Content:
        token = self._tokens[at]
        refused = token.kind == "typed" and token.key in self._refused
        end = " ✕" if at == self.marked else ""
        label = literal(f"✗ {token.label}" if refused else token.label)
        longest = self._room
        if len(self._tokens) > 1:
            longest = max(longest - 2 * len(self._more(0) + BETWEEN), LEAST)
        longest = min(longest, LONGEST)
        label = label.truncate(longest - len(end), ellipsis=True) + Content(end)
        color = "$error" if refused else "$quiet" if token.excepted else "$primary"
        return label.stylize(f"{color}{' reverse' if end else ''}")

    def _more(self, count: int) -> str:
        language = self.app.language
        return language.ngettext("+{count} more", "+{count} more", count).format(count=language.number(count))

    def on_click(self, event: events.Click) -> None:
        """Marks what is clicked, and takes it off when it is clicked again."""
        for cells, at in self._places:
            if event.x in cells:
                event.stop()
                if at == self.marked:
                    self.post_message(self.TakeOff())
                else:
                    self.mark_at(at)


def window(
    count: int, room: int, marked: int | None, width: Callable[[int], int], more: Callable[[int], str]
) -> range:
    """Which of so many chips have room: the latest, or those from the marked one on.

    width: of each, in cells; more: what stands for so many that have none.
    """

    def fits(start: int, stop: int) -> bool:
        outside = [more(hidden) for hidden in (start, count - stop) if hidden]
        widths = [*map(width, range(start, stop)), *map(len, outside)]
        return sum(widths) + len(BETWEEN) * (len(widths) - 1) <= room

    if not count:
        return range(0)
    start, stop = count - 1, count
    while start and fits(start - 1, stop):
        start -= 1
    if marked is not None and marked < start:
        start, stop = marked, marked + 1
        while fits(start, stop + 1):
            stop += 1
    return range(start, stop)
