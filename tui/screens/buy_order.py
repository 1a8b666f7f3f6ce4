"""The last look before credits are bought: what is charged to which card, the terms, and the order."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.errors import PaymentDeclined, RefusedByRule, TextmeterError
from store.payments import PaymentUnreachable
from store.sentences import N_, Money, Sentence, sentence, sentences
from tui.literal import literal
from tui.screens.base import TextmeterScreen
from tui.widgets.keybar import KeyBar
from tui.widgets.planpages import quote_lines

if TYPE_CHECKING:
    from store.credits.model import Order, Quote
    from store.payments import Card


class BuyOrderScreen(TextmeterScreen):
    """Shows a quote and the card on file; A accepts the terms, Enter places the order.

    placed: called once the order is. One key goes with the order however often it is asked for, so that it is
    placed once; after a refusal, which changed nothing, it is another order.
    """

    NAME = N_("Buy credits")
    CSS_PATH = "../styles/buy.tcss"
    HELP: ClassVar[str] = N_(
        "Look at what is charged and to which card, accept the terms with A, then place the order with "
        "Enter. Esc goes back, and nothing is bought. A card that is declined changes nothing; C puts "
        "another on file."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "place", N_("Place the order"), id="buy_order.place", tooltip=N_("Charges the card")
        ),
        Binding("a", "accept", N_("Accept"), id="buy_order.accept", tooltip=N_("Accept the terms, or don't")),
        Binding("c", "card", N_("Another card"), id="buy_order.card", tooltip=N_("Put another card on file")),
        Binding("o", "orders", N_("Orders"), id="buy_order.orders", tooltip=N_("See what is not paid yet")),
        Binding("escape", "back", N_("Back"), id="buy_order.back", tooltip=N_("Buys nothing")),
    ]

    def __init__(self, quote: Quote, placed: Callable[[], None]) -> None:
        super().__init__()
        self._quote = quote
        self._placed = placed
        self._card: Card | None = None
        self._card_known = self._accepted = self._placing = False
        self._key = uuid.uuid4().hex
        self._problem: TextmeterError | None = None

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(id="buy-question", classes="heading")
            yield Static(id="buy-quote", classes="said")
            yield Static(id="buy-card", classes="said")
            yield Static(id="buy-terms", classes="said")
            yield Static(id="buy-outcome")

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if not self._left:
            self._ask_card()
            self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    # What is shown

    def _show(self) -> None:
        if not self.query("#buy-terms"):
            return
        language, variables, quote = self.textmeter.language, self.app.theme_variables, self._quote
        question = sentences(
            "Buy {count} credit for {price}?",
            "Buy {count} credits for {price}?",
            quote.credits_now,
            price=Money(quote.charge_cents),
        )
        width = self.query_one("#buy-quote").size.width
        shown = {
            "question": Content(language.say(question)),
            "quote": Content("\n").join(quote_lines(language, quote, width, variables)),
            "card": literal(language.say(self._card_words())),
            "terms": self._terms(),
            "outcome": self._outcome(),
        }
        for name, content in shown.items():
            self.query_one(f"#buy-{name}", Static).update(content)
        self.query_one(KeyBar).refresh()

    def _card_words(self) -> Sentence:
        if not self._card_known:
            return sentence("Asking for the card on file …")
        if self._card is None:
            return sentence("There is no card on file yet. Press C to put one there.")
        if self._card.expires:
            return sentence(
                "Paid with {card}, which expires {month}.", card=str(self._card), month=self._card.expires
            )
        return sentence("Paid with {card}.", card=str(self._card))

    def _terms(self) -> Content:
        _ = self.gettext
        terms = _("The card is charged once, now. What was bought never expires, and is not paid back.")
        if self._accepted:
            return Content.assemble(("✓ ", "bold $success"), _("Accepted:"), " ", terms)
        return Content.assemble(("A ", "bold $primary"), _("accepts:"), " ", terms)

    def _outcome(self) -> Content:
        """What went wrong, or that the order is being placed."""
        if self._placing:
            return Content(self.gettext("Placing the order … You may leave meanwhile."))
        if self._problem is None:
            return Content("")
        says = self.textmeter.language.say(self._problem.says)
        if isinstance(self._problem, PaymentUnreachable):
            kept = self.gettext(
                "Your order is kept, and asked for again by itself until it is known. It is never charged "
                "twice."
            )
            says = f"{says} {kept}"
        return Content.assemble(("✗ ", "$error"), literal(says).stylize("$error"))

    # The card

    def _ask_card(self) -> None:
        self._card_known = False
        self.textmeter.ask(
            lambda store: store.gateway.card(),
            self._card_found,
            group="card",
            exclusive=True,
            failed=self._not_answered,
        )

    def _card_found(self, card: Card | None) -> None:
        self._card, self._card_known = card, True
        self._show()

    def _not_answered(self, error: TextmeterError) -> None:
        self._problem = error
        self._show()

    def action_card(self) -> None:
        """Lets one put another card on file."""
        from tui.screens.order_card import CardScreen

        if not self.refused("card"):
            self._problem = None
            self.app.push_screen(CardScreen())

    def action_orders(self) -> None:
        """Opens the orders, where what is owed can be paid."""
        from tui.screens.orders import OrdersScreen

        self.app.push_screen(OrdersScreen())

    # The order

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "orders":
            return self._problem is not None and self._problem.code == "unpaid-order"
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> Sentence | None:
        if self._placing and action in ("accept", "card", "place"):
            return sentence("The order is being placed already.")
        if action == "place":
            if not self._card_known:
                return sentence("The card on file isn't known yet.")
            if self._card is None:
                return sentence("There is no card on file yet. Press C to put one there.")
            if not self._accepted:
                return sentence("Press A first, to accept the terms. Nothing was charged.")
        return None

    def action_accept(self) -> None:
        """Accepts the terms, or takes that back."""
        if not self.refused("accept"):
            self._accepted = not self._accepted
            self._show()

    def action_back(self) -> None:
        """Back to the number; an order that is being placed goes on, and is told of."""
        if self._placing:
            self.textmeter.tell(sentence("The order is being placed. You are told when it is done."))
        self.leave()

    def action_place(self) -> None:
        """Charges the card and adds the credits, in a thread."""
        account = self.textmeter.account
        if account is None or self.refused("place"):
            return
        self._placing, self._problem = True, None
        self._show()
        quote, key = self._quote, self._key
        self.textmeter.ask(
            lambda store: store.credits.place(account.id, quote, key=key),
            self._ordered,
            group="order",
            failed=self._not_placed,
        )

    def _ordered(self, order: Order) -> None:
        from tui.screens.order import OrderScreen

        self.textmeter.refresh_balance()
        if self.is_attached and self.is_active:
            self.app.push_screen(OrderScreen(order.number, placed=True))
        else:
            self.textmeter.tell(
                sentence("Order {order} is placed: {count} credits.", order=order.number, count=order.credits)
            )
        self._placed()
        self.leave()

    def _not_placed(self, error: TextmeterError) -> None:
        self._placing = False
        if isinstance(error, PaymentDeclined | RefusedByRule):
            self._key = uuid.uuid4().hex
        if not self.is_attached:  # left before the answer came
            self.textmeter.tell_error(error)
            return
        account, credits = self.textmeter.account, self._quote.credits_now
        if error.code == "quote-changed" and account is not None:
            self._accepted = False
            self.textmeter.ask(
                lambda store: store.credits.quote_purchase(account.id, credits),
                self._quoted_again,
                group="quote",
                failed=self._not_answered,
            )
        self._not_answered(error)

    def _quoted_again(self, quote: Quote) -> None:
        self._quote = quote
        self._show()
