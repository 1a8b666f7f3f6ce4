"""The list of conversations."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from textual import getters
from textual.content import Content

from store.messages.model import Thread
from tui.base.session_app import SessionApp
from tui.i18n.sanitize import literal
from tui.inbox import presentation as words
from tui.widgets.line_list import PagedList


class ThreadList(PagedList[Thread]):
    """Two lines a conversation: with whom and when, and what was said last."""

    ROWS = 2
    app = getters.app(SessionApp)

    def __init__(self) -> None:
        super().__init__(self._line, key=attrgetter("phone"), id="threads")

    def _fill(self, items: Sequence[Thread]) -> None:
        """What comes in is seen by whoever looks at the top of the list."""
        at_top = self.scroll_offset.y == 0
        super()._fill(items)
        if at_top and (self._cursor + 1) * self.ROWS <= self.size.height:
            self.scroll_to(y=0, animate=False, force=True, immediate=True)

    def _line(self, thread: Thread, width: int) -> Content:
        account, language = self.app.account, self.app.language
        assert account is not None
        now = self.app.store.clock.now()
        when = words.when(language, thread.at, now, account.timezone)
        name = literal(words.who(thread, account.country))
        room = max(width - len(when) - 3, 4)
        first = Content.assemble(
            (words.sign(thread), "$warning" if thread.asks else "$primary"),
            " ",
            name.truncate(room, ellipsis=True, pad=True).stylize("bold" if thread.unread else ""),
            " ",
            (when, "$quiet"),
        )
        said = literal(words.last_words(language, thread)).truncate(max(width - 2, 1), ellipsis=True)
        return first + Content("\n  ") + said.stylize("$quiet")
