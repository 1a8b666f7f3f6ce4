"""The billing address, typed in one line."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from store.credits.accounts import LONGEST_ADDRESS
from store.sentences import N_
from tui.base.actions import Acting, Action


class AddressScreen(Acting, ModalScreen[str | None]):
    """Ends with the address as it was typed, or None where it was left as it was."""

    CSS_PATH = "orders.tcss"

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def actions(self) -> Iterable[Action]:
        yield Action("address.back", "escape", N_("Back"), N_("Keep it as it is"), lambda: self._end(None))

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical() as box:
            box.border_title = Content(_("Billing address"))
            box.border_subtitle = Content(_("Enter saves the address, Esc goes back"))
            yield Static(Content(_("Shown on receipts. Leave it empty for none.")))
            yield Input(
                self._address,
                placeholder=_("Name, street, city, ZIP code, country"),
                max_length=LONGEST_ADDRESS,
                select_on_focus=False,
            )

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        self._end(event.value)

    def _end(self, address: str | None) -> None:
        """Ends once: a second key may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(address)
