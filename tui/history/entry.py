"""What is behind one line of the history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult

from store.credits.model import Entry
from store.sentences import N_
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.history.entry_view import EntryView
from tui.history.queries import Behind, behind


class EntryScreen(TextmeterScreen):
    """One line of the history with all that is known of it, and the way to what caused it."""

    NAME = N_("History")
    CSS_PATH = "history.tcss"
    AUTO_FOCUS = "Rows"
    HELP: ClassVar[str] = N_(
        "What happened, the balance before and after it, and which credits it used or "
        "changed. Credits that came together expire together, and the oldest are used first."
    )
    view = getters.query_one(EntryView)

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry
        self._found: Behind | None = None

    def actions(self) -> Iterable[Action]:
        yield Action("entry.back", "escape", N_("Back"), N_("Back to the history"), self.leave)

    def body(self) -> ComposeResult:
        yield EntryView()
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        self.load(self.read)

    async def read(self) -> None:
        """Reads what is behind the line."""
        account, entry = self.app.account, self._entry
        assert account is not None
        self._found = await self.app.fetch(lambda store: behind(store, account, entry))
        self._show()

    def _show(self) -> None:
        if self._found is not None and self.is_attached:
            self.view.show(self._found)
            self.view.leads.focus()
