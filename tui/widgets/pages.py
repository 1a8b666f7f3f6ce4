"""A list of any length that is fetched page by page as one scrolls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from store.sentences import N_

Item = TypeVar("Item")


class Head(Widget):
    """The names of a list's columns, drawn as its lines are, above it."""

    DEFAULT_CSS = """
    Head { width: 100%; height: 1; margin-top: 1; color: $foreground 60%; }
    """

    def __init__(self, draw: Callable[[int], Content]) -> None:
        super().__init__()
        self._draw = draw

    def render(self) -> Content:
        return Content.assemble("  ", self._draw(self.size.width - 3))


class PagedList(ScrollView, Generic[Item], can_focus=True):
    """One line an item, drawn only while it is seen.

    draw: an item and the width in cells -> one line. The list asks for items with `PageWanted`, whoever owns
    it answers with `extend`. `action_choose`, for which the screen has a key, or a click on the line under
    the cursor posts `Chosen`.
    """

    HELP: ClassVar[str] = N_(
        "Up, Down, Page Up and Page Down move through the list, Home and End go to its ends."
    )
    DEFAULT_CSS = """
    PagedList { width: 100%; height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", N_("Up"), show=False),
        Binding("down,j", "move(1)", N_("Down"), show=False),
        Binding("pageup", "turn(-1)", N_("Page up"), show=False),
        Binding("pagedown", "turn(1)", N_("Page down"), show=False),
        Binding("home,g", "move_to(0)", N_("First line"), show=False),
        Binding("end,G", "end", N_("Last line"), show=False),
    ]
    FETCH_AHEAD = 50
    """Items below the last line seen from which on the next page is asked for."""

    class PageWanted(Message):
        """More items are wanted: those after `after`, or the first ones where that is None.

        query: to be handed back to `extend`, which drops answers to a question that is no longer asked.
        """

        def __init__(self, pages: PagedList[Any], after: Any, query: int) -> None:
            super().__init__()
            self.pages = pages
            self.after = after
            self.query = query

        @property
        def control(self) -> PagedList[Any]:
            return self.pages

    class AtLine(Message):
        """Something about a line. item: what it shows, None where the list is empty."""

        def __init__(self, pages: PagedList[Any], item: Any) -> None:
            super().__init__()
            self.pages = pages
            self.item = item

        @property
        def control(self) -> PagedList[Any]:
            return self.pages

    class Chosen(AtLine):
        """A line was opened."""

    class Moved(AtLine):
        """The cursor came to another line, or the list was filled anew."""

    def __init__(self, draw: Callable[[Item, int], Content], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._items: list[Item] = []
        self._cursor = 0
        self._query = 0
        self._first_page = True
        self._waiting = False
        self._complete = False
        self._to_end = False
        self._kept: Item | None = None

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
    def current(self) -> Item | None:
        """The item under the cursor, if there is any."""
        return self._items[self._cursor] if self._cursor < len(self._items) else None

    def restart(self, *, keep_line: bool = False) -> None:
        """Forgets all items and asks for the first page: what is listed has changed.

        What is on the screen stays until the first page is there, so that nothing flickers. keep_line: the
        cursor stays on its item, if that is on the first page.
        """
        self._query += 1
        self._kept = self.current if keep_line else None
        self._complete = False
        self._to_end = False
        self._ask(None)

    def extend(self, query: int, items: Sequence[Item], *, complete: bool) -> None:
        """Answers `PageWanted`. complete: there are no items after these."""
        if query != self._query:
            return
        if self._first_page:
            self._items = list(items)
            self._cursor = self._items.index(self._kept) if self._kept in self._items else 0
        else:
            self._items += items
        self._waiting = False
        self._complete = complete
        self.virtual_size = Size(self.size.width, len(self._items))
        if self._first_page:
            self.scroll_to_region(Region(0, self._cursor, 1, 1), animate=False, force=True)
            self.post_message(self.Moved(self, self.current))
        self.refresh()
        if self._to_end:
            self.action_end()
        else:
            self._fetch_ahead()

    @property
    def seen(self) -> range:
        """The lines that are on the screen now, as indices of `items`."""
        first = self.scroll_offset.y
        return range(first, min(first + self.size.height, len(self._items)))

    def replace(self, first: int, items: Sequence[Item]) -> None:
        """Puts items, as they have become, in the place of those from the line `first` on."""
        self._items[first : first + len(items)] = items
        self.refresh()

    def _ask(self, after: Item | None) -> None:
        self._waiting = True
        self._first_page = after is None
        self.post_message(self.PageWanted(self, after, self._query))

    def _fetch_ahead(self) -> None:
        seen = max(self.scroll_offset.y + self.size.height, self._cursor)
        if not self._waiting and not self._complete and seen + self.FETCH_AHEAD >= len(self._items):
            self._ask(self._items[-1] if self._items else None)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._items:
            self._fetch_ahead()

    def on_resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._items))
        if self._items:
            self._fetch_ahead()

    def render_line(self, y: int) -> Strip:
        index = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        if index >= len(self._items):
            return Strip.blank(width, self.rich_style)
        chosen = index == self._cursor and self.has_focus
        line = Content.assemble("› " if chosen else "  ", self._draw(self._items[index], width - 3), " ")
        line = line.truncate(width, ellipsis=True, pad=True)
        if chosen:
            line = line.stylize(f"on {self.app.theme_variables['primary']} 25%")
        return Visual.to_strips(self, line, width, 1, self.visual_style)[0]

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def action_move(self, step: int) -> None:
        """Moves the cursor by so many lines, within the list."""
        self.action_move_to(self._cursor + step)

    def action_turn(self, step: int) -> None:
        """Moves the cursor by a page."""
        self.action_move(step * max(self.size.height - 1, 1))

    def action_move_to(self, index: int) -> None:
        """Puts the cursor on a line, by its number from 0, and brings it into view."""
        self._cursor = min(max(index, 0), max(len(self._items) - 1, 0))
        self.scroll_to_region(Region(0, self._cursor, 1, 1), animate=False, force=True)
        self.refresh()
        self.post_message(self.Moved(self, self.current))
        if self._items:
            self._fetch_ahead()

    def action_end(self) -> None:
        """Goes to the last line, fetching page after page as long as there are more."""
        self.action_move_to(len(self._items) - 1)
        self._to_end = not self._complete
        if self._to_end and not self._waiting:
            self._ask(self._items[-1] if self._items else None)

    def action_choose(self) -> None:
        """Opens the line under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self, self.current))

    def on_click(self, event: events.Click) -> None:
        index = self.scroll_offset.y + event.y
        if index < len(self._items):
            if index == self._cursor:
                self.action_choose()
            else:
                self.action_move_to(index)
