"""What is asked before a test of an email: where it goes."""

from __future__ import annotations

from collections.abc import Iterable

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from store.sentences import N_
from tui.base.actions import Acting, Action
from tui.emails.addresses import ADDRESSES


class TestScreen(Acting, ModalScreen[str | None]):
    """Ends with the address that a test goes to, or None where it was left. own: the one that it begins
    with."""

    CSS_PATH = "emails.tcss"
    error = getters.query_one(".error", Static)

    def __init__(self, own: str) -> None:
        super().__init__()
        self._own = own

    def actions(self) -> Iterable[Action]:
        yield Action("test.back", "escape", N_("Back"), N_("Don't send a test"), lambda: self._end(None))

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical() as box:
            box.border_title = Content(_("Test"))
            box.border_subtitle = Content(_("Enter sends it, Esc goes back"))
            with Horizontal():
                yield Label(Content(_("Your address")))
                yield Input(self._own, placeholder="you@example.com")
            yield Static(Content(_("It uses one email. Your draft is kept.")), classes="hint")
            yield Static(classes="error")

    @on(Input.Submitted)
    def _submitted(self, submitted: Input.Submitted) -> None:
        address = submitted.value.strip()
        if ADDRESSES.is_enough(address):
            self._end(address)
            return
        self.error.display = True
        self.error.update(Content(self.app.language.gettext("That's not an email address.")))

    def _end(self, address: str | None) -> None:
        if self.is_active:
            self.dismiss(address)
