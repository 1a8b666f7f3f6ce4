"""One conversation, drawn line by line as it is scrolled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from store.messages.model import Line
from store.sentences import N_
from tui.base.session_app import SessionApp
from tui.i18n.sanitize import literal
from tui.inbox import presentation as words
from tui.widgets.strips import one_line
from tui.widgets.wrapping import MOST_TEXT


class ThreadView(ScrollView, can_focus=True):
    """The texts of a conversation, the newest at the bottom; those above are asked for as one scrolls up.

    What comes in below moves nothing for whoever has scrolled up; whoever is at the end stays there.
    """

    HELP: ClassVar[str] = N_(
        "Up, Down, Page Up and Page Down scroll through the conversation; End goes to the bottom."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", N_("Up"), show=False),
        Binding("down,j", "scroll_down", N_("Down"), show=False),
        Binding("pageup", "page_up", N_("Page up"), show=False),
        Binding("pagedown", "page_down", N_("Page down"), show=False),
        Binding("home", "scroll_home", N_("First line"), show=False),
        Binding("end", "scroll_end", N_("Last line"), show=False),
    ]
    DEFAULT_CSS = """
    ThreadView { width: 100%; height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """

    app = getters.app(SessionApp)

    class EarlierWanted(Message):
        """Those before the first one are wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []
        self._rows: list[Content] = []
        self._starts: list[int] = []
        """The row at which each line begins."""
        self._complete = True
        self._waiting = False

    @property
    def lines(self) -> Sequence[Line]:
        """The lines that are there, oldest first."""
        return self._lines

    def show(self, lines: Sequence[Line], *, complete: bool, anew: bool = False) -> None:
        """Shows these lines, oldest first. complete: there are none before them; anew: of another
        conversation, from its end."""
        at_end = anew or self.scroll_offset.y >= self.max_scroll_y
        top, within = self._top()
        self._lines, self._complete, self._waiting = list(lines), complete, False
        self._wrap()
        if at_end or top is None:
            self.scroll_end(animate=False, immediate=True, force=True)
        else:
            keys = [_key(line) for line in self._lines]
            if top in keys:
                y = self._starts[keys.index(top)] + within
                self.scroll_to(y=y, animate=False, force=True, immediate=True)
        self._look()

    def _top(self) -> tuple[tuple[bool, int] | None, int]:
        """The line at the top of what is seen, and how many of its rows are above that."""
        y = self.scroll_offset.y
        for start, line in zip(reversed(self._starts), reversed(self._lines), strict=True):
            if start <= y:
                return _key(line), y - start
        return None, 0

    def _wrap(self) -> None:
        width = min(self.scrollable_content_region.width, MOST_TEXT)
        self._rows, self._starts = [], []
        for line in self._lines if width else ():
            self._starts.append(len(self._rows))
            self._rows += self._line(line, width)
        if not width:
            self._starts = [0] * len(self._lines)
        self.virtual_size = Size(self.size.width, len(self._rows))
        self.refresh()

    def _line(self, line: Line, width: int) -> list[Content]:
        """A text, ours further right, and below it when it was and what became of it."""
        account, language = self.app.account, self.app.language
        assert account is not None
        indent = min(width // 4, 12) if line.out else 0
        pictures = [words.picture_words(language, picture) for picture in line.media]
        subject = [literal(line.subject).stylize("bold")] if line.subject else []
        said = Content("\n").join(
            [*subject, *(literal(part, lines=True) for part in (line.text, *pictures) if part)]
        ) or literal(language.gettext("[picture]"))
        about = words.facts(language, line, self.app.store.clock.now(), account.timezone)
        edge = Content.styled("│", "$primary" if line.out else "$secondary")
        rows = [
            Content(" " * indent) + edge + Content(" ") + row for row in said.wrap(max(width - indent - 2, 1))
        ]
        small = literal(about).truncate(max(width - indent - 2, 1), ellipsis=True)
        return [*rows, Content(" " * (indent + 2)) + small.stylize("$quiet"), Content("")]

    def on_resize(self) -> None:
        at_end = self.scroll_offset.y >= self.max_scroll_y
        self._wrap()
        if at_end:
            self.scroll_end(animate=False, immediate=True, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._look()

    def _look(self) -> None:
        near = self.scroll_offset.y < self.size.height
        if self._lines and near and not self._complete and not self._waiting:
            self._waiting = True
            self.post_message(self.EarlierWanted())

    def render_line(self, y: int) -> Strip:
        row, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        if row >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        return one_line(self, self._rows[row], width)


def _key(line: Line) -> tuple[bool, int]:
    return line.out, line.id
