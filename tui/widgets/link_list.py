"""A short list of lines that each lead somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingsMap, BindingType
from textual.content import Content
from textual.widget import Widget

from store.sentences import N_
from tui.widgets.jumps import Jump
from tui.widgets.key_cap import cap_style, key_cap
from tui.widgets.wrapping import MOST_TEXT, wrap


@dataclass(frozen=True, slots=True)
class Row:
    """One line. label: what it is about, in a column of its own, where there is one; text: gives way where
    the line is short; end: at the right. run: what Enter does; None for a heading, which has no label either.
    tick: what ticking it does, where it can be. key: the key that does the same, as it is written, in a box
    before the text.
    """

    label: str
    text: Content
    end: Content = field(default_factory=Content)
    run: Callable[[], object] | None = None
    tick: Callable[[], object] | None = None
    key: str = ""


class Rows(Widget, can_focus=True):
    """Draws its rows in one widget, with a cursor while it has the focus. Beyond its ends the focus moves
    on. enter: what the key bar calls opening one, a message id. wraps: whether a text that has nothing at
    its right goes on in the next line, instead of giving way.
    """

    HELP: ClassVar[str] = N_("Up and Down select a line, Enter opens it.")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", N_("Up"), show=False),
        Binding("down", "move(1)", N_("Down"), show=False),
    ]
    DEFAULT_CSS = """
    Rows { height: auto; }
    """

    def __init__(self, *, id: str | None = None, enter: str = N_("Open"), wraps: bool = False) -> None:
        super().__init__(id=id)
        self._wraps = wraps
        opens = Binding("enter", "open", enter, id="rows.open", tooltip=N_("Open this line"))
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap([opens])])
        self._rows: Sequence[Row] = ()
        self._cursor = 0
        self._places: list[int] = []
        """Which row is drawn in each line."""

    def show(self, rows: Sequence[Row]) -> None:
        """Shows these rows; the cursor stays on its line as far as there is one."""
        grows = self._wraps or len(rows) != len(self._rows)
        self._rows = rows
        leading = [index for index, row in enumerate(rows) if row.run]
        self.can_focus = bool(rows)
        self._cursor = min(leading, key=lambda index: abs(index - self._cursor), default=0)
        self.refresh(layout=grows)

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if self._rows else None

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return sum(lines_of(self._rows, width)) if self._wraps else len(self._rows)

    def render(self) -> Content:
        width = self.size.width
        label_width = _label_width(self._rows)
        key_width = max((Content(row.key).cell_length for row in self._rows), default=0)
        variables = self.app.theme_variables
        lines: list[Content] = []
        self._places = []
        for index, row in enumerate(self._rows):
            if not row.run:
                self._places.append(index)
                lines.append((Content("  ") + row.text).truncate(width, ellipsis=True))
                continue
            chosen = self.has_focus and index == self._cursor
            label = Content("")
            if row.label:
                label = Content.styled(row.label, variables["quiet"])
                label = label.pad_right(label_width - label.cell_length + 3)
            before: Content = Content("› " if chosen else "  ") + label
            begins = ends = len(before.plain)
            if row.key:
                before += key_cap(row.key, variables)
                ends = len(before.plain)
                before += Content(" " * (key_width - Content(row.key).cell_length + 2))
            for text in self._texts(row, width - before.cell_length):
                line = (before + text).truncate(width, ellipsis=True, pad=True)
                if chosen:
                    line = line.stylize(variables["cursor-line"])
                if chosen and ends > begins:
                    line = line.stylize(cap_style(variables), begins, ends)
                lines.append(line)
                self._places.append(index)
                before, begins = Content(" " * before.cell_length), ends
        return Content("\n").join(lines)

    def _texts(self, row: Row, room: int) -> list[Content]:
        """What stands behind a row's label, in one line or, where it wraps, in several."""
        if self._wraps and not row.end:
            return wrap(row.text, min(room, MOST_TEXT)) or [row.text]
        end = Content("  ") + row.end if row.end else row.end
        room = max(room - end.cell_length, 0)
        text = row.text.truncate(min(room, MOST_TEXT), ellipsis=True)
        return [text.pad_right(room - text.cell_length) + end]

    def on_focus(self) -> None:
        self._follow()

    def _follow(self) -> None:
        self.refresh()
        self.scroll_visible(animate=False)

    def action_move(self, step: int) -> None:
        """Moves the cursor to the next row that leads somewhere, or the focus to the next widget."""
        index = self._cursor + step
        while 0 <= index < len(self._rows) and not self._rows[index].run:
            index += step
        if 0 <= index < len(self._rows):
            self._cursor = index
            self._follow()
        else:
            beyond = self.screen.focus_next() if step > 0 else self.screen.focus_previous()
            if isinstance(beyond, Rows):
                beyond.come_from(step)

    def come_from(self, step: int) -> None:
        """Puts the cursor on the row that comes first where it moves in this direction."""
        leading = [index for index, row in enumerate(self._rows) if row.run]
        self._cursor = (leading[0] if step > 0 else leading[-1]) if leading else 0
        self._follow()

    def action_open(self) -> None:
        """Goes where the row leads."""
        if self._rows and (run := self._rows[self._cursor].run):
            run()

    def on_click(self, event: events.Click) -> None:
        if event.y < len(self._places) and self._rows[self._places[event.y]].run:
            self._open_at(self._places[event.y])

    def jumps(self) -> Iterable[Jump]:
        """To each row that leads somewhere, which opens it."""
        for index, row in enumerate(self._rows):
            if row.run and index in self._places:
                yield Jump(0, self._places.index(index), partial(self._open_at, index))

    def _open_at(self, index: int) -> None:
        self.focus()
        self._cursor = index
        self.refresh()
        self.action_open()


def lines_of(rows: Sequence[Row], width: int) -> list[int]:
    """How many lines each row takes where they wrap, in so many cells."""
    label_width = _label_width(rows)
    counts = []
    for row in rows:
        room = max(width - 2 - (label_width + 3 if row.label else 0), 1)
        wrapped = [] if row.end or not row.run else wrap(row.text, min(room, MOST_TEXT))
        counts.append(max(len(wrapped), 1))
    return counts


def _label_width(rows: Sequence[Row]) -> int:
    return max((Content(row.label).cell_length for row in rows), default=0)
