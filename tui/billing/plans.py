"""The plans: the one in use, all others beside it, and what a change would begin with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.credits.catalog import MONTHLY, YEARLY
from store.credits.quote_text import amount
from store.roles import Role
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.key_bar import KeyBar
from tui.base.navigation import StoreOpened
from tui.base.screen import TextmeterScreen
from tui.billing.plan_cards import PlanCards
from tui.billing.plan_comparison import Choice, cards, headings, read_choice
from tui.billing.presentation import coming_words, offer_words, standing_words

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account, PlanOffer, Quote
    from store.errors import TextmeterError

TALL = 26
"""Rows of a screen from which on there is room for cards."""


class PlansScreen(TextmeterScreen):
    """The plans side by side. It holds one `Choice`, read anew whenever the balance changes."""

    NAME = N_("Plans")
    CSS_PATH = "plans.tcss"
    AUTO_FOCUS = "PlanCards"
    HELP: ClassVar[str] = N_(
        "Enter on a plan shows what it would cost today and what becomes of your credits. Nothing is ordered "
        "before the last of its steps, and Esc goes one step back. The price of one credit is the plan's "
        "price shared among its credits; the last three months are what you would have paid with that plan "
        "for what you used, credits bought besides included."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "choose", N_("Choose"), id="plans.choose", tooltip=N_("See what this plan would cost")
        ),
        Binding(
            "b",
            "billing",
            N_("Monthly or yearly"),
            id="plans.billing",
            tooltip=N_("Show the prices of a month, or of a year"),
        ),
        Binding(
            "w",
            "withdraw",
            N_("Withdraw"),
            id="plans.withdraw",
            tooltip=N_("Keep the plan as it is: nothing changes at the next renewal"),
        ),
        Binding(
            "x",
            "cancel",
            N_("Cancel plan"),
            id="plans.cancel",
            tooltip=N_("See what cancelling would do"),
        ),
        Binding(
            "plus", "app.buy", N_("Buy credits"), id="plans.buy", tooltip=N_("One by one, beside the plan")
        ),
        Binding("o", "orders", N_("Orders"), id="plans.orders", tooltip=N_("All orders and their receipts")),
        Binding("escape", "app.go('home')", N_("Back"), id="plans.back", tooltip=N_("Back to Home")),
        Binding(
            "c",
            "card",
            N_("Card"),
            show=False,
            id="plans.card",
            tooltip=N_("The card that plans are paid with"),
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.choice: Choice | None = None
        self._billing: str | None = None
        self._reading = self._outdated = False
        self._quoting = False
        self._sure = False

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(id="standing")
            yield PlanCards()
            yield Static(id="choosing")
            yield Static(id="example")
        self.call_after_refresh(self._show)

    # What is shown

    def on_mount(self) -> None:
        self.read()

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self.choice, self._billing = None, None
        self.read()

    def balance_changed(self) -> None:
        super().balance_changed()
        self.read()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def read(self) -> None:
        """Reads the plans, one reading at a time; what changes meanwhile is read once after it."""
        account = self.app.account
        if account is None:
            return
        if self._reading:
            self._outdated = True
            return
        self._reading, billing = True, self._billing
        self.app.ask(
            lambda store: read_choice(store, account, billing),
            self._read,
            group="plans",
            failed=self._not_read,
        )

    def _not_read(self, error: TextmeterError) -> None:
        self._reading = False
        self.app.tell_error(error)

    def _read(self, choice: Choice) -> None:
        first = self.choice is None
        self.choice, self._reading = choice, False
        if not self.is_attached:  # left before the answer came
            return
        self._show()
        if first:
            current = [index for index, offer in enumerate(choice.offers) if offer.current]
            fits = [index for index, offer in enumerate(choice.offers) if offer.fits]
            self.query_one(PlanCards).action_move_to((current or fits or [0])[0])
        self.refresh_bindings()
        if self._outdated:
            self._outdated = False
            self.read()

    def _show(self) -> None:
        choice = self.choice
        if choice is None or not self.query(PlanCards):
            return
        _ = self.gettext
        self.query_one("#standing", Static).update(self._standing(choice))
        language, tall = self.app.language, self.size.height >= TALL
        self.query_one(PlanCards).show(cards(language, choice), headings(language, choice), tall=tall)
        self.query_one("#example", Static).update(Content(_("Plans and prices are examples.")))
        self._describe()

    def _standing(self, choice: Choice) -> Content:
        """The plan in use, what is coming, and what is owed."""
        say, variables = self.app.language.say, self.app.theme_variables
        product, account = choice.product, choice.account
        lines = [Content.styled(say(standing_words(product, account)), "bold")]
        coming = say(coming_words(product, account, choice.balance.period))
        if choice.pending:
            key = self.gettext("W withdraws that.")
            lines.append(Content.assemble(("→ ", f"bold {variables['primary']}"), f"{coming} {key}"))
        elif coming:
            lines.append(Content.styled(coming, f"{variables['foreground']} 80%"))
        if choice.owing:
            owed = sentences(
                "{count} order is not paid yet. O shows it.",
                "{count} orders are not paid yet. O shows them.",
                len(choice.owing),
            )
            lines.append(Content.styled(f"! {say(owed)}", variables["warning"]))
        return Content("\n").join(lines)

    @on(PlanCards.Moved)
    def _moved(self) -> None:
        if self._sure:
            self._sure = False
            self.query_one(KeyBar).refresh()
        self._describe()

    def _describe(self) -> None:
        """Tells of the plan under the cursor what choosing it would be."""
        choice, offer = self.choice, self._offer
        if choice is None or offer is None:
            return
        says = [offer_words(choice.product, offer, choice.balance, choice.billing)]
        if offer.fits and offer.short:
            says.append(sentence("It is the largest there is."))
        elif offer.fits:
            says.append(sentence("It is the cheapest with enough for your last three months."))
        elif offer.short:
            says.append(
                sentence(
                    "In your last three months, {missing} would have been missing.",
                    missing=amount(choice.product, offer.short),
                )
            )
        text = " ".join(map(self.app.language.say, says))
        self.query_one("#choosing", Static).update(Content(text), layout=False)

    @property
    def _offer(self) -> PlanOffer | None:
        """The plan under the cursor."""
        if self.choice is None or not self.choice.offers:
            return None
        return self.choice.offers[self.query_one(PlanCards).cursor]

    # What can be done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys show only where there is something for them to do."""
        choice = self.choice
        if action == "billing":
            return choice is not None and len(choice.product.billing) > 1
        if action == "withdraw":
            return choice is not None and choice.pending
        if action == "cancel":
            return choice is not None and choice.cancellable
        return True

    def why_not(self, action: str) -> Sentence | None:
        """Orders are an owner's."""
        ordering = action in ("choose", "cancel", "withdraw", "app.buy")
        return self.app.lacks(Role.OWNER) if ordering else None

    def key_label(self, binding: Binding) -> str:
        """The billing that B shows; withdrawing asks once more, on its key."""
        if binding.action == "billing" and self.choice is not None:
            return self.gettext("Monthly") if self.choice.billing == YEARLY else self.gettext("Yearly")
        if binding.action == "withdraw" and self._sure:
            return self.gettext("Really withdraw")
        return super().key_label(binding)

    def action_choose(self) -> None:
        """Quotes the plan under the cursor, and opens its steps."""
        choice, offer = self.choice, self._offer
        if choice is not None and offer is not None and not self.refused("choose"):
            billing, plan = choice.billing, offer.plan.id
            self._ask_quote(
                lambda store, account: store.credits.quote_plan(account.id, plan, billing=billing)
            )

    @on(PlanCards.Clicked)
    def _clicked(self) -> None:
        self.action_choose()

    def action_cancel(self) -> None:
        """Quotes the end of the plan, and opens its steps."""
        if not self.refused("cancel"):
            self._ask_quote(lambda store, account: store.credits.quote_cancel(account.id))

    def _ask_quote(self, quote: Callable[[Store, Account], Quote]) -> None:
        account = self.app.account
        if account is None or self._quoting:
            return
        self._quoting = True
        self.app.ask(
            lambda store: quote(store, account), self._quoted, group="quote", failed=self._not_quoted
        )

    def _quoted(self, quote: Quote) -> None:
        from tui.billing.wizard import PlanOrderScreen

        self._quoting = False
        if self.choice is not None and self.is_active:
            self.app.push_screen(PlanOrderScreen(self.choice.product, quote, self.choice.owing))

    def _not_quoted(self, error: TextmeterError) -> None:
        self._quoting = False
        self.app.tell(error.says, severity="warning")

    def action_billing(self) -> None:
        """Shows what the plans cost when they are billed otherwise."""
        if self.choice is not None:
            self._billing = MONTHLY if self.choice.billing == YEARLY else YEARLY
            self.read()

    def action_withdraw(self) -> None:
        """Keeps the plan as it is, when pressed a second time."""
        account = self.app.account
        if account is None or self.refused("withdraw"):
            return
        if not self._sure:
            self._sure = True
            self.query_one(KeyBar).refresh()
            self.app.tell(sentence("Press W again, and the plan stays as it is."))
            return
        self._sure = False
        self.app.ask(lambda store: store.credits.withdraw(account.id), self._withdrawn, group="plans")

    def _withdrawn(self, _account: Account) -> None:
        self.app.tell(sentence("Withdrawn. The plan stays as it is."))
        self._billing = None
        self.app.refresh_balance()

    def action_orders(self) -> None:
        """Opens the list of orders."""
        from tui.billing.orders import OrdersScreen

        self.app.push_screen(OrdersScreen())

    def action_card(self) -> None:
        """Shows the card on file."""
        from tui.billing.card import CardScreen

        self.app.push_screen(CardScreen())
