"""The steps from a quote to an order: the plan, the card, the terms, and the order itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.credits.catalog import Product
from store.credits.model import Change, Quote
from store.errors import PaymentDeclined
from store.sentences import N_, Key, Money, Sentence, sentence
from tui.base.actions import Action
from tui.billing.placing import PlacingScreen
from tui.billing.presentation import differences
from tui.billing.wizard_pages import card_page, next_line, order_page, plan_page, steps_line, terms_page
from tui.widgets.wrapping import MOST_TEXT

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Order
    from store.errors import TextmeterError


class Step(StrEnum):
    """What is decided one by one."""

    PLAN = "plan"
    CARD = "card"
    TERMS = "terms"
    ORDER = "order"


NAMES = {
    Step.PLAN: N_("Plan"),
    Step.CARD: N_("Card"),
    Step.TERMS: N_("Terms"),
    Step.ORDER: N_("Order"),
}
NEXT = {
    Step.CARD: N_("Continue to the card"),
    Step.TERMS: N_("Continue to the terms"),
    Step.ORDER: N_("Continue to the order"),
}


def steps_of(product: Product, quote: Quote) -> list[Step]:
    """The steps that a change takes: no card where nothing is charged now, no terms where nothing will be."""
    steps = [Step.PLAN]
    if quote.charge_cents:
        steps.append(Step.CARD)
    if quote.change is not Change.CANCEL and product.price(product.plan(quote.to_plan), quote.billing):
        steps.append(Step.TERMS)
    return [*steps, Step.ORDER]


class PlanOrderScreen(PlacingScreen):
    """Goes through the steps of one quote. Nothing is ordered before the last one; what was decided stays
    when one goes back. owing: orders that are to be paid before another one that costs something.
    """

    NAME = N_("Plans")
    CSS_PATH = "plan_order.tcss"
    AUTO_FOCUS = "#page"
    HOLDS_INPUT = True
    HELP: ClassVar[str] = N_(
        "Nothing is ordered or charged until the last step; Esc goes back one step. An order is placed "
        "only once, no matter how often you press its key. If you quit Textmeter while an order is being "
        "placed, it finishes the next time you start."
    )
    page = getters.query_one("#page", VerticalScroll)
    next_step = getters.query_one("#next", Static)

    def __init__(self, product: Product, quote: Quote, owing: Sequence[Order]) -> None:
        super().__init__(quote)
        self._product = product
        self._steps = steps_of(product, quote)
        self._step = Step.PLAN
        self._terms_read = False
        self._news: list[Sentence] = [
            sentence("Order {order} is unpaid. Pay it first.", order=order.number)
            for order in owing
            if quote.charge_cents
        ]

    def actions(self) -> Iterable[Action]:
        yield Action(
            "order.next",
            "enter",
            N_("Continue"),
            N_("Next step"),
            self.go_on,
            why_not=self._no_next,
            words=self._enter_words,
        )
        yield Action(
            "order.accept",
            "a",
            N_("Accept"),
            N_("Accept the terms after reading to the end"),
            lambda: self._go(1),
            why_not=self._unread,
            shown=lambda: self._step is Step.TERMS,
        )
        yield Action(
            "order.edit",
            "e",
            N_("Change card"),
            N_("Use a different card"),
            self.change_card,
            why_not=self.being_placed,
            shown=lambda: self._step is Step.CARD or isinstance(self._problem, PaymentDeclined),
        )
        yield self.address_action("order.address", lambda: self._step is Step.CARD)
        yield Action(
            "go.orders",
            "g o",
            N_("Orders"),
            N_("See unpaid orders"),
            self.open_orders,
            shown=lambda: self._problem is not None and self._problem.code == "unpaid-order",
        )
        yield Action("order.back", "escape", N_("Back"), N_("Back one step; nothing is ordered"), self.back)

    def body(self) -> ComposeResult:
        yield Static(id="steps")
        with VerticalScroll(id="page"):
            yield Static(id="page-text")
        yield Static(id="outcome")
        yield Static(id="next")
        self.call_after_refresh(self.show)

    def on_mount(self) -> None:
        self.watch(self.page, "scroll_y", self._scrolled, init=False)
        if Step.CARD in self._steps:
            self.ask_card()

    def on_screen_resume(self) -> None:  # after the base's own: Textual calls both
        self.call_after_refresh(self.show)

    def on_resize(self) -> None:
        self.call_after_refresh(self.show)

    # What is shown

    def show(self) -> None:
        """Draws the step as it stands."""
        if not self.query("#page-text"):
            return
        variables, at = self.app.theme_variables, self._steps.index(self._step)
        names = [self.gettext(NAMES[step]) for step in self._steps]
        count = sentence("Step {step} of {count}", step=at + 1, count=len(names))
        bar = steps_line(names, at, variables, short=self.has_class("-narrow"))
        told = Content.styled(self.app.language.say(count), variables["quiet"])
        self.query_one("#steps", Static).update(Content.assemble(told, "    ", bar))
        width = max(min(self.page.size.width - 2, MOST_TEXT), 20)
        self.query_one("#page-text", Static).update(Content("\n").join(self._lines(width)))
        self._show_outcome()
        self.next_step.update(self._next())
        self.refresh_bindings()
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Puts the key that goes on right below the page, and looks whether its end is in sight then."""
        self.fit(self.page, *(self.query_one(part) for part in ("#steps", "#outcome", "#next")))
        self.call_after_refresh(self._scrolled)

    def _lines(self, width: int) -> Iterator[Content]:
        """The page of the present step."""
        language, variables = self.app.language, self.app.theme_variables
        product, quote, on_file = self._product, self._quote, self._on_file
        match self._step:
            case Step.PLAN:
                return plan_page(language, product, quote, self._news, width, variables)
            case Step.CARD if on_file is not None:
                card, address, tests = on_file.card, on_file.address, on_file.is_for_tests
                return card_page(language, quote, card, address, width, variables, for_tests=tests)
            case Step.CARD:
                asking = self.gettext("Checking the card on file …")
                return iter([Content("" if self._asks_again else asking)])
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
        key = _("Enter")
        if self._lacks_card:
            key = self.key_of("order.edit")
        elif self._step is Step.TERMS:
            key = self.key_of("order.accept") if self._terms_read else "↓"
        quiet = "" if self._step is Step.ORDER else _("nothing ordered yet")
        return next_line(key, self._next_words(), quiet, variables)

    def _next_words(self) -> str:
        _, say = self.gettext, self.app.language.say
        if self._step is Step.TERMS:
            return _("Accept the terms") if self._terms_read else _("Read to the end")
        if self._asks_again:
            return _("Retry")
        if self._lacks_card:
            return _("Add a card")
        if self._step is not Step.ORDER:
            return _(NEXT[self._steps[self._steps.index(self._step) + 1]])
        if self._quote.change is Change.CANCEL:
            return _("Cancel the plan")
        if not self._quote.charge_cents:
            return _("Place the order; nothing is charged now")
        return say(
            sentence(
                "Place the order and pay {charge} with {card}",
                charge=Money(self._quote.charge_cents),
                card=str(self._card),
            )
        )

    def _scrolled(self) -> None:
        """Notes that the terms were seen to their end."""
        if self._step is Step.TERMS and not self._terms_read:
            self._terms_read = self.page.is_vertical_scroll_end
            if self._terms_read:
                self.next_step.update(self._next())
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

    def _no_next(self) -> Sentence | None:
        """Why Enter can't go on."""
        if (why := self.app.owners_only() or self.being_placed()) is not None:
            return why
        if self._step is Step.TERMS:
            return sentence(
                "Press {key} to accept the terms after reading to the end.", key=Key("order.accept", "a")
            )
        return self.no_card() if self._step is Step.CARD and not self._asks_again else None

    def _unread(self) -> Sentence | None:
        """Why the terms can't be accepted yet."""
        if self._terms_read:
            return None
        return sentence("Read to the end of the terms first: Page Down scrolls.")

    @property
    def _lacks_card(self) -> bool:
        """Whether a card is to be put on file before one can go on."""
        return self._step is Step.CARD and self._on_file is not None and self._on_file.card is None

    @property
    def _asks_again(self) -> bool:
        """Whether the card on file could not be asked for."""
        return self._step is Step.CARD and self._on_file is None and self._problem is not None

    def _enter_words(self) -> str:
        """Enter says what it does on the last step, and isn't named where only a goes on."""
        _ = self.gettext
        if self._step is Step.TERMS:
            return ""
        if self._step is not Step.ORDER:
            return _("Continue")
        return _("Cancel the plan") if self._quote.change is Change.CANCEL else _("Place order")

    def go_on(self) -> None:
        """The next step, or the order itself."""
        if self._step is Step.ORDER:
            self.place()
        else:
            self._go(0 if self._asks_again else 1)

    @on(events.Click, "#next")
    def _clicked(self) -> None:
        """A click on the line that names a key does as the key."""
        self.action_act("order.accept" if self._step is Step.TERMS else "order.next")

    def back(self) -> None:
        """One step back; from the first, or while the order is being placed, to the plans."""
        if self._placing:
            self.app.tell(sentence("Placing the order. You'll be told when it's done."))
        if self._placing or self._step is Step.PLAN:
            self.leave()
        else:
            self._go(-1)

    def _go(self, by: int) -> None:
        self._step = self._steps[self._steps.index(self._step) + by]
        self._problem, self._news = None, []
        if self._step is Step.CARD and self._on_file is None:
            self.ask_card()
        self.page.scroll_home(animate=False)
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
        if Step.CARD in self._steps and self._on_file is None:
            self.ask_card()
        self.show()
