"""The list of settings, whose cursor passes over the names of groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.geometry import Region

from tui.settings.presentation import Heading, Row
from tui.widgets.line_list import LineList

Line = Heading | Row


class SettingList(LineList[Line]):
    """All at hand, group by group; a group has at least one line. cursor: the number of the line that it is
    on."""

    def __init__(self, draw: Callable[[Line, int], Content], lines: Sequence[Line], cursor: int) -> None:
        super().__init__(draw)
        self._lines = lines
        self._cursor = cursor

    def on_mount(self) -> None:
        self.show(self._lines)
        if self.screen.focused is None:  # composed anew, in another language
            self.focus()

    @property
    def cursor(self) -> int:
        """The number of the line that the cursor is on."""
        return self._cursor

    @property
    def length(self) -> int:
        return len(self._lines)

    def item(self, index: int) -> Line | None:
        return self._lines[index] if index < len(self._lines) else None

    @property
    def row(self) -> Row | None:
        """The setting under the cursor."""
        current = self.current
        return current if isinstance(current, Row) else None

    def show(self, lines: Sequence[Line]) -> None:
        """Shows these; the cursor stays in its place."""
        self._lines = lines
        self._resize_content()
        self.action_move_to(self._cursor)

    def action_move_to(self, index: int) -> None:
        if isinstance(self.item(max(index, 0)), Heading):
            index += -1 if 0 < index < self._cursor else 1
        super().action_move_to(index)

    def _show_cursor(self) -> None:
        """With the name of its group, where the cursor is the first below it."""
        above = isinstance(self.item(max(self._cursor - 1, 0)), Heading)
        self.scroll_to_region(Region(0, self._cursor - above, 1, 1 + above), animate=False, force=True)

    def _look(self) -> None:
        """All is there already."""
