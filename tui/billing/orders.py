"""All orders, the newest first, each leading to its receipt."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from store.credits.model import Order, OrderState
from store.sentences import N_, Money
from tui.billing.paying import PayingScreen
from tui.billing.receipts import SIGNS, order_words, state_words
from tui.i18n.sanitize import plain
from tui.widgets.line_list import Head, PagedList

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product

PAGE = 100
NARROW = 70
"""Cells of a line below which its columns stand closer."""


class OrdersScreen(PayingScreen):
    """The account's orders: what, when, for how much, and whether it is paid."""

    NAME = N_("Orders")
    CSS_PATH = "orders.tcss"
    AUTO_FOCUS = "#orders"
    HELP: ClassVar[str] = N_(
        "Every change of a plan, every purchase and every renewal that cost something. Enter opens the "
        "receipt. What could not be charged is marked; another card can be put on file, and then it is paid "
        "from here."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", N_("Receipt"), id="orders.open", tooltip=N_("Show this order's receipt")),
        Binding("escape", "back", N_("Back"), id="orders.back", tooltip=N_("Back to where you were")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._product: Product | None = None

    def body(self) -> ComposeResult:
        yield Head(self._columns)
        yield Static(Content(self.gettext("Nothing was ordered yet.")), id="empty")
        yield PagedList(self._line, id="orders")

    @property
    def _list(self) -> PagedList[Order]:
        return self.query_one("#orders", PagedList)

    def on_mount(self) -> None:
        self.read_owing()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.read_owing()
        self._list.restart(keep_line=True)

    def read(self) -> None:
        """Reads the list anew."""
        self._list.restart(keep_line=True)

    @on(PagedList.PageWanted, "#orders")
    def _fetch(self, wanted: PagedList.PageWanted) -> None:
        account, after = self.app.account, wanted.after
        if account is None:
            return

        def page(store: Store) -> tuple[Product, list[Order]]:
            before = after.number if after else None
            return store.credits.product(account), store.credits.orders(account.id, before=before, limit=PAGE)

        self.app.ask(page, partial(self._fetched, wanted.query), group="orders")

    def _fetched(self, query: int, found: tuple[Product, list[Order]]) -> None:
        if not self.is_attached:  # left before the answer came
            return
        self._product, orders = found
        self._list.extend(query, orders, complete=len(orders) < PAGE)
        self.query_one("#empty", Static).display = not self._list.items

    def _columns(self, width: int) -> Content:
        _ = self.gettext
        return self._row(_("Order"), _("Day"), Content(_("What")), _("Amount"), Content(_("State")), width)

    def _line(self, order: Order, width: int) -> Content:
        language = self.app.language
        assert self._product is not None  # it came with the orders
        state = Content(f"{SIGNS[order.state]} {language.say(state_words(order))}")
        if order.state is OrderState.UNPAID:
            state = state.stylize(self.app.theme_variables["error"])
        what = Content(plain(language.say(order_words(self._product, order))))
        amount = language.money(Money(order.cents))
        day = language.day_and_month(order.on) if width < NARROW else language.day(order.on)
        return self._row(language.number(order.number), day, what, amount, state, width)

    def _row(self, number: str, day: str, what: Content, amount: str, state: Content, width: int) -> Content:
        """Number and amount at the right of their columns; what was ordered gives way."""
        number_width, day_width, amount_width, state_width = 6, 14, 11, 17
        if width < NARROW:
            day_width, amount_width, state_width = 8, 10, 15
        room = max(width - number_width - 2 - day_width - amount_width - state_width, 0)
        return Content.assemble(
            number.rjust(number_width),
            "  ",
            Content(day).truncate(day_width, pad=True),
            what.truncate(room, ellipsis=True, pad=True),
            amount.rjust(amount_width),
            "  ",
            state.truncate(state_width - 2, ellipsis=True, pad=True),
        )

    def action_open(self) -> None:
        """Opens the line under the cursor."""
        self._list.action_choose()

    @on(PagedList.Chosen, "#orders")
    def _open(self, chosen: PagedList.Chosen) -> None:
        from tui.billing.order import OrderScreen

        self.app.push_screen(OrderScreen(chosen.item.number))

    def action_back(self) -> None:
        """Back to the screen below."""
        self.leave()
