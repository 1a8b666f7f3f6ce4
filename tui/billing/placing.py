"""What all screens that place an order share: the card on file, the order itself, and what can go wrong."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from store.errors import PaymentDeclined, RefusedByRule, TextmeterError
from store.payments import PaymentUnreachable
from store.sentences import N_, Sentence, sentence
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.billing.receipts import order_words
from tui.billing.wizard_pages import NO_CARD
from tui.i18n.sanitize import literal

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Account, Order, Quote
    from store.payments import Card


BARS = 2
"""Lines of the top line and the key bar."""


@dataclass(frozen=True, slots=True)
class OnFile:
    """What would be charged. card: None where there is none; is_for_tests: whether no money moves; address:
    for the receipt, "" where none was given."""

    card: Card | None
    is_for_tests: bool
    address: str


class PlacingScreen(TextmeterScreen):
    """Places what was quoted. Subclasses draw it in `show`, and quote it again in `quote_again`.

    One key goes with the order however often it is asked for, so that it is placed once; after a refusal,
    which changed nothing, it is another order.
    """

    def __init__(self, quote: Quote) -> None:
        super().__init__()
        self._quote = quote
        self._on_file: OnFile | None = None
        """None until it is known."""
        self._key = uuid.uuid4().hex
        self._placing = False
        self._problem: TextmeterError | None = None
        """What the order was refused for, or why the card on file isn't known."""

    def show(self) -> None:
        """Draws the screen as it stands."""
        raise NotImplementedError

    def quote_again(self, store: Store, account_id: int) -> Quote:
        """The same change quoted now; called in a thread."""
        raise NotImplementedError

    def quoted_again(self, why: Sentence, quote: Quote) -> None:
        """The order would do something else than what was shown; this is what it would do now."""
        raise NotImplementedError

    def fit(self, page: Widget, *below: Widget) -> None:
        """Gives a page the height of its content, so that what stands below it is beside what it goes on
        from, and never more than leaves room for that: then the page scrolls."""
        taken = sum(
            widget.outer_size.height + widget.styles.margin.height for widget in below if widget.display
        )
        page.styles.max_height = max(self.size.height - BARS - page.styles.margin.height - taken, 1)

    # The card

    @property
    def _card(self) -> Card | None:
        """The card on file, as far as it is known."""
        return self._on_file.card if self._on_file is not None else None

    def ask_card(self) -> None:
        """Finds out which card would be charged."""
        self._on_file = None
        self.load(self._read_card, newest_only=True)

    async def _read_card(self) -> None:
        account = self.app.account

        def find(store: Store) -> OnFile:
            gateway = store.credits.gateway(account)
            address = store.credits.account(account.id).billing_address if account is not None else ""
            return OnFile(gateway.card(), gateway.local, address)

        try:
            self._on_file = await self.app.fetch(find)
        except TextmeterError as error:
            self.card_unknown(error)
        else:
            self.show()

    def card_unknown(self, error: TextmeterError) -> None:
        """Nobody said which card is on file."""
        self._problem = error
        self.show()

    def no_card(self) -> Sentence | None:
        """Why there is nothing to pay with, None where there is."""
        if self._on_file is None:
            return sentence("Still checking the card on file.")
        if self._on_file.card is None:
            return NO_CARD
        return None

    def card_changed(self) -> None:
        """Back from where another card may have been put on file."""
        self._problem = None
        self.ask_card()
        self.show()

    def change_card(self) -> None:
        """Lets one put another card on file, and confirm it."""
        from tui.billing.card import CardScreen

        self.app.push_screen(CardScreen(), lambda _: self.card_changed())

    def change_address(self) -> None:
        """Lets one type the billing address, which receipts show from then on."""
        from tui.billing.address import AddressScreen

        def typed(address: str | None) -> None:
            if address is not None and self._on_file is not None:
                self.keep_address(address)

        if self._on_file is not None:
            self.app.push_screen(AddressScreen(self._on_file.address), typed)

    def keep_address(self, address: str) -> None:
        """Keeps a billing address that was typed."""
        if (account := self.app.account) is not None:
            self.app.finish(self._keep_address(account, address))

    async def _keep_address(self, account: Account, address: str) -> None:
        await self.app.fetch(lambda store: store.credits.set_billing_address(account.id, address))
        self.ask_card()

    def address_action(self, id: str, shown: Callable[[], bool]) -> Action:
        """The key that changes the billing address."""
        return Action(
            id,
            "at",
            N_("Billing address"),
            N_("The address shown on receipts"),
            self.change_address,
            why_not=lambda: self.app.owners_only() or self.being_placed(),
            shown=lambda: self._on_file is not None and shown(),
            words=lambda: self.gettext("Address"),
        )

    def open_orders(self) -> None:
        """Opens the orders, where what is owed can be paid."""
        from tui.billing.orders import OrdersScreen

        self.app.push_screen(OrdersScreen())

    # The order

    def being_placed(self) -> Sentence | None:
        """Why nothing can be changed while the order is placed."""
        return sentence("The order is already being placed.") if self._placing else None

    def outcome(self) -> Content:
        """What went wrong, or that it is being placed; empty where there is nothing to say."""
        if self._placing:
            return Content(self.gettext("Placing the order … You can keep working, or leave."))
        if self._problem is None:
            return Content("")
        says = self.app.language.say(self._problem.says)
        if isinstance(self._problem, PaymentUnreachable) and self._on_file is not None:
            # The card was known, so it is the order that found nobody.
            waits = self.gettext("Your order is on hold. It goes through as soon as it's paid.")
            says = f"{says} {waits}"
        return Content.assemble(("✗ ", "$error"), literal(says).stylize("$error"))

    def place(self) -> None:
        """Charges the card and does what was quoted; then shows the receipt."""
        if (account := self.app.account) is not None:
            self._placing, self._problem = True, None
            self.show()
            self.app.finish(self._place(account, self.app.product))

    async def _place(self, account: Account, product: Product) -> None:
        """product: the account's; another account may be shown when the order is placed."""
        quote, key = self._quote, self._key
        try:
            order = await self.app.fetch(lambda store: store.credits.place(account.id, quote, key=key))
        except TextmeterError as error:
            self._placing = False
            await self._not_placed(account.id, error)
        else:
            self.placed(product, order)

    def placed(self, product: Product, order: Order) -> None:
        """The order is placed; where one has gone on meanwhile, that is only told."""
        from tui.billing.order import OrderScreen

        self.app.refresh_balance()
        seen = self.is_active
        self.leave()
        if seen:
            self.app.push_screen(OrderScreen(order.number, placed=True))
        else:
            what = order_words(product, order)
            self.app.tell(sentence("Order {order} placed: {what}.", order=order.number, what=what))

    async def _not_placed(self, account_id: int, error: TextmeterError) -> None:
        if isinstance(error, PaymentDeclined | RefusedByRule):
            self._key = uuid.uuid4().hex
        if not self.is_active:  # somebody has gone on meanwhile
            self.app.tell_error(error)
        if not self.is_attached:
            return
        if error.code == "quote-changed":
            try:
                quote = await self.app.fetch(lambda store: self.quote_again(store, account_id))
            except TextmeterError as refusal:
                error = refusal
            else:
                self.quoted_again(error.says, quote)
                return
        self._problem = error
        self.show()
