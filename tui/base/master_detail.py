"""A list, and beside it what is under its cursor."""

from __future__ import annotations

from abc import abstractmethod

from textual import events, on

from tui.base.screen import TextmeterScreen


class MasterDetail(TextmeterScreen):
    """A screen with a list that, where it has two panes, shows at the right what the cursor is on.

    Whatever moves the cursor or changes the list calls `look_beside`.
    """

    def look_beside(self) -> None:
        """Shows what is under the cursor. Called again before that is read, it reads the later one only, so
        that holding a key down stays smooth.
        """
        if self.has_class("-panes") and self.app.account is not None:
            self.load(self.read_beside, newest_only=True)

    @abstractmethod
    async def read_beside(self) -> None:
        """Reads what is under the cursor and shows it at the right; nothing where the list is empty."""

    @on(events.Resize)
    def _look_where_wide(self) -> None:
        self.call_after_refresh(self.look_beside)  # once the class for two panes is set
