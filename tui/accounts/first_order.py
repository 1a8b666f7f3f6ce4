"""The steps to an account whose plan is paid for: as those of any plan, with the account at their end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from store.errors import TextmeterError
from store.payments import PaymentUnreachable
from store.sentences import N_
from tui.billing.wizard import PlanOrderScreen

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Account, Quote


class FirstOrderScreen(PlanOrderScreen):
    """Opens an account with its last step; there is none before.

    quote_now: what opening it would do now, asked in a thread. open_account: opens it as it was agreed to,
    with a billing address; likewise. opened: called with the account, and with what is wrong where its
    payment isn't known yet.
    """

    NAME = N_("New account")
    CSS_PATH = "../billing/plan_order.tcss"

    def __init__(
        self,
        product: Product,
        quote: Quote,
        *,
        quote_now: Callable[[], Quote],
        open_account: Callable[[Store, Quote, str], Account],
        opened: Callable[[Account, TextmeterError | None], None],
    ) -> None:
        super().__init__(product, quote, owing=())
        self._quote_now, self._open, self._opened = quote_now, open_account, opened

    def keep_address(self, address: str) -> None:
        """It is the new account's, which isn't there yet."""
        if self._on_file is not None:
            self._on_file = replace(self._on_file, address=address)
            self.show()

    def quote_again(self, store: Store, account_id: int) -> Quote:
        return self._quote_now()

    def place(self) -> None:
        """Charges the card and opens the account."""
        self._placing, self._problem = True, None
        self.show()
        self.app.finish(self._open_account())

    async def _open_account(self) -> None:
        quote, address = self._quote, self._on_file.address if self._on_file is not None else ""

        def open_account(store: Store) -> tuple[Account, TextmeterError | None]:
            try:
                return self._open(store, quote, address), None
            except PaymentUnreachable as error:  # it is there, and gets its plan once the payment is known
                return store.credits.accounts()[-1], error

        try:
            account, trouble = await self.app.fetch(open_account)
        except TextmeterError as error:
            self._placing = False
            await self._not_placed(0, error)
        else:
            self.leave()
            self._opened(account, trouble)
