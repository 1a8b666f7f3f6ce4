"""The form of an account: the first run's, or another one's; or a look round with demo data."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from store.clock import local_date
from store.credits.catalog import BILLING, MONTHLY, YEARLY
from store.credits.opening import quote_opening
from store.errors import TextmeterError
from store.paths import files_within_reach
from store.roles import Role
from store.sentences import N_, Money, Sentence, sentence, sentences
from tui.accounts.first_order import FirstOrderScreen
from tui.accounts.signup import Choices, about, first_product, offered
from tui.base.actions import Action
from tui.base.navigation import ShowAccount, UseAccount
from tui.base.picker import PickScreen
from tui.base.screen import TextmeterScreen
from tui.billing.presentation import price_words
from tui.i18n import host_locale
from tui.i18n.language import Language, available
from tui.i18n.sanitize import plain
from tui.widgets.link_list import Row, Rows
from tui.widgets.wrapping import wrap

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Plan, Product
    from store.credits.model import Account, Quote

BILLED = {MONTHLY: N_("monthly"), YEARLY: N_("yearly")}


class WelcomeScreen(TextmeterScreen):
    """Shown while the database has no account. It holds the choices; each of its lines changes one of
    them.
    """

    NAME = N_("Welcome")
    CSS_PATH = "welcome.tcss"
    AUTO_FOCUS = "#choices"
    HELP: ClassVar[str] = N_(
        "Use Enter to choose a product and a plan, check the time zone and country, and open "
        "the account. The time zone sets when a day and a month begin; the country sets how "
        "numbers without a country code are read. If you just look around, nothing is sent "
        "or charged: the data is made up and disappears when you leave."
    )
    CAN_LOOK_ROUND: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._choices: Choices | None = None
        self._problem: Sentence | None = None
        self._busy: str = ""
        """What is being made, in a message id."""

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Rows(id="choices", enter=N_("Choose"))
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        zone = host_locale.timezone()
        country = host_locale.country(zone, self.app.language)
        product = first_product(self.app.store.catalog)
        self._choices = Choices(product.id, product.plans[0].id, MONTHLY, 0, zone, country)
        self._problem = self.app.lacks(Role.OWNER)

    # What is shown

    def _show(self) -> None:
        if self._choices is None or not self.query(Rows):
            return
        room = self.size.height - (2 if self.has_class("-short") else 4)
        # All of it is seen at once where it can be: first the air gives way, then the other plans.
        ways = ((True, True), (True, False), (False, True), (False, False))
        laid_out = [self._rows(self._choices, beside=beside, air=air) for beside, air in ways]
        self.query_one(Rows).show(next((rows for rows in laid_out if len(rows) <= room), laid_out[-1]))

    def _rows(self, choices: Choices, *, beside: bool, air: bool) -> list[Row]:
        """All lines. beside: with all plans one below the other; air: with empty lines between."""
        _ = self.gettext
        product = self.app.store.catalog.product(choices.product)
        blank = [Row("", Content(""))] if air else []
        rows = [
            self._heading(_("Text your contacts and keep track of every credit.")),
            *self._lines(about(product), self.app.theme_variables["quiet"]),
            *blank,
            self._choice(_("Product"), _(product.name), "product"),
            *self._plans(product, choices, beside=beside),
            *self._terms(product, choices),
            self._choice(_("Time zone"), choices.timezone.replace("_", " "), "timezone"),
            self._choice(_("Country"), self.app.language.territory(choices.country), "country"),
            self._choice(_("Language"), self.app.language.own_name(), "language"),
            *blank,
            *(row for says in self._quote(choices).explanation for row in self._lines(says)),
        ]
        if self._to_play:
            rows += self._lines(sentence("It has a demo clock, like this one: no money is charged."))
        if self._problem is not None:
            problem = sentence("! {problem}", problem=self._problem)
            rows += self._lines(problem, self.app.theme_variables["error"])
        if self._busy:
            return [*rows, self._heading(_(self._busy))]
        rows += [*blank, self._act(_("Open the account"), self.open)]
        if self.CAN_LOOK_ROUND and files_within_reach():
            rows.append(
                self._act(_("Look around with demo data"), self.look_round, "  ·  " + _("nothing is saved"))
            )
        return rows

    def _plans(self, product: Product, choices: Choices, *, beside: bool) -> list[Row]:
        chosen = product.plan(choices.plan)
        if not beside:
            line = self._plan_line(product, chosen, choices, in_full=not self.has_class("-narrow"))
            return [self._choice(self.gettext("Plan"), line, "plan")]
        rows = []
        for plan in offered(product):
            sign = "●" if plan is chosen else "○"
            text = Content(f"{sign} {self._plan_line(product, plan, choices)}")
            rows.append(Row("", text, run=partial(self.choose, "plan", plan.id)))
        return [self._heading(self.gettext("Plan")), *rows]

    def _plan_line(self, product: Product, plan: Plan, choices: Choices, *, in_full: bool = True) -> str:
        """A plan in columns: credits, price; in full also for whom it is, or the price of one."""
        say, number = self.app.language.say, self.app.language.number
        unit = (
            self.ngettext("email a month", "emails a month", plan.credits)
            if product.sends == "emails"
            else self.ngettext("credit a month", "credits a month", plan.credits)
        )
        if plan.trial_days:
            trial = sentences(
                "a trial of {count} day, once", "a trial of {count} days, once", plan.trial_days
            )
            unit = self.ngettext("credit", "credits", plan.credits)
            return f"{number(plan.credits):>6} {unit}, {say(trial)}"
        cents = product.price(plan, choices.billing)
        line = f"{number(plan.credits):>6} {unit}  {say(price_words(cents, choices.billing)):>15}"
        if not in_full:
            return line
        if plan.accounts:
            for_whom = sentence("up to {accounts} accounts", accounts=plan.accounts)
            return f"{line}  {say(for_whom)}"
        if not cents:
            return line
        each = self.app.language.price_each(Money(plan.price_cents), plan.credits)
        return f"{line}  " + say(sentence("{price} each", price=each))

    def _terms(self, product: Product, choices: Choices) -> list[Row]:
        """How a plan is billed and when it renews, where that can be chosen."""
        rows: list[Row] = []
        if product.plan(choices.plan).trial_days:
            return rows
        if len(product.billing) > 1:
            rows.append(
                self._choice(self.gettext("Billed"), self.gettext(BILLED[choices.billing]), "billing")
            )
        if product.renewal_day is None:
            day = self.app.language.number(self._anchor(choices).day)
            rows.append(self._choice(self.gettext("Renewal day"), day, "anchor"))
        return rows

    def _quote(self, choices: Choices) -> Quote:
        """What is charged today and later, and what comes for it."""
        product = self.app.store.catalog.product(choices.product)
        return quote_opening(
            product,
            product.plan(choices.plan),
            billing=choices.billing,
            anchor=self._anchor(choices),
            now=self.app.store.clock.now(),
            timezone=choices.timezone,
        )

    def _anchor(self, choices: Choices) -> date:
        """A date with the chosen day of the month; today where none was chosen."""
        today = local_date(self.app.store.clock.now(), choices.timezone)
        return date(today.year, 1, choices.anchor_day) if choices.anchor_day else today

    @property
    def _to_play(self) -> bool:
        """Whether the account is one to play with: beside another such one."""
        account = self.app.account
        return account is not None and account.demo_clock

    def _heading(self, text: str) -> Row:
        return Row("", Content.styled(text, "bold"))

    def _choice(self, label: str, value: str, what: str) -> Row:
        return Row(label, Content(value.strip()), run=partial(self._pick, what))

    def _act(self, text: str, run: Callable[[], object], more: str = "") -> Row:
        variables = self.app.theme_variables
        words = Content.styled(text, f"bold {variables['primary']}")
        return Row("", words + Content.styled(more, variables["quiet"]), run=run)

    def _lines(self, says: Sentence, style: str = "") -> list[Row]:
        width = (self.query_one(Rows).size.width or self.size.width) - 2
        text = plain(self.app.language.say(says))
        return [Row("", line) for line in wrap(Content.styled(text, style), width)]

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    # What can be done

    def _pick(self, what: str) -> None:
        """Lets one choose from a list."""
        choices = self._choices
        if choices is None or self._busy:
            return

        def picked(value: str | None) -> None:
            if value is not None:
                self.choose(what, value)

        self.app.push_screen(PickScreen(*self._choosable(what, choices)), picked)

    def _choosable(self, what: str, choices: Choices) -> tuple[str, list[tuple[str, str]], str]:
        """What can be chosen for a line: a heading, values with their words, and the present one."""
        _, language = self.gettext, self.app.language
        products = self.app.store.catalog.products
        product = products[choices.product]
        match what:
            case "product":
                return _("Product"), [(one.id, _(one.name)) for one in products.values()], product.id
            case "plan":
                in_full = not self.has_class("-narrow")
                lines = [
                    (one.id, self._plan_line(product, one, choices, in_full=in_full))
                    for one in offered(product)
                ]
                return _("Plan"), lines, choices.plan
            case "billing":
                billed = [(one, _(BILLED[one])) for one in BILLING if one in product.billing]
                return _("Billed"), billed, choices.billing
            case "anchor":
                days = [(str(day), language.number(day)) for day in range(1, 32)]
                return _("Renewal day"), days, str(self._anchor(choices).day)
            case "timezone":
                zones = [(zone, zone.replace("_", " ")) for zone in host_locale.timezones()]
                return _("Time zone"), zones, choices.timezone
            case "country":
                return _("Country"), host_locale.countries(language), choices.country
        languages = [(tag, Language(tag).own_name()) for tag in available()]
        return _("Language"), languages, language.code

    def choose(self, what: str, value: str) -> None:
        """Takes a choice, and what follows from it."""
        if self._choices is None:
            return
        match what:
            case "product":
                product = self.app.store.catalog.product(value)
                self._choices = replace(
                    self._choices, product=value, plan=product.plans[0].id, billing=MONTHLY
                )
            case "plan":
                self._choices = replace(self._choices, plan=value)
            case "billing":
                self._choices = replace(self._choices, billing=value)
            case "anchor":
                self._choices = replace(self._choices, anchor_day=int(value))
            case "timezone":
                country = host_locale.country(value, self.app.language)
                self._choices = replace(self._choices, timezone=value, country=country)
            case "country":
                self._choices = replace(self._choices, country=value)
            case "language":
                self.app.choose_language(value)
        self._problem = self.app.lacks(Role.OWNER)
        self._show()

    def open(self) -> None:
        """Opens the account as chosen; what costs something takes the steps of an order first."""
        choices = self._choices
        if choices is None or self._busy:
            return
        if (forbidden := self.app.lacks(Role.OWNER)) is not None:
            self.app.tell(forbidden, severity="warning")
        elif (quote := self._quote(choices)).charge_cents:
            product = self.app.store.catalog.product(choices.product)
            wizard = FirstOrderScreen(
                product,
                quote,
                quote_now=partial(self._quote, choices),
                open_account=partial(self._open_account, choices, self._to_play),
                opened=self._opened,
            )
            self.app.push_screen(wizard)
        else:
            self._begin(N_("Opening the account…"), self._open(choices, quote))

    def _begin(self, busy: str, work: Coroutine[Any, Any, None]) -> None:
        """Makes something that takes a moment; an error stands above what it stopped."""

        async def told() -> None:
            try:
                await work
            except TextmeterError as error:
                self._busy, self._problem = "", error.says
                self._show()

        self._busy = busy
        self._show()
        self.app.finish(told())

    async def _open(self, choices: Choices, quote: Quote) -> None:
        to_play = self._to_play
        account = await self.app.fetch(lambda store: self._open_account(choices, to_play, store, quote))
        self._opened(account)

    def _open_account(
        self, choices: Choices, to_play: bool, store: Store, agreed: Quote, address: str = ""
    ) -> Account:
        """Opens the account as it was agreed to; called in a thread."""
        return store.credits.open_account(
            choices.product,
            choices.plan,
            choices.timezone,
            country=choices.country,
            billing=choices.billing,
            anchor=self._anchor(choices) if choices.anchor_day else None,
            demo_clock=to_play,
            billing_address=address,
            agreed=agreed,
        )

    def _opened(self, account: Account, trouble: TextmeterError | None = None) -> None:
        """Goes on with the account, and with the receipt of what was paid for it."""
        self.leave()
        self.show(account, receipt=self.app.store.credits.plan(account).price_cents > 0)
        if trouble is not None:
            self.app.tell_error(trouble)

    def show(self, account: Account, *, receipt: bool) -> None:
        """Shows the account that was opened, and its receipt."""
        self.app.post_message(UseAccount(account, receipt=receipt))

    def look_round(self) -> None:
        """Makes a database of invented data, and shows the app on it until it is left."""
        if not self._busy:
            self._begin(N_("Creating the demo data…"), self._look_round())

    async def _look_round(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="textmeter-demo-")
        language = self.app.language.code

        def open_demo(_: Store) -> tuple[Store, Account]:
            from store.demo import make, open_made

            database = Path(folder.name) / "demo.sqlite3"
            make(database, language)
            store = open_made(database)
            return store, store.credits.account()

        store, account = await self.app.fetch(open_demo)
        self.leave()
        self.app.post_message(UseAccount(account, store, folder))


class AnotherAccountScreen(WelcomeScreen):
    """The form of one more account."""

    NAME = N_("Another account")
    CAN_LOOK_ROUND = False

    def actions(self) -> Iterable[Action]:
        yield Action(
            "another.back", "escape", N_("Back"), N_("Go back without opening an account"), self._back
        )

    def _back(self) -> None:
        if not self._busy:
            self.leave()

    def show(self, account: Account, *, receipt: bool) -> None:
        """Shows the account that was opened instead of the present one."""
        self.app.post_message(ShowAccount(account, receipt=receipt))
