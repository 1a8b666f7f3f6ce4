"""One setting, typed anew."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from store.errors import TextmeterError
from store.sentences import N_
from tui.base.actions import Acting, Action
from tui.i18n.sanitize import literal
from tui.settings.queries import Seen, put


class FieldScreen(Acting, ModalScreen[bool]):
    """Ends with whether something was changed. What doesn't fit is told here, and can be mended."""

    CSS_PATH = "settings.tcss"
    _field = getters.query_one(Input)
    _error = getters.query_one(".error", Static)

    def __init__(self, seen: Seen) -> None:
        super().__init__()
        self._seen = seen

    def actions(self) -> Iterable[Action]:
        yield Action(
            "setting.back", "escape", N_("Back"), N_("Keep it as it is"), lambda: self._end(changed=False)
        )

    def compose(self) -> ComposeResult:
        _, entry = self.app.language.gettext, self._seen.entry
        value = "" if self._seen.value is None else str(self._seen.value)
        filed = self._seen.origin == "file" and not entry.secret
        with Vertical() as box:
            box.border_title = Content(_(entry.name))
            box.border_subtitle = Content(_("Enter saves, Esc goes back"))
            yield Static(Content(_(entry.help)), classes="hint")
            yield Input(value if filed else "", placeholder="" if filed else value, password=entry.secret)
            yield Static(classes="error")

    @on(Input.Submitted)
    def _submitted(self, submitted: Input.Submitted) -> None:
        typed = submitted.value.strip()
        if typed or (self._seen.origin == "file" and not self._seen.entry.secret):
            self.run_worker(self._save(typed), exclusive=True)
        else:
            self._end(changed=False)

    async def _save(self, typed: str) -> None:
        try:
            await asyncio.to_thread(put, self._seen.entry, typed)
        except TextmeterError as error:
            self._error.display = True
            self._error.update(literal(self.app.language.say(error.says)))
        else:
            self._end(changed=True)

    def _end(self, *, changed: bool) -> None:
        """Ends once: a second key may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(changed)
