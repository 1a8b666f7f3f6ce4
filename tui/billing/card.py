"""The card on file, and how another one is put there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.errors import TextmeterError
from store.payments import Card
from store.sentences import N_, sentence
from tui.base.actions import Action
from tui.base.navigation import StoreOpened
from tui.base.screen import TextmeterScreen
from tui.billing.wizard_pages import card_lines
from tui.i18n.sanitize import literal
from tui.widgets.link_list import Row, Rows

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account


ANSWERS = {
    "": N_("approved"),
    "card_declined": N_("declined"),
    "insufficient_funds": N_("declined: insufficient funds"),
    "expired_card": N_("declined: card expired"),
    "incorrect_cvc": N_("declined: wrong security code"),
    "processing_error": N_("declined: bank unavailable"),
    "authentication_required": N_("declined: not authenticated"),
}
"""What a test card answers, by the word with which it is declined, as short as a list has it."""


@dataclass(frozen=True, slots=True)
class Wallet:
    """card: the one on file; link: the provider's page for another one, "" where test cards are taken."""

    card: Card | None
    link: str


def read_wallet(store: Store, account: Account | None) -> Wallet:
    """Asks an account's payment provider, which may take as long as a network does. None: that of the first
    account, which is to be opened."""
    gateway = store.credits.gateway(account)
    return Wallet(gateway.card(), gateway.card_link())


class CardScreen(TextmeterScreen):
    """Shows the card on file. Of the embedded provider, one of its test cards can be chosen; others have a
    page of their own for it, and no card's number is typed here.
    """

    NAME = N_("Card")
    CSS_PATH = "orders.tcss"
    AUTO_FOCUS = "Rows"
    HELP: ClassVar[str] = N_(
        "The card that pays for plans and credits. Textmeter knows only its brand, its last four digits "
        "and its expiration date. Test cards charge no real money: some are approved and some are "
        "declined, so you can try both."
    )
    cards = getters.query_one(Rows)

    def __init__(self) -> None:
        super().__init__()
        self._wallet: Wallet | None = None
        self._problem: TextmeterError | None = None
        self._asking = False

    def actions(self) -> Iterable[Action]:
        yield Action("card.back", "escape", N_("Back"), N_("Back to where you were"), self.leave)
        yield Action("card.again", "r", N_("Check card"), N_("Check which card is on file now"), self.look)

    def body(self) -> ComposeResult:
        with VerticalScroll(id="page", can_focus=False):
            yield Static(id="card")
            yield Rows(id="cards", enter=N_("Choose"))
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        self.look()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    @on(StoreOpened)
    def look(self) -> None:
        """Asks which card is on file."""
        self.load(self.read)

    async def read(self) -> None:
        """Asks which card is on file, and shows it."""
        account = self.app.account
        self._asking, self._problem = True, None
        self._show()
        try:
            self._wallet = await self.app.fetch(lambda store: read_wallet(store, account))
        except TextmeterError as error:
            self._problem = error
        self._asking = False
        self._show()

    def _show(self) -> None:
        if not self.query("#cards"):
            return
        _, language, variables = self.gettext, self.app.language, self.app.theme_variables
        wallet = self._wallet
        lines: list[Content] = []
        if wallet is not None and wallet.card is not None:
            lines += card_lines(wallet.card, variables)
        elif wallet is not None:
            lines.append(Content(_("No card on file yet.")))
        if self._problem is not None:
            says = literal(language.say(self._problem.says)).stylize(variables["error"])
            lines.append(Content.assemble(("✗ ", variables["error"]), says))
        elif self._asking:
            lines.append(Content(_("Checking the card on file …")))
        self.query_one("#card", Static).update(Content("\n").join(lines))
        self.cards.show(self._rows(wallet))

    def _rows(self, wallet: Wallet | None) -> list[Row]:
        """What can be put on file instead: the test cards, or the provider's page."""
        _, variables = self.gettext, self.app.theme_variables
        if wallet is None or self.app.owners_only():
            return []
        if wallet.link:
            return [
                Row("", Content.styled(_("Change card"), "bold")),
                Row("", Content(_("Open the payment provider's page in a browser")), run=self.open_page),
                Row("", Content(_("Copy its address")), run=self.copy_address),
                Row("", literal(wallet.link).stylize(variables["quiet"])),
            ]
        from store.payments.testcard import NUMBERS

        rows = [Row("", Content.styled(_("Another test card"), "bold"))]
        for number, card in NUMBERS.items():
            label = f"{card.brand} {number[-4:]}"
            rows.append(Row(label, Content(_(ANSWERS[card.declines])), run=partial(self.use, number)))
        return rows

    def use(self, number: str) -> None:
        """Puts a test card on file, and goes back."""
        self.app.finish(self._use(self.app.account, number))

    async def _use(self, account: Account | None, number: str) -> None:
        try:
            card = await self.app.fetch(lambda store: store.credits.gateway(account).use(number))
        except TextmeterError as error:
            if not self.is_active:  # somebody went on meanwhile
                self.app.tell_error(error)
            self._problem = error
            self._show()
        else:
            self.app.tell(sentence("{card} is now on file.", card=str(card)))
            self.leave()

    def open_page(self) -> None:
        """Opens the provider's page, where there is a browser; its address stands here as well."""
        if self._wallet is not None:
            self.app.open_url(self._wallet.link)

    def copy_address(self) -> None:
        """Hands the page's address to the terminal's clipboard."""
        if self._wallet is not None:
            self.app.copy_to_clipboard(self._wallet.link)
            self.app.tell(sentence("Address copied, if your terminal allows it."))
