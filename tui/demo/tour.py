"""A step of the tour: a panel above the screen that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action
from tui.base.key_bar import KeyBar
from tui.base.navigation import MoveClock, ShowTour
from tui.base.screen import TextmeterScreen
from tui.billing.plan_comparison import Choice, read_choice
from tui.billing.wizard import PlanOrderScreen
from tui.demo.mode import MONTH, RENEWAL
from tui.demo.tour_steps import STEPS

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Quote


class TourScreen(TextmeterScreen):
    """The panel of one step (counted from 0); the screen below it is seen around it."""

    NAME = N_("Tour")
    CSS_PATH = "tour.tcss"
    HELP: ClassVar[str] = N_(
        "Six steps through the demo's screens. Esc ends the tour and stays on the current screen; you can "
        "restart the tour from the palette ({key})."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {"key": Key("palette", "ctrl+p")}

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.set_class(STEPS[number].place == "middle", "-in-the-middle")

    def compose(self) -> ComposeResult:
        self._composed_in = self.app.language
        _, step = self.gettext, STEPS[self._number]
        with Vertical(id="step") as panel:
            panel.border_title = Content(_(step.title))
            panel.border_subtitle = Content(
                _("{number} of {count}").format(number=self._number + 1, count=len(STEPS))
            )
            text = step.text if isinstance(step.text, Sentence) else sentence(step.text)
            yield Static(Content(self.app.language.say(text)))
            yield KeyBar()

    def actions(self) -> Iterable[Action]:
        yield Action(
            "tour.next",
            "enter,right,space",
            N_("Next"),
            N_("Next step"),
            partial(self._step, 1),
            words=lambda: self.gettext("Explore") if self._is_last else self.gettext("Next"),
        )
        yield Action(
            "tour.view",
            "v",
            N_("A quote"),
            N_("What changing the plan would do"),
            self.quote,
            shown=lambda: STEPS[self._number].mode == "plans",
        )
        yield self._forward("end", RENEWAL, N_("Renewal"), N_("Forward to the next renewal"))
        yield self._forward("pagedown", MONTH, N_("A month"), N_("Forward one month"))
        yield Action(
            "tour.end",
            "escape",
            N_("End"),
            N_("Explore on your own"),
            self.leave,
            words=lambda: "" if self._is_last else self.gettext("End"),
        )
        yield Action(
            "tour.back",
            "left,backspace",
            N_("Back"),
            N_("Previous step"),
            partial(self._step, -1),
            shown=lambda: self._number > 0,
        )

    def _forward(self, key: str, step: str, label: str, tooltip: str) -> Action:
        """Moving the demo clock, where one sees it."""
        return Action(
            f"forward.{step}",
            key,
            label,
            tooltip,
            lambda: self.post_message(MoveClock(step)),
            shown=lambda: STEPS[self._number].above == "clock",
            priority=True,
        )

    @property
    def _is_last(self) -> bool:
        return self._number == len(STEPS) - 1

    def _step(self, by: int) -> None:
        """Goes to another step; from the last one to the screen below."""
        if self.is_active:
            self.leave()
            if self._number + by < len(STEPS):
                self.app.post_message(ShowTour(self._number + by))

    async def quote(self) -> None:
        """Shows the quote of the plan that fits, or of the largest where the present one does, below this
        panel."""
        account = self.app.account
        assert account is not None

        def ask(store: Store) -> tuple[Choice, Quote]:
            choice = read_choice(store, account, None)
            others = [offer for offer in choice.offers if offer.change is not None]
            chosen = max(others, key=lambda offer: (offer.fits, offer.plan.credits))
            return choice, store.credits.quote_plan(account.id, chosen.plan.id)

        choice, quote = await self.app.fetch(ask)
        if self.is_active:
            wizard = PlanOrderScreen(choice.product, quote, choice.owing)
            self.post_message(ShowTour(self._number, wizard))
