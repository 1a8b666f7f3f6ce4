"""A list of a million lines: it knows how many there are and holds only those around the ones that are
seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual.content import Content
from textual.message import Message

from tui.history.queries import BLOCK
from tui.widgets.line_list import Item, LineList

AHEAD = 100
"""Lines above and below those seen that are fetched before they are asked for."""

MOST_BLOCKS = 12
"""Blocks held at once."""


class LongList(LineList[Item]):
    """Any line of it is reached at once: its place is known before it is fetched, and is drawn as "…" until
    then.

    It says `Opened` when it is to be filled with `show`, and asks for lines that come into view with
    `LinesWanted`, which `fill` answers; never for more than one stretch at a time, so that whoever drags the
    scrollbar waits only for where it is let go.
    """

    class _FromList(Message):
        def __init__(self, lines: LongList[Any]) -> None:
            super().__init__()
            self.lines = lines

        @property
        def control(self) -> LongList[Any]:
            return self.lines

    class Opened(_FromList):
        """The list is there, empty."""

    class LinesWanted(_FromList):
        """The `count` lines from the one of number `first` on are wanted. query: to be handed back to
        `fill`."""

        def __init__(self, lines: LongList[Any], first: int, count: int, query: int) -> None:
            super().__init__(lines)
            self.first = first
            self.count = count
            self.query = query

    def __init__(self, draw: Callable[[Item, int], Content], *, id: str | None = None) -> None:
        super().__init__(draw, id=id)
        self._length = 0
        self._blocks: dict[int, Sequence[Item]] = {}
        """By their number, those that were in view last at the end."""
        self._query = 0
        self._waiting = False
        self._choosing = False
        self._partial = True
        self._to_end = False

    def on_mount(self) -> None:
        self.post_message(self.Opened(self))

    @property
    def length(self) -> int:
        return self._length

    def item(self, index: int) -> Item | None:
        block = self._blocks.get(index // BLOCK, ())
        return block[index % BLOCK] if index % BLOCK < len(block) else None

    @property
    def cursor(self) -> int:
        """The number of the line under the cursor."""
        return self._cursor

    @property
    def at_top(self) -> bool:
        """Whether the first line is seen."""
        return self.scroll_offset.y == 0

    @property
    def stretch(self) -> tuple[int, int]:
        """The lines to hold now: the first one's number, and how many, whole blocks of them."""
        first = max(self.scroll_offset.y - AHEAD, 0) // BLOCK
        last = (self.scroll_offset.y + self.size.height + AHEAD) // BLOCK
        return first * BLOCK, (last - first + 1) * BLOCK

    def expect(self) -> None:
        """Other lines are on their way: whoever goes to the end means theirs."""
        self._partial = True
        self._to_end = False

    def show(
        self,
        length: int,
        first: int,
        items: Sequence[Item],
        *,
        cursor: int,
        shift: int = 0,
        partial: bool = False,
    ) -> None:
        """Shows other lines from now on: so many, of which these are there already. first: the number of the
        first of them, where a block begins. shift: by how much the lines seen have moved down. partial: there
        are more, but nobody knows yet how many."""
        cursor_seen = self._cursor in self.seen
        self._query += 1
        self._waiting = False
        self._length = length
        self._blocks = {}
        self._keep(first, items)
        self._partial = partial
        self._cursor = max(length - 1 if self._to_end else min(cursor, length - 1), 0)
        self._resize_content()
        if shift and not self._to_end:
            self.scroll_to(y=self.scroll_offset.y + shift, animate=False, force=True)
        elif self._to_end or partial or cursor_seen:
            self._show_cursor()  # else one has scrolled away from it, and stays there
        self._to_end = self._to_end and partial
        self.refresh()
        self.post_message(self.Moved(self, self.current))
        self._look()

    def fill(self, query: int, first: int, items: Sequence[Item]) -> None:
        """Answers `LinesWanted`."""
        if query != self._query:
            return
        self._waiting = False
        self._keep(first, items)
        for block in list(self._blocks)[:-MOST_BLOCKS]:
            del self._blocks[block]
        self.refresh()
        if self.current is not None:
            self.post_message(self.Moved(self, self.current))
            if self._choosing:
                self.action_choose()
        self._look()

    def action_move_to(self, index: int) -> None:
        self._choosing = self._to_end = False
        super().action_move_to(index)

    def action_end(self) -> None:
        """Goes to the last line, as soon as it is known which that is."""
        super().action_end()
        self._to_end = self._partial

    def action_choose(self) -> None:
        """Opens the line under the cursor, as soon as it is there."""
        self._choosing = self.current is None and self._length > 0
        super().action_choose()

    def _keep(self, first: int, items: Sequence[Item]) -> None:
        for start in range(0, len(items), BLOCK):
            block = (first + start) // BLOCK
            self._blocks.pop(block, None)
            self._blocks[block] = items[start : start + BLOCK]

    def _look(self) -> None:
        if not self._length:
            return
        first, count = self.stretch
        blocks = range(first // BLOCK, -(-min(first + count, self._length) // BLOCK))
        missing = []
        for block in blocks:
            if block in self._blocks:
                self._blocks[block] = self._blocks.pop(block)
            else:
                missing.append(block)
        if missing and not self._waiting:
            self._waiting = True
            first, last = missing[0], missing[-1]
            wanted = self.LinesWanted(self, first * BLOCK, (last - first + 1) * BLOCK, self._query)
            self.post_message(wanted)
