"""A step of the tour: a panel above the screen that it is about."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from store.sentences import N_
from tui.clockwork import MONTH, RENEWAL
from tui.screens.base import TextmeterScreen
from tui.tour import STEPS, show
from tui.widgets.keybar import KeyBar


class TourScreen(TextmeterScreen):
    """The panel of one step (counted from 0); the screen below it is seen around it."""

    NAME = N_("Tour")
    CSS_PATH = "../styles/tour.tcss"
    HELP: ClassVar[str] = N_(
        "Six steps over the screens of the demo. Esc ends the tour on the screen that is shown; the palette "
        "(^P) has it again."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,right,space", "step(1)", N_("Next"), id="tour.next", tooltip=N_("The next step")),
        Binding("left,backspace", "step(-1)", N_("Back"), id="tour.back", tooltip=N_("The step before")),
        Binding(
            "r",
            f"forward('{RENEWAL}')",
            N_("To the renewal"),
            id="tour.renewal",
            tooltip=N_("Forward to the next renewal"),
        ),
        Binding("m", f"forward('{MONTH}')", N_("A month"), id="tour.month", tooltip=N_("A month forward")),
        Binding("escape", "leave", N_("End the tour"), id="tour.end", tooltip=N_("Look round by yourself")),
    ]

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.set_class(STEPS[number].place == "middle", "-in-the-middle")

    def compose(self) -> ComposeResult:
        self._composed_in = self.textmeter.language
        _, step = self.gettext, STEPS[self._number]
        with Vertical(id="step") as panel:
            panel.border_title = Content(_(step.title))
            panel.border_subtitle = Content(
                _("{number} of {count}").format(number=self._number + 1, count=len(STEPS))
            )
            yield Static(Content(_(step.text)))
            yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no step before the first one, and the clock is moved where one sees it."""
        if action == "step" and parameters == (-1,):
            return self._number > 0
        if action == "forward":
            return STEPS[self._number].above == "clock"
        return super().check_action(action, parameters)

    def key_label(self, binding: Binding) -> str:
        """After the last step there is none."""
        last = self._number == len(STEPS) - 1
        if binding.id == "tour.next" and last:
            return self.gettext("Look round")
        return "" if binding.id == "tour.end" and last else super().key_label(binding)

    def action_step(self, by: int) -> None:
        """Goes to another step; from the last one to the screen below."""
        if not self.is_active:
            return
        self.leave()
        if self._number + by < len(STEPS):
            show(self.textmeter, self._number + by)

    def action_forward(self, step: str) -> None:
        """Moves the demo clock forward."""
        self.textmeter.action_forward(step)

    def action_leave(self) -> None:
        """Ends the tour."""
        self.leave()
