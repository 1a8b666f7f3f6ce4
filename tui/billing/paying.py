"""What all screens of orders share: paying what is owed, and the card that it is paid with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from store.credits.model import OrderState
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen

if TYPE_CHECKING:
    from store.credits.model import Account
    from tui.base.session_app import SessionApp


async def pay_owed(app: SessionApp, account: Account) -> None:
    """Has the card on file charged for all that is owed, and tells what came of it."""
    owing = await app.fetch(lambda store: store.credits.collect(account.id, again=True))
    unpaid = [order for order in owing if order.state is OrderState.UNPAID]
    if not owing:
        app.tell(sentence("Everything is paid."))
    elif unpaid and unpaid[0].reason is not None:
        app.tell(unpaid[0].reason, severity="error")
    else:
        app.tell(
            sentences("{count} unpaid order.", "{count} unpaid orders.", len(owing)),
            severity="warning",
        )
    app.refresh_balance()


class PayingScreen(TextmeterScreen):
    """A screen on which what is owed can be paid, for which there is a key then."""

    def __init__(self) -> None:
        super().__init__()
        self._owing = self._paying = False

    def actions(self) -> Iterable[Action]:
        yield Action(
            "orders.pay",
            "dollar_sign",
            N_("Pay now"),
            N_("Charge the card on file again for unpaid orders"),
            self.pay,
            why_not=self._not_payable,
            shown=lambda: self._owing,
        )
        yield Action(
            "orders.edit",
            "e",
            N_("Change card"),
            N_("See the card on file, or use a different one"),
            self.card,
            shown=lambda: self._owing,
        )

    def read(self) -> None:
        """Reads what the screen shows, and whether anything is owed."""
        self.load(self._read_owing)

    async def _read_owing(self) -> None:
        if (account := self.app.account) is not None:
            self._owing = bool(await self.app.fetch(lambda store: store.credits.owing(account.id)))
            self.refresh_bindings()

    def _not_payable(self) -> Sentence | None:
        return self.app.owners_only() or (sentence("Your card is being charged.") if self._paying else None)

    def pay(self) -> None:
        """Has the card on file charged for all that is owed."""
        if (account := self.app.account) is not None:
            self._paying = True
            self.app.tell(sentence("Charging the card on file …"))
            self.app.finish(self._pay(account))

    async def _pay(self, account: Account) -> None:
        try:
            await pay_owed(self.app, account)
        finally:
            self._paying = False
        if self.is_attached:
            self.read()

    def card(self) -> None:
        """Shows the card on file."""
        from tui.billing.card import CardScreen

        self.app.push_screen(CardScreen())
