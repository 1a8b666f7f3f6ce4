"""All orders, the newest first, each leading to its receipt."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from store.credits.model import Order, OrderState
from store.sentences import N_, Money
from tui.base.actions import Action
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
        "Every plan change, purchase and paid renewal. Enter opens the receipt. Failed "
        "charges are marked; you can use a different card and pay them here."
    )
    orders = getters.query_one("#orders", PagedList)

    def __init__(self) -> None:
        super().__init__()
        self._product: Product | None = None

    def actions(self) -> Iterable[Action]:
        yield from super().actions()
        yield Action(
            "orders.open",
            "enter",
            N_("Receipt"),
            N_("Show this order's receipt"),
            self.open,
        )
        yield Action("orders.back", "escape", N_("Back"), N_("Back to where you were"), self.leave)

    def body(self) -> ComposeResult:
        yield Head(self._columns)
        yield Static(Content(self.gettext("No orders yet.")), id="empty")
        yield PagedList(self._line, key=attrgetter("number"), id="orders")

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.read()

    def data_changed(self) -> None:
        self.read()

    def read(self) -> None:
        super().read()
        self.orders.restart(keep_line=True)

    @on(PagedList.PageWanted, "#orders")
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        self.load(self._read_page, wanted, newest_only=True)

    async def _read_page(self, wanted: PagedList.PageWanted) -> None:
        if (account := self.app.account) is None:
            return
        limit = max(PAGE, wanted.count)

        def find(store: Store) -> tuple[Product, list[Order]]:
            before = wanted.after.number if wanted.after else None
            orders = store.credits.orders(account.id, before=before, limit=limit)
            return store.credits.product(account), orders

        self._product, orders = await self.app.fetch(find)
        self.orders.extend(wanted.query, orders, complete=len(orders) < limit)
        self.query_one("#empty", Static).display = not self.orders.items

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

    def open(self) -> None:
        """Opens the line under the cursor."""
        self.orders.action_choose()

    @on(PagedList.Chosen, "#orders")
    def _open(self, chosen: PagedList.Chosen) -> None:
        from tui.billing.order import OrderScreen

        self.app.push_screen(OrderScreen(chosen.item.number))
