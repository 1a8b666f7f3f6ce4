"""The question for a key: the next one that is pressed is the answer."""

from __future__ import annotations

from textual import events, getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from store.sentences import N_
from tui.base.actions import AFTER_GO
from tui.base.session_app import SessionApp
from tui.i18n.sanitize import literal


class PressScreen(ModalScreen[str]):
    """Ends with the key as `Action.key` has it, or "" with Esc. label: of the action that it is for."""

    CSS_PATH = "keys.tcss"
    NAME = N_("New key")
    TAKES_EVERY_KEY = True
    app = getters.app(SessionApp)

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label = label
        self._after_first = False
        """Whether g was pressed, which takes a letter after it."""

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical() as box:
            box.border_title = literal(self._label)
            box.border_subtitle = Content(_("Esc goes back"))
            yield Static(Content(_("Press the new key.")))

    def on_key(self, event: events.Key) -> None:
        """Takes any key at all."""
        event.stop()
        event.prevent_default()
        key = event.key.lower()
        if key == "escape":
            self._end("")
        elif self._after_first:
            self._end(f"{AFTER_GO}{key}")
        elif key == AFTER_GO.strip():
            self._after_first = True
            says = self.app.language.gettext("{key} and then? Press the letter after it.").format(key=key)
            self.query_one(Static).update(Content(says))
        else:
            self._end(key)

    def _end(self, key: str) -> None:
        if self.is_active:
            self.dismiss(key)
