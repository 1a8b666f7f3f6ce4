"""The steps from a quote to an order: the plan, the card, the terms, and the order itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.credits.model import Change
from store.errors import PaymentDeclined, RefusedByRule
from store.payments import PaymentUnreachable
from store.sentences import N_, Money, Sentence, sentence
from tui.literal import literal
from tui.orderwords import order_words
from tui.plansteps import NAMES, NEXT, Step, steps_of
from tui.planwords import differences
from tui.screens.base import TextmeterScreen
from tui.widgets.planpages import card_page, order_page, plan_page, steps_line, terms_page

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Order, Quote
    from store.errors import TextmeterError
    from store.payments import Card


class PlanOrderScreen(TextmeterScreen):
    """Goes through the steps of one quote. Nothing is ordered before the last one; what was decided stays
    when one goes back.

    One key goes with the order however often it is asked for, so that it is placed once; after a refusal,
    which changed nothing, it is another order.
    """

    NAME = N_("Plans")
    CSS_PATH = "../styles/plan_order.tcss"
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

    def __init__(self, product: Product, quote: Quote) -> None:
        super().__init__()
        self._product = product
        self._quote = quote
        self._steps = steps_of(product, quote)
        self._step = Step.PLAN
        self._card: Card | None = None
        self._card_known = self._card_is_for_tests = False
        self._terms_read = False
        self._key = uuid.uuid4().hex
        self._placing = False
        self._problem: TextmeterError | None = None
        self._news: list[Sentence] = []

    def body(self) -> ComposeResult:
        yield Static(id="steps")
        with VerticalScroll(id="page"):
            yield Static(id="page-text")
        yield Static(id="outcome")
        yield NextStep(id="next")
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        self.watch(self.query_one("#page"), "scroll_y", self._scrolled, init=False)
        if Step.CARD in self._steps:
            self._ask_card()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    # What is shown

    def _show(self) -> None:
        """Draws the step as it stands."""
        if not self.query("#page-text"):
            return
        variables, at = self.app.theme_variables, self._steps.index(self._step)
        page = self.query_one("#page", VerticalScroll)
        names = [self.gettext(NAMES[step]) for step in self._steps]
        count = sentence("Step {step} of {count}", step=at + 1, count=len(names))
        bar = steps_line(names, at, variables, short=self.has_class("-narrow"))
        told = Content.styled(self.textmeter.language.say(count), f"{variables['foreground']} 70%")
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
            self.textmeter.language,
            self.app.theme_variables,
            self._product,
            self._quote,
        )
        match self._step:
            case Step.PLAN:
                return plan_page(language, product, quote, self._news, width, variables)
            case Step.CARD if not self._card_known:
                return iter([Content(self.gettext("Asking for the card on file …"))])
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
        outcome, variables = self.query_one("#outcome", Static), self.app.theme_variables
        language, problem = self.textmeter.language, self._problem
        outcome.display = self._placing or problem is not None
        if self._placing:
            outcome.update(Content(self.gettext("Placing the order … You may go on meanwhile, or leave.")))
        elif problem is not None:
            says = language.say(problem.says)
            if self._step is Step.ORDER and isinstance(problem, PaymentUnreachable):
                waits = self.gettext("Your order waits: it is done by itself as soon as it is paid.")
                says = f"{says} {waits}"
            outcome.update(
                Content.assemble(("✗ ", variables["error"]), literal(says).stylize(variables["error"]))
            )

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
        shown = Content.styled(f" {_(key)} ", f"bold {variables['background']} on {variables['primary']}")
        quiet = "" if self._step is Step.ORDER else "  ·  " + _("nothing is ordered yet")
        return Content.assemble(shown, ("  " + what, "bold"), (quiet, f"{variables['foreground']} 60%"))

    def _next_words(self) -> str:
        _, say = self.gettext, self.textmeter.language.say
        if self._step is Step.TERMS:
            return _("Accept the terms") if self._terms_read else _("Read on to the end")
        if self._step is Step.CARD and not self._card_known and self._problem is not None:
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

    def _ask_card(self) -> None:
        self._card_known = False
        self.textmeter.ask(
            lambda store: (store.gateway.card(), store.gateway.local),
            self._card_found,
            group="card",
            exclusive=True,
            failed=self._card_unknown,
        )

    def _card_found(self, found: tuple[Card | None, bool]) -> None:
        self._card, self._card_is_for_tests = found
        self._card_known = True
        self._show()

    def _card_unknown(self, error: TextmeterError) -> None:
        if self._step is Step.CARD:  # else it is asked for again on the way there
            self._problem = error
            self._show()

    def action_card(self) -> None:
        """Lets one put another card on file, and confirm it."""
        from tui.screens.order_card import CardScreen

        def back(_: None) -> None:
            self._step, self._problem = Step.CARD, None
            self._ask_card()
            self._show()

        self.app.push_screen(CardScreen(), back)

    # From step to step

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys show only on the step that they are for."""
        if action == "next":
            return self._step is not Step.TERMS
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
        if action == "accept" and not self._terms_read:
            return sentence("Read the terms to their end first: Page Down goes on.")
        if action == "next" and self._step is Step.CARD and self._card is None:
            if self._card_known:
                return sentence("There is no card on file yet. Press C to put one there.")
            return sentence("The card on file isn't known yet.")
        return None

    def key_label(self, binding: Binding) -> str:
        """Enter says what it does on the last step."""
        if binding.action == "next" and self._step is Step.ORDER:
            return self.gettext(
                "Cancel the plan" if self._quote.change is Change.CANCEL else "Place the order"
            )
        return super().key_label(binding)

    def action_next(self) -> None:
        """The next step, or the order itself."""
        if self._step is Step.CARD and not self._card_known and self._problem is not None:
            self._go(0)  # it could not be asked for before
        elif not self.refused("next"):
            if self._step is Step.ORDER:
                self._place()
            else:
                self._go(1)

    def action_accept(self) -> None:
        """Accepts the terms, which is the next step."""
        if not self.refused("accept"):
            self._go(1)

    def action_back(self) -> None:
        """One step back; from the first, or while the order is being placed, to the plans."""
        if self._placing:
            self.textmeter.tell(sentence("The order is being placed. You are told when it is done."))
        if self._placing or self._step is Step.PLAN:
            self.leave()
        else:
            self._go(-1)

    def action_orders(self) -> None:
        """Opens the orders, where what is owed can be paid."""
        from tui.screens.orders import OrdersScreen

        self.app.push_screen(OrdersScreen())

    def _go(self, by: int) -> None:
        self._step = self._steps[self._steps.index(self._step) + by]
        self._problem, self._news = None, []
        if self._step is Step.CARD and not self._card_known:
            self._ask_card()
        self.query_one("#page", VerticalScroll).scroll_home(animate=False)
        self._show()

    # The order

    def _place(self) -> None:
        account, quote, key = self.textmeter.account, self._quote, self._key
        if account is None:
            return
        self._placing, self._problem = True, None
        self._show()
        self.textmeter.ask(
            lambda store: store.credits.place(account.id, quote, key=key),
            self._placed,
            group="order",
            failed=self._not_placed,
        )

    def _placed(self, order: Order) -> None:
        from tui.screens.order import OrderScreen

        self.textmeter.refresh_balance()
        seen = self.is_attached and self.is_active
        if self.is_attached:
            self.leave()
        if seen:
            self.app.push_screen(OrderScreen(order.number, placed=True))
            return
        self.textmeter.tell(
            sentence(
                "Order {order} is placed: {what}.", order=order.number, what=order_words(self._product, order)
            )
        )

    def _not_placed(self, error: TextmeterError) -> None:
        self._placing = False
        if isinstance(error, PaymentDeclined | RefusedByRule):
            self._key = uuid.uuid4().hex
        if not self.is_attached:  # left before the answer came
            self.textmeter.tell_error(error)
        elif error.code == "quote-changed":
            self._quote_again(error)
        else:
            self._problem = error
            self._show()

    def _quote_again(self, error: TextmeterError) -> None:
        """Shows what the order would do now, and what of that is new; the terms are to be read again."""
        account, quote = self.textmeter.account, self._quote
        assert account is not None

        def ask(store: Store) -> Quote:
            if quote.change is Change.CANCEL:
                return store.credits.quote_cancel(account.id)
            return store.credits.quote_plan(account.id, quote.to_plan, billing=quote.billing)

        def show(now: Quote) -> None:
            self._news = [error.says, *differences(quote, now)]
            self._quote, self._steps = now, steps_of(self._product, now)
            self._step, self._terms_read = Step.PLAN, False
            if Step.CARD in self._steps and not self._card_known:
                self._ask_card()
            self._show()

        def fail(refusal: TextmeterError) -> None:
            self._problem = refusal
            self._show()

        self.textmeter.ask(ask, show, group="quote", failed=fail)


class NextStep(Static):
    """The line that names the key that goes on; a click does as the key."""

    async def on_click(self, event: events.Click) -> None:
        screen = self.screen
        assert isinstance(screen, PlanOrderScreen)
        for action in ("next", "accept"):
            if screen.check_action(action, ()):
                await screen.run_action(action)
