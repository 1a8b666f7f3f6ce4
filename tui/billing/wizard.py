"""The steps from a quote to an order: the plan, the card, the terms, and the order itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.credits.model import Change
from store.errors import PaymentDeclined
from store.sentences import N_, Money, Sentence, sentence
from tui.billing.placing import PlacingScreen
from tui.billing.presentation import differences
from tui.billing.steps import NAMES, NEXT, Step, steps_of
from tui.billing.wizard_pages import card_page, next_line, order_page, plan_page, steps_line, terms_page

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Order, Quote
    from store.errors import TextmeterError


class PlanOrderScreen(PlacingScreen):
    """Goes through the steps of one quote. Nothing is ordered before the last one; what was decided stays
    when one goes back. owing: orders that are to be paid before another one that costs something.
    """

    NAME = N_("Plans")
    CSS_PATH = "plan_order.tcss"
    AUTO_FOCUS = "#page"
    HOLDS_INPUT = True
    HELP: ClassVar[str] = N_(
        "Nothing is ordered and nothing is charged before the last step; Esc goes one step back. An order is "
        "placed once, however often its key is pressed. If Textmeter is left while an order is being placed, "
        "it is finished at the next start."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next", N_("Go on"), id="order.next", tooltip=N_("The next step")),
        Binding(
            "a",
            "accept",
            N_("Accept"),
            id="order.accept",
            tooltip=N_("Accept the terms, once read to the end"),
        ),
        Binding("c", "card", N_("Another card"), id="order.card", tooltip=N_("Put another card on file")),
        Binding("o", "orders", N_("Orders"), id="order.orders", tooltip=N_("See what is not paid yet")),
        Binding(
            "escape", "back", N_("Back"), id="order.back", tooltip=N_("One step back; nothing is ordered")
        ),
    ]

    def __init__(self, product: Product, quote: Quote, owing: Sequence[Order]) -> None:
        super().__init__(quote)
        self._product = product
        self._steps = steps_of(product, quote)
        self._step = Step.PLAN
        self._terms_read = False
        self._news: list[Sentence] = [
            sentence("Order {order} is not paid yet, and is to be paid first.", order=order.number)
            for order in owing
            if quote.charge_cents
        ]

    def body(self) -> ComposeResult:
        yield Static(id="steps")
        with VerticalScroll(id="page"):
            yield Static(id="page-text")
        yield Static(id="outcome")
        yield NextStep(id="next")
        self.call_after_refresh(self.show)

    def on_mount(self) -> None:
        self.watch(self.query_one("#page"), "scroll_y", self._scrolled, init=False)
        if Step.CARD in self._steps:
            self.ask_card()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.call_after_refresh(self.show)

    def on_resize(self) -> None:
        self.call_after_refresh(self.show)

    # What is shown

    def show(self) -> None:
        """Draws the step as it stands."""
        if not self.query("#page-text"):
            return
        variables, at = self.app.theme_variables, self._steps.index(self._step)
        page = self.query_one("#page", VerticalScroll)
        names = [self.gettext(NAMES[step]) for step in self._steps]
        count = sentence("Step {step} of {count}", step=at + 1, count=len(names))
        bar = steps_line(names, at, variables, short=self.has_class("-narrow"))
        told = Content.styled(self.app.language.say(count), f"{variables['foreground']} 70%")
        self.query_one("#steps", Static).update(Content.assemble(told, "    ", bar))
        width = max(page.size.width - 2, 20)
        self.query_one("#page-text", Static).update(Content("\n").join(self._lines(width)))
        self._show_outcome()
        self.query_one(NextStep).update(self._next())
        self.refresh_bindings()
        self.call_after_refresh(self._scrolled)

    def _lines(self, width: int) -> Iterator[Content]:
        """The page of the present step."""
        language, variables, product, quote = (
            self.app.language,
            self.app.theme_variables,
            self._product,
            self._quote,
        )
        match self._step:
            case Step.PLAN:
                return plan_page(language, product, quote, self._news, width, variables)
            case Step.CARD if not self._card_known:
                asking = self.gettext("Asking for the card on file …")
                return iter([Content("" if self._asks_again else asking)])
            case Step.CARD:
                return card_page(
                    language, quote, self._card, width, variables, for_tests=self._card_is_for_tests
                )
            case Step.TERMS:
                return terms_page(language, product, quote, width)
        card = self._card if Step.CARD in self._steps else None
        agreed = Step.TERMS in self._steps
        return order_page(language, product, quote, card, width, variables, agreed=agreed)

    def _show_outcome(self) -> None:
        """What went wrong, or that it is being placed, above the key that goes on."""
        says = self.outcome()
        outcome = self.query_one("#outcome", Static)
        outcome.display = bool(says)
        outcome.update(says)

    def _next(self) -> Content:
        """The key that goes on, and where to."""
        _, variables = self.gettext, self.app.theme_variables
        if self._placing:
            return Content("")
        key, what = "Enter", self._next_words()
        if self._step is Step.TERMS:
            key = "A" if self._terms_read else "↓"
        if self._step is Step.CARD and self._card_known and self._card is None:
            key = "C"
        quiet = "" if self._step is Step.ORDER else _("nothing is ordered yet")
        return next_line(_(key), what, quiet, variables)

    def _next_words(self) -> str:
        _, say = self.gettext, self.app.language.say
        if self._step is Step.TERMS:
            return _("Accept the terms") if self._terms_read else _("Read on to the end")
        if self._asks_again:
            return _("Ask again")
        if self._step is Step.CARD and self._card_known and self._card is None:
            return _("Put a card on file")
        if self._step is not Step.ORDER:
            return _(NEXT[self._steps[self._steps.index(self._step) + 1]])
        if self._quote.change is Change.CANCEL:
            return _("Cancel the plan")
        if not self._quote.charge_cents:
            return _("Place the order; nothing is charged now")
        return say(
            sentence(
                "Place the order, and pay {charge} with {card}",
                charge=Money(self._quote.charge_cents),
                card=str(self._card),
            )
        )

    def _scrolled(self) -> None:
        """Notes that the terms were seen to their end."""
        if self._step is Step.TERMS and not self._terms_read:
            self._terms_read = self.query_one("#page", VerticalScroll).is_vertical_scroll_end
            if self._terms_read:
                self.query_one(NextStep).update(self._next())
                self.refresh_bindings()

    # The card

    def card_unknown(self, error: TextmeterError) -> None:
        """It is asked for again on the way to its step."""
        if self._step is Step.CARD:
            super().card_unknown(error)

    def card_changed(self) -> None:
        """The card is confirmed once more."""
        self._step = Step.CARD
        super().card_changed()

    # From step to step

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys show only on the step that they are for."""
        if action == "accept":
            return self._step is Step.TERMS
        if action == "card":
            return self._step is Step.CARD or isinstance(self._problem, PaymentDeclined)
        if action == "orders":
            return self._problem is not None and self._problem.code == "unpaid-order"
        return True

    def why_not(self, action: str) -> Sentence | None:
        """Why an action can't be done now."""
        if self._placing and action in ("next", "card"):
            return sentence("The order is being placed already.")
        if action == "next" and self._step is Step.TERMS:
            return sentence("Press A to accept the terms, once read to their end.")
        if action == "accept" and not self._terms_read:
            return sentence("Read the terms to their end first: Page Down goes on.")
        if action == "next" and self._step is Step.CARD and not self._asks_again:
            return self.no_card()
        return None

    @property
    def _asks_again(self) -> bool:
        """Whether the card on file could not be asked for."""
        return self._step is Step.CARD and not self._card_known and self._problem is not None

    def key_label(self, binding: Binding) -> str:
        """Enter says what it does on the last step, and isn't named where only A goes on."""
        if binding.action == "next" and self._step is Step.TERMS:
            return ""
        if binding.action == "next" and self._step is Step.ORDER:
            _, cancels = self.gettext, self._quote.change is Change.CANCEL
            return _("Cancel the plan") if cancels else _("Place the order")
        return super().key_label(binding)

    def action_next(self) -> None:
        """The next step, or the order itself."""
        if self._asks_again:
            self._go(0)
        elif not self.refused("next"):
            if self._step is Step.ORDER:
                self.place()
            else:
                self._go(1)

    def action_accept(self) -> None:
        """Accepts the terms, which is the next step."""
        if not self.refused("accept"):
            self._go(1)

    def action_back(self) -> None:
        """One step back; from the first, or while the order is being placed, to the plans."""
        if self._placing:
            self.app.tell(sentence("The order is being placed. You are told when it is done."))
        if self._placing or self._step is Step.PLAN:
            self.leave()
        else:
            self._go(-1)

    def _go(self, by: int) -> None:
        self._step = self._steps[self._steps.index(self._step) + by]
        self._problem, self._news = None, []
        if self._step is Step.CARD and not self._card_known:
            self.ask_card()
        self.query_one("#page", VerticalScroll).scroll_home(animate=False)
        self.show()

    # The order

    def quote_again(self, store: Store, account_id: int) -> Quote:
        """The same change quoted now."""
        quote = self._quote
        if quote.change is Change.CANCEL:
            return store.credits.quote_cancel(account_id)
        return store.credits.quote_plan(account_id, quote.to_plan, billing=quote.billing)

    def quoted_again(self, why: Sentence, quote: Quote) -> None:
        """Shows what the order would do now, and what of that is new; the terms are to be read again."""
        self._news = [why, *differences(self._quote, quote)]
        self._quote, self._steps = quote, steps_of(self._product, quote)
        self._step, self._terms_read = Step.PLAN, False
        if Step.CARD in self._steps and not self._card_known:
            self.ask_card()
        self.show()


class NextStep(Static):
    """The line that names the key that goes on; a click does as the key."""

    async def on_click(self, event: events.Click) -> None:
        screen = self.screen
        assert isinstance(screen, PlanOrderScreen)
        await screen.run_action("next" if screen.check_action("accept", ()) is False else "accept")
