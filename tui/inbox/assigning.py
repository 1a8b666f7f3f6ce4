"""Who of the team answers, typed: where nobody of it is known yet."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input

from store.sentences import N_
from tui.base.actions import Acting, Action
from tui.i18n.sanitize import plain


class AssignScreen(Acting, ModalScreen[str | None]):
    """Ends with a name, "" for nobody in particular, or None where it was left."""

    CSS_PATH = "inbox.tcss"

    def __init__(self, assigned: str) -> None:
        super().__init__()
        self._assigned = assigned

    def actions(self) -> Iterable[Action]:
        yield Action("assign.back", "escape", N_("Back"), N_("Keep it as it is"), lambda: self._end(None))

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical() as box:
            box.border_title = Content(_("Who replies?"))
            box.border_subtitle = Content(_("Enter saves, Esc goes back"))
            yield Input(plain(self._assigned), placeholder=_("a name; empty for nobody in particular"))

    @on(Input.Submitted)
    def _submitted(self, submitted: Input.Submitted) -> None:
        self._end(submitted.value.strip()[:40])

    def _end(self, name: str | None) -> None:
        """Ends once: a second key may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(name)
