"""The plans: the one in use, all others beside it, and what a change would begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.credits.catalog import MONTHLY, YEARLY
from store.errors import TextmeterError
from store.roles import Role
from store.sentences import N_, Key, sentence, sentences
from tui.base.actions import Action
from tui.base.navigation import BuyCredits, ChoosePlan, Go, OpenRates, Show, StoreOpened
from tui.base.screen import TextmeterScreen
from tui.billing.past_months import AROUND, PastMonths
from tui.billing.plan_cards import PlanCards
from tui.billing.plan_comparison import Choice, cards, headings, read_choice
from tui.billing.presentation import advice_words, coming_words, offer_words, standing_words

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account, PlanOffer, Quote

LEAST_MONTHS = 3
"""Months below which a curve tells nothing."""
WITHDRAW = Key("plans.undo", "z")

TALL = 26
"""Rows of a screen from which on there is room for cards."""


class PlansScreen(TextmeterScreen):
    """The plans side by side. It holds one `Choice`, read anew whenever the balance changes."""

    NAME = N_("Plans")
    CSS_PATH = "plans.tcss"
    AUTO_FOCUS = "PlanCards"
    HELP: ClassVar[str] = N_(
        "Enter on a plan shows what it would cost today and what happens to your credits. Nothing is "
        "ordered until the last step; Esc goes back one step. The price per credit is the plan's price "
        "divided by its credits. Next to it is what your last full months (up to three) would have cost "
        "with that plan, including purchased credits."
    )
    cards = getters.query_one(PlanCards)

    def __init__(self) -> None:
        super().__init__()
        self.choice: Choice | None = None
        self._billing: str | None = None
        self._sure = False
        self._text: ChoosePlan | None = None
        """The text that a plan is chosen for."""

    def actions(self) -> Iterable[Action]:
        yield Action(
            "plans.choose",
            "enter",
            N_("Choose"),
            N_("See what this plan would cost"),
            self.choose,
            role=Role.OWNER,
        )
        yield Action(
            "plans.view",
            "v",
            N_("Monthly or yearly"),
            N_("Show monthly or yearly prices"),
            self.change_billing,
            shown=lambda: self.choice is not None and len(self.choice.product.billing) > 1,
            words=lambda: self.gettext("Monthly") if self._yearly else self.gettext("Yearly"),
        )
        yield Action(
            "plans.undo",
            "z",
            N_("Withdraw"),
            N_("Keep your current plan: nothing changes at the next renewal"),
            self.withdraw,
            role=Role.OWNER,
            shown=lambda: self.choice is not None and self.choice.pending,
            words=lambda: self.gettext("Withdraw it") if self._sure else self.gettext("Withdraw"),
        )
        yield Action(
            "plans.cancel",
            "x",
            N_("Cancel plan"),
            N_("See what happens if you cancel"),
            self.cancel,
            role=Role.OWNER,
            shown=lambda: self.choice is not None and self.choice.cancellable,
        )
        yield Action(
            "plans.buy",
            "b",
            N_("Buy credits"),
            N_("Extra credits on top of your plan"),
            lambda: self.post_message(BuyCredits()),
            role=Role.OWNER,
            shown=lambda: self.app.sells_credits,
        )
        yield Action(
            "go.orders",
            "g o",
            N_("Orders"),
            N_("All orders and their receipts"),
            self.open_orders,
            anywhere=True,
        )
        yield Action(
            "go.rates",
            "g r",
            N_("Rates"),
            N_("What a text costs in each country"),
            lambda: self.post_message(OpenRates()),
            anywhere=True,
        )
        yield Action(
            "plans.back",
            "escape",
            N_("Back"),
            N_("Back to where you were"),
            lambda: self.post_message(Go("compose" if self._text else "home")),
        )
        yield Action(
            "plans.edit",
            "e",
            N_("Card"),
            N_("The card that pays for your plan"),
            self.open_card,
            in_bar=False,
            anywhere=True,
        )

    def body(self) -> ComposeResult:
        with VerticalScroll(id="panes", can_focus=False):
            with Vertical(id="offers") as offers:
                yield Static(id="standing")
                yield PlanCards()
                yield Static(id="choosing")
                yield Static(id="example")
            yield PastMonths(id="past")
        # Whenever it is known what the plans leave; on a busy machine that is long after they are shown.
        self.watch(offers, "virtual_size", self._show_past, init=False)
        self.call_after_refresh(self._show)

    @on(ChoosePlan)
    def _for_text(self, message: ChoosePlan) -> None:
        """Marks the plan that pays a text."""
        message.stop()
        self._text, self.choice = message, None
        self.load(self.read, newest_only=True)

    @on(Show)
    def _show_plan(self, message: Show) -> None:
        """Puts the cursor on the plan of this id, once the plans are read."""
        message.stop()
        self.load(self._go_to_plan, message.what)

    async def _go_to_plan(self, plan_id: object) -> None:
        if self.choice is None:
            await self.read()
        offers = self.choice.offers if self.choice is not None else ()
        for index, offer in enumerate(offers):
            if offer.plan.id == plan_id:
                self.cards.action_move_to(index)

    def on_screen_suspend(self) -> None:
        """What was begun here is forgotten with what one came for."""
        self._sure = False
        if self.app.current_mode != "plans":
            self._text = None

    # What is shown

    def on_mount(self) -> None:
        self.load(self.read)

    @on(StoreOpened)
    def balance_changed(self) -> None:
        super().balance_changed()
        self.load(self.read)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    async def read(self) -> None:
        """Reads the plans and shows them."""
        if (account := self.app.account) is None:
            return
        first, billing = self.choice is None, self._billing
        lacking = self._text.lacking if self._text else 0
        self.choice = choice = await self.app.fetch(
            lambda store: read_choice(store, account, billing, lacking)
        )
        self._show()
        if first:
            current = [index for index, offer in enumerate(choice.offers) if offer.current]
            fits = [index for index, offer in enumerate(choice.offers) if offer.fits]
            pays = [index for index, offer in enumerate(choice.offers) if offer.plan.id == choice.pays]
            self.cards.action_move_to((pays or current or fits or [0])[0])
        self.refresh_bindings()

    def _show(self) -> None:
        choice = self.choice
        if choice is None or not self.query(PlanCards):
            return
        _ = self.gettext
        self.query_one("#standing", Static).update(self._standing(choice))
        language, tall = self.app.language, self.size.height >= TALL
        self.cards.show(cards(language, choice), headings(language, choice), tall=tall)
        self.query_one("#example", Static).update(Content(_("Plans and prices are examples.")))
        self._describe()

    def _standing(self, choice: Choice) -> Content:
        """The plan in use, what is coming, and what is owed."""
        say, variables = self.app.language.say, self.app.theme_variables
        product, account = choice.product, choice.account
        lines = []
        if self._text is not None:
            lines.append(Content.styled(f"! {say(self._text.why)}", variables["warning"]))
        lines.append(Content.styled(say(standing_words(product, account)), "bold"))
        coming = say(coming_words(product, account, choice.balance.period))
        if choice.pending:
            key = say(sentence("Press {key} to withdraw it.", key=WITHDRAW))
            lines.append(Content.assemble(("→ ", f"bold {variables['primary']}"), f"{coming} {key}"))
        elif coming:
            lines.append(Content.styled(coming, variables["quiet"]))
        if choice.owing:
            owed = sentences(
                "{count} unpaid order. Press {key} to see it.",
                "{count} unpaid orders. Press {key} to see them.",
                len(choice.owing),
                key=Key("go.orders", "g o"),
            )
            lines.append(Content.styled(f"! {say(owed)}", variables["warning"]))
        return Content("\n").join(lines)

    @on(PlanCards.Moved)
    def _moved(self) -> None:
        if self._sure:
            self._sure = False
            self.refresh_bindings()
        self._describe()

    def _describe(self) -> None:
        """Tells of the plan under the cursor what choosing it would be."""
        choice, offer = self.choice, self._offer
        if choice is None or offer is None:
            return
        says = [offer_words(choice.product, offer, choice.balance, choice.billing)]
        if choice.for_text:
            if offer.plan.id == choice.pays:
                says.append(sentence("It gives you enough for your text right away."))
            elif not choice.pays:
                says.append(sentence("No plan gives you enough for your text right away."))
        else:
            says.append(advice_words(choice.product, choice.offers, offer))
        text = " ".join(filter(None, map(self.app.language.say, says)))
        self.query_one("#choosing", Static).update(Content(text), layout=False)
        self._show_past()

    def _show_past(self) -> None:
        """The last months with the plan under the cursor, as many as there is room for: they are all there
        beside the plans, or below them."""
        choice, offer, past = self.choice, self._offer, self.query_one(PastMonths)
        if choice is None or offer is None:
            return
        height = self.size.height - 4  # without the bars, and the air around
        room = height if self.has_class("-panes") else height - self.query_one("#offers").size.height - 1
        past.display = self.has_class("-panes") or room >= AROUND + LEAST_MONTHS
        past.show(choice.product, offer, max(room, 0))

    @property
    def _offer(self) -> PlanOffer | None:
        """The plan under the cursor."""
        if self.choice is None or not self.choice.offers:
            return None
        return self.choice.offers[self.cards.cursor]

    @property
    def _yearly(self) -> bool:
        """Whether the prices of a year are shown."""
        return self.choice is not None and self.choice.billing == YEARLY

    # What can be done

    async def choose(self) -> None:
        """Quotes the plan under the cursor, and opens its steps."""
        choice, offer = self.choice, self._offer
        if choice is not None and offer is not None:
            billing, plan = choice.billing, offer.plan.id
            await self._quote(
                choice, lambda store, account: store.credits.quote_plan(account.id, plan, billing=billing)
            )

    @on(PlanCards.Clicked)
    def _clicked(self) -> None:
        self.action_act("plans.choose")

    async def cancel(self) -> None:
        """Quotes the end of the plan, and opens its steps."""
        if self.choice is not None:
            await self._quote(self.choice, lambda store, account: store.credits.quote_cancel(account.id))

    async def _quote(self, choice: Choice, ask: Callable[[Store, Account], Quote]) -> None:
        from tui.billing.wizard import PlanOrderScreen

        try:
            quote = await self.app.fetch(lambda store: ask(store, choice.account))
        except TextmeterError as error:
            self.app.tell(error.says, severity="warning")
            return
        if self.is_active:
            self.app.push_screen(PlanOrderScreen(choice.product, quote, choice.owing))

    def change_billing(self) -> None:
        """Shows what the plans cost when they are billed otherwise."""
        self._billing = MONTHLY if self._yearly else YEARLY
        self.load(self.read)

    def withdraw(self) -> None:
        """Keeps the plan as it is, when pressed a second time."""
        if self.choice is not None and self._sure:
            self.app.finish(self._withdraw(self.choice.account))
        else:
            self.app.hint(sentence("Press {key} again to keep your current plan.", key=WITHDRAW))
        self._sure = not self._sure
        self.refresh_bindings()

    async def _withdraw(self, account: Account) -> None:
        await self.app.fetch(lambda store: store.credits.withdraw(account.id))
        self.app.tell(sentence("Withdrawn. You keep your current plan."))
        self._billing = None
        self.app.refresh_balance()

    def open_orders(self) -> None:
        """Opens the list of orders."""
        from tui.billing.orders import OrdersScreen

        self.app.push_screen(OrdersScreen())

    def open_card(self) -> None:
        """Shows the card on file."""
        from tui.billing.card import CardScreen

        self.app.push_screen(CardScreen())
