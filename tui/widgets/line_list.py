"""Lists that draw only the lines that are seen, with a cursor on one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from store.sentences import N_
from tui.widgets.jumps import Jump
from tui.widgets.strips import one_line

Item = TypeVar("Item")


class Head(Widget):
    """The names of a list's columns, drawn as its lines are, above it."""

    DEFAULT_CSS = """
    Head { width: 100%; height: 1; margin-top: 1; color: $quiet; }
    """

    def __init__(self, draw: Callable[[int], Content]) -> None:
        super().__init__()
        self._draw = draw

    def render(self) -> Content:
        """As wide as the lines are: a scrollbar takes room from them."""
        lists = self.parent.query(LineList) if isinstance(self.parent, Widget) else ()
        width = next((lines.scrollable_content_region.width for lines in lists), self.size.width)
        return Content.assemble("  ", self._draw(width - 3))


class LineList(ScrollView, Generic[Item], can_focus=True):
    """One line an item, or a few, drawn only while it is seen.

    draw: an item and the width in cells -> one line, or as many as ROWS says. `action_choose`, for which the
    screen has a key, or a click on the line under the cursor posts `Chosen`. Subclasses know the items:
    `length`, `item` and what to do when other lines come into view, `_look`.
    """

    HELP: ClassVar[str] = N_(
        "Up, Down, Page Up and Page Down move through the list, Home and End go to its ends."
    )
    DEFAULT_CSS = """
    LineList { width: 100%; height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", N_("Up"), show=False),
        Binding("down,j", "move(1)", N_("Down"), show=False),
        Binding("pageup", "turn(-1)", N_("Page up"), show=False),
        Binding("pagedown", "turn(1)", N_("Page down"), show=False),
        Binding("home", "move_to(0)", N_("First line"), show=False),
        Binding("end,G", "end", N_("Last line"), show=False),
    ]

    class AtLine(Message):
        """Something about a line. item: what it shows, None where the list is empty or the item isn't there
        yet."""

        def __init__(self, pages: LineList[Any], item: Any) -> None:
            super().__init__()
            self.pages = pages
            self.item = item

        @property
        def control(self) -> LineList[Any]:
            return self.pages

    class Chosen(AtLine):
        """A line was opened."""

    class Moved(AtLine):
        """The cursor came to another line, or the list was filled anew."""

    ROWS: ClassVar[int] = 1
    """Lines of the screen that an item takes."""

    def __init__(self, draw: Callable[[Item, int], Content], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._cursor = 0

    @property
    def length(self) -> int:
        """How many lines there are to move through."""
        raise NotImplementedError

    def item(self, index: int) -> Item | None:
        """What a line shows, by its number from 0; None where it isn't there (yet)."""
        raise NotImplementedError

    def _look(self) -> None:
        """Called when other lines have come into view."""
        raise NotImplementedError

    @property
    def current(self) -> Item | None:
        """The item under the cursor, if there is any."""
        return self.item(self._cursor)

    @property
    def at_top(self) -> bool:
        """Whether the cursor is on the first line."""
        return not self._cursor

    @property
    def seen(self) -> range:
        """The numbers of the lines that are on the screen now."""
        first = self.scroll_offset.y // self.ROWS
        end = -(-(self.scroll_offset.y + self.size.height) // self.ROWS)
        return range(first, min(end, self.length))

    def _resize_content(self) -> None:
        self.virtual_size = Size(self.size.width, self.length * self.ROWS)

    def _show_cursor(self) -> None:
        self.scroll_to_region(Region(0, self._cursor * self.ROWS, 1, self.ROWS), animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._look()

    def watch_show_vertical_scrollbar(self) -> None:
        if isinstance(self.parent, Widget):
            self.parent.query(Head).refresh()

    def on_resize(self) -> None:
        self._resize_content()
        self._look()

    def render_line(self, y: int) -> Strip:
        index, row = divmod(self.scroll_offset.y + y, self.ROWS)
        width = self.scrollable_content_region.width
        if index >= self.length:
            return Strip.blank(width, self.rich_style)
        item = self.item(index)
        chosen = index == self._cursor and (self.has_focus or not self.can_focus)
        drawn = Content.styled("…", "$quiet") if item is None else self._draw(item, width - 3)
        rows = drawn.split("\n") if self.ROWS > 1 else [drawn]
        drawn = rows[row] if row < len(rows) else Content("")
        line = Content.assemble("› " if chosen and not row else "  ", drawn, " ")
        line = line.truncate(width, ellipsis=True, pad=True)
        if chosen:
            line = line.stylize(self.app.theme_variables["cursor-line"])
        return one_line(self, line, width)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def action_move(self, step: int) -> None:
        """Moves the cursor by so many lines, within the list."""
        self.action_move_to(self._cursor + step)

    def action_turn(self, step: int) -> None:
        """Moves the cursor by a page."""
        self.action_move(step * max(self.size.height // self.ROWS - 1, 1))

    def action_move_to(self, index: int) -> None:
        """Puts the cursor on a line, by its number from 0, and brings it into view."""
        self._cursor = min(max(index, 0), max(self.length - 1, 0))
        self._show_cursor()
        self.refresh()
        self.post_message(self.Moved(self, self.current))
        self._look()

    def action_end(self) -> None:
        """Goes to the last line."""
        self.action_move_to(self.length - 1)

    def action_choose(self) -> None:
        """Opens the line under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self, self.current))

    def jumps(self) -> Iterable[Jump]:
        """To each line that is seen: the cursor goes there."""
        for index in self.seen:
            yield Jump(0, index * self.ROWS - self.scroll_offset.y, partial(self._jump_to, index))

    def _jump_to(self, index: int) -> None:
        if self.can_focus:
            self.focus()
        self.action_move_to(index)

    def on_click(self, event: events.Click) -> None:
        index = (self.scroll_offset.y + event.y) // self.ROWS
        if index < self.length:
            if index == self._cursor:
                self.action_choose()
            else:
                self.action_move_to(index)


class PagedList(LineList[Item]):
    """Fetched page by page as one scrolls: for what is seldom long.

    key: by what an item is known to be the same, whatever else about it has changed. The list asks for items
    with `PageWanted`, whoever owns it answers with `extend`.
    """

    FETCH_AHEAD = 50
    """Items below the last line seen from which on the next page is asked for."""

    class PageWanted(Message):
        """More items are wanted: those after `after`, or the first ones where that is None.

        query: to be handed back to `extend`, which drops answers to a question that is no longer asked.
        count: how many there have to be at least, if there are, for what is looked at to stay.
        """

        def __init__(self, pages: PagedList[Any], after: Any, query: int, count: int) -> None:
            super().__init__()
            self.pages = pages
            self.after = after
            self.query = query
            self.count = count

        @property
        def control(self) -> PagedList[Any]:
            return self.pages

    def __init__(
        self,
        draw: Callable[[Item, int], Content],
        *,
        key: Callable[[Item], object] = lambda item: item,
        id: str | None = None,
    ) -> None:
        super().__init__(draw, id=id)
        self._key = key
        self._items: list[Item] = []
        self._query = 0
        self._first_page = True
        self._waiting = False
        self._complete = False
        self._to_end = False
        self._keeps_line = False
        self._wanted: object = None
        """By what an item is known to which the cursor goes once it is there."""

    def on_mount(self) -> None:
        self.restart()

    @property
    def items(self) -> Sequence[Item]:
        """The items fetched so far."""
        return self._items

    @property
    def complete(self) -> bool:
        """Whether there are no more than `items`."""
        return self._complete

    @property
    def length(self) -> int:
        return len(self._items)

    def item(self, index: int) -> Item | None:
        return self._items[index] if index < len(self._items) else None

    def restart(self, *, keep_line: bool = False) -> None:
        """Forgets all items and asks for the first page: what is listed has changed.

        What is on the screen stays until the first page is there, so that nothing flickers. keep_line: the
        cursor stays on its item, or in its place where that is gone, and nothing moves below one's eyes.
        """
        self._query += 1
        self._keeps_line = keep_line
        self._complete = False
        self._to_end = self._to_end and keep_line
        self._ask(None)

    def extend(self, query: int, items: Sequence[Item], *, complete: bool) -> None:
        """Answers `PageWanted`. complete: there are no items after these."""
        if query != self._query:
            return
        before = self.current
        if self._first_page:
            self._fill(items)
        else:
            self._items += items
            self._resize_content()
        self._waiting = False
        self._complete = complete
        if self._first_page and not (self._keeps_line and self.current == before):
            self.post_message(self.Moved(self, self.current))
        self.refresh()
        self._find_wanted()
        if self._to_end:
            self.action_end()
        else:
            self._look()

    def _fill(self, items: Sequence[Item]) -> None:
        """Shows these items in the place of all that were there."""
        kept, line = self.current if self._keeps_line else None, self._cursor
        self._items, self._cursor = list(items), 0
        if kept is not None:
            key = self._key(kept)
            there = (index for index, item in enumerate(items) if self._key(item) == key)
            self._cursor = next(there, min(line, max(len(items) - 1, 0)))
        self._resize_content()
        if kept is None:
            self._show_cursor()
        elif shift := self._cursor - line:
            self.scroll_relative(y=shift * self.ROWS, animate=False, force=True, immediate=True)

    def go_to(self, key: object) -> None:
        """Puts the cursor on the item that is known by this, as soon as the list has it."""
        self._wanted = key
        self._find_wanted()

    def _find_wanted(self) -> None:
        if self._wanted is not None:
            there = (at for at, item in enumerate(self._items) if self._key(item) == self._wanted)
            if (at := next(there, None)) is not None:
                self._wanted = None
                self.action_move_to(at)

    def replace(self, first: int, items: Sequence[Item]) -> None:
        """Puts items, as they have become, in the place of those from the line `first` on."""
        self._items[first : first + len(items)] = items
        self.refresh()

    def _ask(self, after: Item | None) -> None:
        self._waiting = True
        self._first_page = after is None
        count = max(self.seen.stop, self._cursor + 1) if self._first_page and self._keeps_line else 0
        self.post_message(self.PageWanted(self, after, self._query, count))

    def _look(self) -> None:
        seen = max(self.seen.stop, self._cursor)
        due = self._items and not self._waiting and not self._complete
        if due and seen + self.FETCH_AHEAD >= len(self._items):
            self._ask(self._items[-1])

    def action_end(self) -> None:
        """Goes to the last line, fetching page after page as long as there are more."""
        super().action_end()
        self._to_end = not self._complete
        if self._to_end and not self._waiting:
            self._ask(self._items[-1] if self._items else None)
