"""What all screens of orders share: paying what is owed, and the card that it is paid with."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from store.credits.model import OrderState
from store.roles import Role
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.screen import TextmeterScreen

if TYPE_CHECKING:
    from store.credits.model import Order
    from store.errors import TextmeterError


class PayingScreen(TextmeterScreen):
    """A screen on which what is owed can be paid. owed: what was last known of it, None where nothing is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "p",
            "pay",
            N_("Pay now"),
            id="orders.pay",
            tooltip=N_("Charge the card on file again for what is not paid yet"),
        ),
        Binding(
            "c",
            "card",
            N_("Another card"),
            id="orders.card",
            tooltip=N_("See the card on file, or take another one"),
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._owing = False
        self._paying = False

    def read(self) -> None:
        """Reads anew what the screen shows: something was paid."""
        raise NotImplementedError

    def read_owing(self) -> None:
        """Finds out whether anything is owed, for which there is a key then."""
        account = self.app.account
        if account is not None:
            self.app.ask(
                lambda store: store.credits.owing(account.id), self._know_owing, group="owing", exclusive=True
            )

    def _know_owing(self, owing: list[Order]) -> None:
        self._owing = bool(owing)
        if self.is_attached:
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Paying, and another card for it, show only where something is owed."""
        return action not in ("pay", "card") or self._owing

    def why_not(self, action: str) -> Sentence | None:
        """Why an action can't be done now."""
        if action == "pay" and (forbidden := self.app.lacks(Role.OWNER)):
            return forbidden
        if action == "pay" and self._paying:
            return sentence("The card is being charged.")
        return None

    def action_pay(self) -> None:
        """Has the card on file charged for all that is owed."""
        account = self.app.account
        if account is None or self.refused("pay"):
            return
        self._paying = True
        self.app.tell(sentence("Charging the card on file …"))
        self.app.ask(
            lambda store: store.credits.collect(account.id, again=True),
            self._asked,
            group="order",
            failed=self._not_asked,
        )

    def _asked(self, owing: list[Order]) -> None:
        self._paying = False
        unpaid = [order for order in owing if order.state is OrderState.UNPAID]
        if not owing:
            self.app.tell(sentence("All is paid."))
        elif unpaid and unpaid[0].reason is not None:
            self.app.tell(unpaid[0].reason, severity="error")
        else:
            self.app.tell(
                sentences("{count} order is not paid yet.", "{count} orders are not paid yet.", len(owing)),
                severity="warning",
            )
        self.app.refresh_balance()
        self._know_owing(owing)
        if self.is_attached:
            self.read()

    def _not_asked(self, error: TextmeterError) -> None:
        self._paying = False
        self.app.tell_error(error)

    def action_card(self) -> None:
        """Shows the card on file."""
        from tui.billing.card import CardScreen

        self.app.push_screen(CardScreen())
