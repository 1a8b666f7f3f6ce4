"""What a new SmartPlan is called."""

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


class PlanNameScreen(Acting, ModalScreen[str | None]):
    """Ends with a name, or None."""

    CSS_PATH = "smartplans.tcss"

    def actions(self) -> Iterable[Action]:
        yield Action(
            "planname.back", "escape", N_("Back"), N_("Go back without creating one"), lambda: self._end(None)
        )

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical() as box:
            box.border_title = Content(_("New SmartPlan"))
            box.border_subtitle = Content(_("Enter continues to its first step, Esc goes back"))
            yield Input(placeholder=_("Name, e.g. New buyer"))

    @on(Input.Submitted)
    def _submitted(self, submitted: Input.Submitted) -> None:
        if submitted.value.strip():
            self._end(" ".join(submitted.value.split()))

    def _end(self, value: str | None) -> None:
        """Ends once: a second Enter may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(value)
