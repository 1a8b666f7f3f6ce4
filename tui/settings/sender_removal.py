"""What the removal of a sender would do, before it is done."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from store.sentences import N_
from tui.base.actions import Acting, Action
from tui.i18n.sanitize import plain
from tui.settings.sender_words import removal


class RemovalScreen(Acting, ModalScreen[bool]):
    """Ends with whether it is removed. provider: its own; waiting: how many texts or emails
    wait for it."""

    CSS_PATH = "senders.tcss"

    def __init__(self, id: str, provider: str, waiting: int) -> None:
        super().__init__()
        self._sender = id
        self._provider = provider
        self._waiting = waiting

    def actions(self) -> Iterable[Action]:
        yield Action(
            "removal.back", "escape", N_("Back"), N_("Keep the sender"), lambda: self._end(agreed=False)
        )
        yield Action(
            "removal.agree", "enter", N_("Remove"), N_("Remove the sender"), lambda: self._end(agreed=True)
        )

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical() as box:
            box.border_title = Content(_("Remove sender {id}").format(id=plain(self._sender)))
            box.border_subtitle = Content(_("Enter removes it, Esc keeps it"))
            yield Static(Content(removal(self.app.language, self._provider, self._waiting)))
            yield Static(Content(_("Its passwords are deleted here; your account with the provider stays.")))

    def _end(self, *, agreed: bool) -> None:
        """Ends once: a second key may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(agreed)
