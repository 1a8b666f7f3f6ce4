"""Buying credits: how many may be, and what so many cost, at every key."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from store.credits import purchases
from store.credits.catalog import NOTHING
from store.errors import TextmeterError
from store.sentences import N_, Key, Money, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.i18n.sanitize import literal

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account, PurchaseRoom

MOST_DIGITS = 7
PLANS = Key("go.plans", "f12")


@dataclass(frozen=True, slots=True)
class Shop:
    """What may be bought. room: None where nothing ever is, as the account stands, which closed tells. times:
    how many months' credits of the plan that is; until: the last local day of this calendar month."""

    room: PurchaseRoom | None
    closed: Sentence | None
    times: int
    until: date


def read_shop(account: Account, store: Store) -> Shop:
    """Asks the store for all of it."""
    room = store.credits.purchase_room(account.id)
    now = store.credits.account(account.id)
    rule, plan = store.credits.product(now).purchases, store.credits.plan(now)
    closed = None
    if room is None:
        closed = sentence(
            "You can't buy single credits with this account. Choose a larger plan: {key}.", key=PLANS
        )
    elif plan.trial_days:
        closed = sentence("You can't buy credits during a trial. Choose a plan first: {key}.", key=PLANS)
    elif plan is NOTHING:
        closed = sentence("You can't buy credits without a plan. Choose one first: {key}.", key=PLANS)
    elif room.most < room.least:
        closed = sentence("You can't buy credits with this plan. Choose a larger one: {key}.", key=PLANS)
    today = store.credits.today(account.id)
    until = today.replace(day=monthrange(today.year, today.month)[1])
    return Shop(None if closed else room, closed, rule.most_allotments if rule else 0, until)


class BuyScreen(TextmeterScreen):
    """One number is typed; the store is asked only once it is to be bought. wanted: the number to begin with,
    0: the least that is sold. why: what the credits are for.
    """

    NAME = N_("Buy credits")
    HOLDS_INPUT = True
    CSS_PATH = "buy.tcss"
    HELP: ClassVar[str] = N_(
        "Type how many credits you want. Enter shows the charge; you buy nothing until you "
        "accept it. Purchased credits never expire and are used after your plan's credits."
    )
    number = getters.query_one(Input)

    def __init__(self, wanted: int = 0, why: Sentence | None = None) -> None:
        super().__init__()
        self._wanted = wanted
        self._why = why
        self._shop: Shop | None = None
        self._problem: Sentence | None = None
        self._allowed = False

    def actions(self) -> Iterable[Action]:
        yield Action(
            "buy.go_on",
            "enter",
            N_("Continue"),
            N_("See the charge; buys nothing yet"),
            self.go_on,
            why_not=self._not_to_buy,
            priority=True,
        )
        yield Action("buy.back", "escape", N_("Back"), N_("Buys nothing"), self.leave)

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(id="buy-why", classes="said")
            yield Static(id="buy-room", classes="said")
            yield Static(Content(self.gettext("How many credits?")), id="buy-label")
            yield Input(
                str(self._wanted or ""),
                restrict="[0-9]*",
                max_length=MOST_DIGITS,
                id="buy-number",
                compact=True,
            )
            yield Static(id="buy-price")
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        self.number.cursor_blink = False

    def balance_changed(self) -> None:
        super().balance_changed()
        self.load(self.read)

    async def read(self) -> None:
        """Reads what may be bought, and shows it."""
        if (account := self.app.account) is None:
            return
        first = self._shop is None
        self._shop = shop = await self.app.fetch(lambda store: read_shop(account, store))
        if first and not self._wanted and shop.room is not None:
            self.number.value = str(shop.room.least)
            self.number.action_select_all()
        self._show()

    # What is shown

    def _show(self) -> None:
        if self.query("#buy-room"):
            say = self.app.language.say
            why = self.query_one("#buy-why", Static)
            why.display = self._why is not None
            if self._why is not None:
                why.update(literal(say(self._why)))
            if self._shop is not None:
                self.query_one("#buy-room", Static).update(Content(say(room_words(self._shop))))
                for part in ("#buy-label", "#buy-number", "#buy-price"):
                    self.query_one(part).display = self._shop.closed is None
            self._show_price()

    @property
    def credits(self) -> int:
        """The number as it is typed, 0 where none is."""
        return int(self.number.value or 0)

    def _not_to_buy(self) -> Sentence | None:
        """Why so many can't be bought now."""
        if (forbidden := self.app.owners_only()) is not None:
            return forbidden
        if self._shop is None:
            return sentence("Still checking how many you can buy. Try again in a moment.")
        if self._shop.room is None:
            return self._shop.closed
        refusal = purchases.refusal(self._shop.room, self.credits)
        return refusal.says if refusal else None

    def _price_line(self) -> Content:
        """What so many cost, or why they can't be bought."""
        if self._shop is None or self._shop.room is None:
            return Content("")
        room, say = self._shop.room, self.app.language.say
        if not self.credits and room.left >= room.least:
            return Content(say(sentence("The minimum is {least}.", least=room.least)))
        refusal = purchases.refusal(room, self.credits)
        problem = refusal.says if refusal else self._problem
        if problem is not None:
            return Content.assemble(("✗ ", "$error"), literal(say(problem)).stylize("$error"))
        price = Money(purchases.price_cents(room, self.credits))
        says = sentences(
            "{count} credit for {price}", "{count} credits for {price}", self.credits, price=price
        )
        line = Content.styled(say(says), "bold $secondary")
        balance = self.app.balance
        if balance is not None:
            after = sentence("{count} available afterward", count=balance.available + self.credits)
            line += Content(f"  ·  {say(after)}")
        return line

    def _show_price(self) -> None:
        self.query_one("#buy-price", Static).update(self._price_line(), layout=False)
        allowed = self._not_to_buy() is None
        if allowed != self._allowed:  # what the key bar's look hangs on
            self._allowed = allowed
            self.refresh_bindings()

    # What can be done

    @on(Input.Changed)
    def _typed(self) -> None:
        self._problem = None
        self._show_price()

    async def go_on(self) -> None:
        """Asks what so many would cost now, and shows it before anything is charged."""
        from tui.billing.buy_confirm import BuyOrderScreen

        account, credits = self.app.account, self.credits
        if account is None:
            return
        try:
            quote = await self.app.fetch(lambda store: store.credits.quote_purchase(account.id, credits))
        except TextmeterError as error:
            self._problem = error.says
            self.load(self.read)
            return
        if self.is_active:
            self.app.push_screen(BuyOrderScreen(quote, self.leave))


def room_words(shop: Shop) -> Sentence:
    """How many may be bought, and why, in one line."""
    if (room := shop.room) is None:
        return shop.closed or Sentence("")
    return sentence(
        "You can buy {most} per calendar month, {times} times your plan's monthly credits. "
        "Bought: {bought}. Left until {day}: {left}.",
        most=room.most,
        times=shop.times,
        bought=room.bought,
        left=room.left,
        day=shop.until,
    )
