"""The first run: a plan, where one is, and the account is open; or a look round with demo data."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from store.clock import local_date
from store.credits.periods import period_of, prorated
from store.sentences import N_, Money, Sentence, sentence, sentences
from tui import whereabouts
from tui.i18n import Language, available
from tui.literal import plain
from tui.screens.base import TextmeterScreen
from tui.screens.pick import PickScreen
from tui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from textual.binding import Binding

    from store import Store
    from store.credits.catalog import Plan, Product
    from store.credits.model import Account
    from store.errors import TextmeterError


@dataclass(frozen=True, slots=True)
class Choices:
    """What an account will be opened with. country: ISO 3166-1 alpha-2; timezone: an IANA name."""

    product: str
    plan: str
    timezone: str
    country: str


class WelcomeScreen(TextmeterScreen):
    """Shown while the database has no account. It holds the choices; each of its lines changes one of
    them.
    """

    NAME = N_("Welcome")
    CSS_PATH = "../styles/welcome.tcss"
    HELP: ClassVar[str] = N_(
        "Choose a plan with Enter, look at the time zone and the country, and open the account. The time "
        "zone says when a day and a month begin; the country says how numbers without a country code are "
        "read. Nothing is sent and nothing is paid in a look round: its data is made up, and is gone when "
        "you leave."
    )

    def __init__(self) -> None:
        super().__init__()
        self._choices: Choices | None = None
        self._problem: Sentence | None = None
        self._busy = False

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Rows(id="choices")
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        products = self.textmeter.store.catalog.products
        product = next(iter(products.values()))
        zone = whereabouts.timezone()
        country = whereabouts.country(zone, self.textmeter.language)
        self._choices = Choices(product.id, product.plans[0].id, zone, country)

    # What is shown

    def _show(self) -> None:
        if self._choices is not None and self.query(Rows):
            self.query_one(Rows).show(self._rows(self._choices))

    def _rows(self, choices: Choices) -> list[Row]:
        _, say = self.gettext, self.textmeter.language.say
        variables = self.app.theme_variables
        store = self.textmeter.store
        product = store.catalog.product(choices.product)
        plan = product.plan(choices.plan)

        def heading(text: str) -> Row:
            return Row("", Content.styled(text, "bold"))

        def choice(label: str, value: str, what: str) -> Row:
            return Row(label, Content(value), action=f"screen.pick('{what}')")

        def act(text: str, action: str, more: str = "") -> Row:
            words = Content.styled(text, f"bold {variables['primary']}")
            return Row("", words + Content.styled(more, f"{variables['foreground']} 70%"), action=action)

        def lines(text: str, style: str = "") -> list[Row]:
            width = (self.query_one(Rows).size.width or self.size.width) - 2
            return [Row("", line) for line in Content.styled(text, style).wrap(width)]

        blank = Row("", Content(""))
        rows = [
            heading(_("Text your contacts, and account for every credit.")),
            *lines(say(self._about(product)), f"{variables['foreground']} 70%"),
            blank,
            heading(_("Plan")),
            *(self._plan(product, other, chosen=other is plan) for other in product.plans),
            blank,
            heading(_("Where you are")),
            choice(_("Time zone"), choices.timezone.replace("_", " "), "timezone"),
            choice(_("Country"), self.textmeter.language.territory(choices.country), "country"),
            choice(_("Language"), self.textmeter.language.own_name(), "language"),
            blank,
            *lines(say(self._charge(product, plan, store.clock.now(), choices.timezone))),
        ]
        if self._problem is not None:
            rows += lines(f"! {plain(say(self._problem))}", variables["error"])
        if self._busy:
            return [*rows, heading(_("Making the demo data…"))]
        if self.size.height >= 22:
            rows.append(blank)
        return [
            *rows,
            act(_("Open the account"), "screen.open"),
            act(_("Look round with demo data"), "screen.look_round", "  ·  " + _("nothing is kept")),
        ]

    def _about(self, product: Product) -> Sentence:
        return sentence(
            "{product}: {domestic} for a text of one segment to the US and Canada, {elsewhere} elsewhere.",
            product=sentence(product.name),
            domestic=sentences("{count} credit", "{count} credits", product.rates.domestic),
            elsewhere=product.rates.elsewhere,
        )

    def _plan(self, product: Product, plan: Plan, *, chosen: bool) -> Row:
        say, money = self.textmeter.language.say, Money(plan.price_cents)
        price = sentence("{price} a month", price=money)
        each = sentence("{price} a credit", price=self.textmeter.language.price_each(money, plan.credits))
        number = self.textmeter.language.number(plan.credits)
        variables = self.app.theme_variables
        credits = self.ngettext("credit a month", "credits a month", plan.credits)
        narrow = self.has_class("-narrow")
        gap = "  " if narrow else "   "
        text = Content.assemble(
            "● " if chosen else "○ ",
            (number.rjust(5 if narrow else 6), f"bold {variables['secondary']}"),
            f" {credits}{gap}{say(price):>14}{gap}",
            (say(each), f"{variables['foreground']} 70%"),
        )
        return Row("", text, action=f"screen.plan('{plan.id}')")

    def _charge(self, product: Product, plan: Plan, now: datetime, zone: str) -> Sentence:
        """What is charged today and later: a plan begun within a month is paid for the days left of it."""
        today = local_date(now, zone)
        starts, ends = period_of(today, product.renewal_day or today.day)
        return sentence(
            "Today {charge} for {days}, and all {credits}. From {day} on {price} a month.",
            charge=Money(prorated(plan.price_cents, today, starts, ends)),
            days=sentences(
                "the last day of the month", "the {count} days left of the month", (ends - today).days
            ),
            credits=sentences("{count} credit", "{count} credits", plan.credits),
            day=self.textmeter.language.day_and_month(ends),
            price=Money(plan.price_cents),
        )

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    # What can be done

    def key_label(self, binding: Binding) -> str:
        """Enter chooses here."""
        return self.gettext("Choose") if binding.id == "rows.open" else super().key_label(binding)

    def action_plan(self, plan: str) -> None:
        """Chooses a plan."""
        self._change(plan=plan)

    def action_pick(self, what: str) -> None:
        """Lets one choose a time zone, a country or a language from a list."""
        choices, language, _ = self._choices, self.textmeter.language, self.gettext
        if choices is None:
            return
        if what == "timezone":
            zones = [(zone, zone.replace("_", " ")) for zone in whereabouts.timezones()]
            pick = PickScreen(_("Time zone"), zones, choices.timezone)
        elif what == "country":
            pick = PickScreen(_("Country"), whereabouts.countries(language), choices.country)
        else:
            languages = [(tag, Language(tag).own_name()) for tag in available()]
            pick = PickScreen(_("Language"), languages, language.code)

        def picked(value: str | None) -> None:
            if value is None:
                return
            if what == "timezone":
                self._change(timezone=value, country=whereabouts.country(value, language))
            elif what == "country":
                self._change(country=value)
            else:
                self.textmeter.choose_language(value)

        self.app.push_screen(pick, picked)

    def _change(self, **changes: str) -> None:
        if self._choices is not None:
            self._choices = replace(self._choices, **changes)
            self._problem = None
            self._show()

    def action_open(self) -> None:
        """Opens the account as chosen."""
        choices = self._choices
        if choices is None or self._busy:
            return
        self._busy = True

        def open_account(store: Store) -> Account:
            return store.credits.open_account(
                choices.product, choices.plan, choices.timezone, country=choices.country
            )

        self.textmeter.ask(open_account, self._opened, group="welcome", failed=self._failed)

    def _opened(self, account: Account) -> None:
        self.leave()
        self.textmeter.use_account(account)

    def action_look_round(self) -> None:
        """Makes a database of invented data, and shows the app on it until it is left."""
        if self._busy:
            return
        self._busy = True
        self._show()
        folder = tempfile.TemporaryDirectory(prefix="textmeter-demo-")

        def open_demo(_: Store) -> Store:
            from store.demo import open_demo

            return open_demo(Path(folder.name))

        self.textmeter.ask(
            open_demo,
            lambda store: self._look_round(store, folder),
            group="welcome",
            failed=self._failed,
        )

    def _look_round(self, store: Store, folder: tempfile.TemporaryDirectory[str]) -> None:
        self.leave()
        self.textmeter.use_demo(store, folder)

    def _failed(self, error: TextmeterError) -> None:
        """An error stands above what it stopped."""
        self._busy = False
        self._problem = error.says
        self._show()
