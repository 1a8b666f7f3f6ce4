"""A step of the tour: a panel above the screen that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from store.sentences import N_
from tui.base.key_bar import KeyBar
from tui.base.screen import TextmeterScreen
from tui.billing.plan_comparison import Choice, read_choice
from tui.billing.wizard import PlanOrderScreen
from tui.demo.clock import MONTH, RENEWAL
from tui.demo.tour_steps import STEPS, show

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Quote


class TourScreen(TextmeterScreen):
    """The panel of one step (counted from 0); the screen below it is seen around it."""

    NAME = N_("Tour")
    CSS_PATH = "tour.tcss"
    HELP: ClassVar[str] = N_(
        "Six steps over the screens of the demo. Esc ends the tour on the screen that is shown; the palette "
        "(^P) has it again."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,right,space", "step(1)", N_("Next"), id="tour.next", tooltip=N_("The next step")),
        Binding("q", "quote", N_("A quote"), id="tour.quote", tooltip=N_("What changing the plan would do")),
        Binding(
            "r",
            f"forward('{RENEWAL}')",
            N_("Renewal"),
            id="tour.renewal",
            tooltip=N_("Forward to the next renewal"),
        ),
        Binding("m", f"forward('{MONTH}')", N_("A month"), id="tour.month", tooltip=N_("A month forward")),
        Binding("escape", "leave", N_("End"), id="tour.end", tooltip=N_("Look round by yourself")),
        Binding("left,backspace", "step(-1)", N_("Back"), id="tour.back", tooltip=N_("The step before")),
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
        """There is no step before the first one; the clock is moved where one sees it, and a quote is seen
        among the plans."""
        step = STEPS[self._number]
        match action:
            case "step" if parameters == (-1,):
                return self._number > 0
            case "forward":
                return step.above == "clock"
            case "quote":
                return step.mode == "plans"
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

    def action_quote(self) -> None:
        """Shows the quote of the plan that fits, below this panel."""
        account = self.textmeter.account
        assert account is not None

        def ask(store: Store) -> tuple[Choice, Quote]:
            choice = read_choice(store, account, None)
            others = [offer for offer in choice.offers if offer.change is not None]
            chosen = max(others, key=lambda offer: offer.fits)
            return choice, store.credits.quote_plan(account.id, chosen.plan.id)

        self.textmeter.ask(ask, self._quoted, group="tour", exclusive=True)

    def _quoted(self, found: tuple[Choice, Quote]) -> None:
        if self.is_active:
            choice, quote = found
            show(self.textmeter, self._number, PlanOrderScreen(choice.product, quote, choice.owing))

    def action_forward(self, step: str) -> None:
        """Moves the demo clock forward."""
        self.textmeter.action_forward(step)

    def action_leave(self) -> None:
        """Ends the tour."""
        self.leave()
