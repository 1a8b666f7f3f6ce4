"""What all screens that place an order share: the card on file, the order itself, and what can go wrong."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from textual.content import Content

from store.errors import PaymentDeclined, RefusedByRule
from store.payments import PaymentUnreachable
from store.sentences import Sentence, sentence
from tui.base.screen import TextmeterScreen
from tui.billing.receipts import order_words
from tui.i18n.sanitize import literal

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Order, Quote
    from store.errors import TextmeterError
    from store.payments import Card


class PlacingScreen(TextmeterScreen):
    """Places what was quoted. Subclasses draw it in `show`, and quote it again in `quote_again`.

    One key goes with the order however often it is asked for, so that it is placed once; after a refusal,
    which changed nothing, it is another order.
    """

    def __init__(self, quote: Quote) -> None:
        super().__init__()
        self._quote = quote
        self._card: Card | None = None
        self._card_known = self._card_is_for_tests = False
        self._key = uuid.uuid4().hex
        self._placing = self._waits = False
        self._problem: TextmeterError | None = None
        self._ordered_of: Product

    def show(self) -> None:
        """Draws the screen as it stands."""
        raise NotImplementedError

    def quote_again(self, store: Store, account_id: int) -> Quote:
        """The same change quoted now; called in a thread."""
        raise NotImplementedError

    def quoted_again(self, why: Sentence, quote: Quote) -> None:
        """The order would do something else than what was shown; this is what it would do now."""
        raise NotImplementedError

    # The card

    def ask_card(self) -> None:
        """Finds out which card would be charged."""
        account = self.app.account
        if account is None:
            return
        self._card_known = False

        def find(store: Store) -> tuple[Card | None, bool]:
            gateway = store.credits.gateway(account)
            return gateway.card(), gateway.local

        self.app.ask(find, self._card_found, group="card", exclusive=True, failed=self.card_unknown)

    def _card_found(self, found: tuple[Card | None, bool]) -> None:
        self._card, self._card_is_for_tests = found
        self._card_known = True
        self.show()

    def card_unknown(self, error: TextmeterError) -> None:
        """Nobody said which card is on file."""
        self._refused(error)

    def no_card(self) -> Sentence | None:
        """Why there is nothing to pay with, None where there is."""
        if self._card is not None:
            return None
        if self._card_known:
            return sentence("There is no card on file yet. Press C to put one there.")
        return sentence("The card on file isn't known yet.")

    def card_changed(self) -> None:
        """Back from where another card may have been put on file."""
        self._problem = None
        self.ask_card()
        self.show()

    def action_card(self) -> None:
        """Lets one put another card on file, and confirm it."""
        from tui.billing.card import CardScreen

        if not self.refused("card"):
            self.app.push_screen(CardScreen(), lambda _: self.card_changed())

    def action_orders(self) -> None:
        """Opens the orders, where what is owed can be paid."""
        from tui.billing.orders import OrdersScreen

        self.app.push_screen(OrdersScreen())

    # The order

    def outcome(self) -> Content:
        """What went wrong, or that it is being placed; empty where there is nothing to say."""
        if self._placing:
            return Content(self.gettext("Placing the order … You may go on meanwhile, or leave."))
        if self._problem is None:
            return Content("")
        says = self.app.language.say(self._problem.says)
        if self._waits:
            waits = self.gettext("Your order waits: it is done by itself as soon as it is paid.")
            says = f"{says} {waits}"
        return Content.assemble(("✗ ", "$error"), literal(says).stylize("$error"))

    def place(self) -> None:
        """Charges the card and does what was quoted, in a thread; then shows the receipt."""
        account, quote, key = self.app.account, self._quote, self._key
        if account is None:
            return
        self._placing, self._problem = True, None
        self._ordered_of = self.app.product  # another account may be shown when the answer comes
        self.show()
        self.app.ask(
            lambda store: store.credits.place(account.id, quote, key=key),
            self.placed,
            group="order",
            failed=self._not_placed,
        )

    def placed(self, order: Order) -> None:
        """The order is placed; where one has gone on meanwhile, that is only told."""
        from tui.billing.order import OrderScreen

        self.app.refresh_balance()
        seen = self.is_attached and self.is_active
        if self.is_attached:
            self.leave()
        if seen:
            self.app.push_screen(OrderScreen(order.number, placed=True))
            return
        what = order_words(self._ordered_of, order)
        self.app.tell(sentence("Order {order} is placed: {what}.", order=order.number, what=what))

    def _not_placed(self, error: TextmeterError) -> None:
        self._placing = False
        if isinstance(error, PaymentDeclined | RefusedByRule):
            self._key = uuid.uuid4().hex
        account = self.app.account
        if not (self.is_attached and self.is_active):  # somebody has gone on meanwhile
            self.app.tell_error(error)
        if not self.is_attached or account is None:
            return
        if error.code == "quote-changed":
            self.app.ask(
                lambda store: self.quote_again(store, account.id),
                lambda quote: self.quoted_again(error.says, quote),
                group="quote",
                failed=self._refused,
            )
        else:
            self._refused(error, waits=isinstance(error, PaymentUnreachable))

    def _refused(self, error: TextmeterError, *, waits: bool = False) -> None:
        self._problem, self._waits = error, waits
        self.show()
