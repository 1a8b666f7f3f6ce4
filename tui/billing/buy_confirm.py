"""The last look before credits are bought: what is charged to which card, the terms, and the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.sentences import N_, Key, Money, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.billing.placing import PlacingScreen
from tui.billing.wizard_pages import address_words, next_line, quote_lines
from tui.i18n.sanitize import literal

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Order, Quote

ACCEPT = Key("buy_order.accept", "a")


class BuyOrderScreen(PlacingScreen):
    """Shows a quote and the card on file on one page; A accepts the terms, Enter places the order.

    bought: called once the order is placed.
    """

    NAME = N_("Buy credits")
    CSS_PATH = "buy.tcss"
    HELP: ClassVar[str] = N_(
        "Check the charge and the card, press {accept} to accept the terms, then Enter to place the "
        "order. Esc goes back without buying anything. If the card is declined, nothing changes; press "
        "{card} to use a different card."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {
        "accept": ACCEPT,
        "card": Key("order.edit", "e"),
    }

    def __init__(self, quote: Quote, bought: Callable[[], None]) -> None:
        super().__init__(quote)
        self._bought = bought
        self._accepted = False
        self._news: Sentence | None = None

    def actions(self) -> Iterable[Action]:
        yield Action(
            "buy_order.place",
            "enter",
            N_("Place order"),
            N_("Charges your card"),
            self.place,
            why_not=self._not_ready,
        )
        yield Action(
            "buy_order.accept",
            "a",
            N_("Accept"),
            N_("Accept the terms, or undo that"),
            self.accept,
            why_not=self.being_placed,
        )
        yield Action(
            "order.edit",
            "e",
            N_("Change card"),
            N_("Use a different card"),
            self.change_card,
            why_not=self.being_placed,
        )
        yield self.address_action("order.address", lambda: True)
        yield Action(
            "go.orders",
            "g o",
            N_("Orders"),
            N_("See unpaid orders"),
            self.open_orders,
            shown=lambda: self._problem is not None and self._problem.code == "unpaid-order",
        )
        yield Action("buy_order.back", "escape", N_("Back"), N_("Buys nothing"), self.back)

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(id="buy-news", classes="said")
            yield Static(id="buy-question", classes="heading")
            yield Static(id="buy-quote", classes="said")
            yield Static(id="buy-card", classes="said")
            yield Static(id="buy-terms", classes="said")
        yield Static(id="buy-outcome")
        yield Static(id="buy-next")
        self.call_after_refresh(self.show)

    def on_mount(self) -> None:
        self.ask_card()

    def on_resize(self) -> None:
        self.call_after_refresh(self.show)

    # What is shown

    def show(self) -> None:
        """Draws the page as it stands."""
        if not self.query("#buy-terms"):
            return
        language, variables, quote = self.app.language, self.app.theme_variables, self._quote
        question = sentences(
            "Buy {count} credit for {price}?",
            "Buy {count} credits for {price}?",
            quote.credits_now,
            price=Money(quote.charge_cents),
        )
        width = self.query_one("#buy-quote").size.width
        news = Content("")
        if self._news is not None:
            news = literal(f"! {language.say(self._news)}").stylize("$warning")
        self.query_one("#buy-news").display = bool(news)
        self.query_one("#buy-outcome").display = bool(self.outcome())
        shown = {
            "news": news,
            "question": Content(language.say(question)),
            "quote": Content("\n").join(quote_lines(language, quote, width, variables)),
            "card": Content("\n").join(
                literal(language.say(says)) for says in (self._card_words(), *self._address_words())
            ),
            "terms": self._terms(),
            "outcome": self.outcome(),
            "next": self._next(),
        }
        for name, content in shown.items():
            self.query_one(f"#buy-{name}", Static).update(content)
        self.refresh_bindings()
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        below = (self.query_one("#buy-outcome"), self.query_one("#buy-next"))
        self.fit(self.query_one(VerticalScroll), *below)

    def _card_words(self) -> Sentence:
        missing = self.no_card()
        if missing is not None:
            return missing
        if self._on_file is not None and self._on_file.is_for_tests:
            return sentence(
                "Paid with {card}. This is a test card: no real money is charged.", card=str(self._card)
            )
        return sentence("Paid with {card}.", card=str(self._card))

    def _address_words(self) -> Iterator[Sentence]:
        if self._on_file is not None:
            yield address_words(self._on_file.address)

    def _terms(self) -> Content:
        _ = self.gettext
        terms = Content(
            _(
                "Your card is charged once, now. Nothing renews, so there is nothing to cancel. "
                "Purchased credits never expire and can't be refunded. The payment provider keeps "
                "your card; your address is used only for receipts."
            )
        )
        return terms + Content("\n" + _("✓ Terms accepted")) if self._accepted else terms

    def _next(self) -> Content:
        """The key that goes on, and where to."""
        _, variables = self.gettext, self.app.theme_variables
        if self._placing or (self._accepted and self._on_file is None):
            return Content("")
        if not self._accepted:
            key = self.key_of("buy_order.accept")
            return next_line(key, _("Accept the terms"), _("nothing ordered yet"), variables)
        if self._card is None:
            key = self.key_of("order.edit")
            return next_line(key, _("Add a card"), _("nothing ordered yet"), variables)
        pays = sentence(
            "Place the order and pay {charge} with {card}",
            charge=Money(self._quote.charge_cents),
            card=str(self._card),
        )
        return next_line(_("Enter"), self.app.language.say(pays), "", variables)

    @on(events.Click, "#buy-next")
    def _clicked(self) -> None:
        """A click on the line that names a key does as the key."""
        if not self._accepted:
            self.action_act("buy_order.accept")
        else:
            self.action_act("buy_order.place" if self._card is not None else "buy_order.card")

    # What can be done

    def _not_ready(self) -> Sentence | None:
        """Why the order can't be placed now."""
        if (why := self.app.owners_only() or self.being_placed()) is not None:
            return why
        if not self._accepted:
            return sentence("Press {key} to accept the terms first. Nothing was charged.", key=ACCEPT)
        return self.no_card()

    def accept(self) -> None:
        """Accepts the terms, or takes that back."""
        self._accepted = not self._accepted
        self.show()

    def back(self) -> None:
        """Back to the number; an order that is being placed goes on, and is told of."""
        if self._placing:
            self.app.tell(sentence("Placing the order. You'll be told when it's done."))
        self.leave()

    def place(self) -> None:
        self._news = None
        super().place()

    def placed(self, product: Product, order: Order) -> None:
        """From the receipt one comes back to where buying began."""
        super().placed(product, order)
        self._bought()

    def quote_again(self, store: Store, account_id: int) -> Quote:
        """As many credits quoted now."""
        return store.credits.quote_purchase(account_id, self._quote.credits_now)

    def quoted_again(self, why: Sentence, quote: Quote) -> None:
        """Shows what the order would do now; the terms are to be accepted again."""
        self._quote, self._news, self._accepted = quote, why, False
        self.show()
