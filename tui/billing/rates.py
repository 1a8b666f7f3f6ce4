"""Rates: what a text costs in each country, found as one types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from store.credits.catalog import RateCard
from store.paths import files_within_reach
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.navigation import StoreOpened
from tui.base.screen import TextmeterScreen
from tui.billing.country_rates import CountryRate, country_rates, heading, matching
from tui.billing.rates_refresh import RatesRefreshScreen
from tui.i18n.sanitize import plain
from tui.widgets.line_list import Head, LineList

NAME_WIDTH = 40
CODE_WIDTH = 8


class RateList(LineList[CountryRate], can_focus=False):
    """A line a country, all of them at hand. The field above keeps the focus, and its keys move the list."""

    def __init__(self, screen: RatesScreen) -> None:
        super().__init__(screen.line, id="rates")
        self._rates: list[CountryRate] = []

    @property
    def length(self) -> int:
        return len(self._rates)

    def item(self, index: int) -> CountryRate | None:
        return self._rates[index] if index < len(self._rates) else None

    def show(self, rates: list[CountryRate]) -> None:
        """Shows these countries, from the first one."""
        self._rates = rates
        self._resize_content()
        self.action_move_to(0)

    def _look(self) -> None:
        """All is there already."""


class RatesScreen(TextmeterScreen):
    """All countries of the account's product. What is typed is looked for at every key."""

    NAME = N_("Rates")
    CSS_PATH = "rates.tcss"
    AUTO_FOCUS = "Input"
    HELP: ClassVar[str] = N_(
        "What one text segment costs in each country. Type part of a country's name, its "
        "two-letter code or its calling code, such as +44; Up and Down move through the "
        "list. A longer text costs this much for each segment."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "list('move(-1)')", N_("Up"), show=False),
        Binding("down", "list('move(1)')", N_("Down"), show=False),
        Binding("pageup", "list('turn(-1)')", N_("Page up"), show=False),
        Binding("pagedown", "list('turn(1)')", N_("Page down"), show=False),
    ]
    rates = getters.query_one(RateList)

    def __init__(self) -> None:
        super().__init__()
        self._all: list[CountryRate] = []

    def actions(self) -> Iterable[Action]:
        yield Action("rates.back", "escape", N_("Back"), N_("Back to where you were"), self.leave)
        yield Action(
            "rates.again",
            "shift+f7",
            N_("Refresh"),
            N_("See what your provider's current prices would change"),
            self.refresh_rates,
            why_not=self._why_not,
            shown=lambda: self.app.account is not None and isinstance(self.app.product.rates, RateCard),
        )

    def body(self) -> ComposeResult:
        yield Static(id="rates-of")
        yield Input(placeholder=self.gettext("Country or calling code"), compact=True)
        yield Head(self._headings)
        yield RateList(self)

    def on_mount(self) -> None:
        self.load(self.read)

    @on(StoreOpened)
    def balance_changed(self) -> None:
        super().balance_changed()
        if not self._all:
            self.load(self.read)

    async def read(self) -> None:
        """Reads the account's rates, in the session's language."""
        if (account := self.app.account) is None:
            return
        language = self.app.language
        self._all = await self.app.fetch(
            lambda store: country_rates(language, store.credits.product(account))
        )
        self._find()

    def _why_not(self) -> Sentence | None:
        """Why the rates can't be refreshed here."""
        if not files_within_reach():
            return sentence("Refresh rates on the machine that runs Textmeter: they are in a file there.")
        return self.app.owners_only()

    def refresh_rates(self) -> None:
        """Opens the difference."""
        self.app.push_screen(RatesRefreshScreen(), lambda _: self.load(self.read))

    @on(Input.Changed)
    def _find(self) -> None:
        typed = self.query_one(Input).value
        found = matching(self._all, typed)
        self.rates.show(found)
        if not self._all:
            return
        say = self.app.language.say
        title = Content.styled(say(heading(self.app.product)), "bold")
        title += Content("  ·  " + say(sentences("{count} country", "{count} countries", len(found))))
        if not found:
            title = Content(say(sentence("No country matches {name}.", name=plain(typed))))
        self.query_one("#rates-of", Static).update(title)

    # A line

    def _headings(self, width: int) -> Content:
        _ = self.gettext
        emails = bool(self._all) and self._all[0].mms is None
        numbers = [_("Emails")] if emails else [_("Per segment"), _("Per MMS")]
        return self._columns(_("Country"), "", numbers, width)

    def line(self, rate: CountryRate, width: int) -> Content:
        """A country, its calling code and what a text there costs."""
        number = self.app.language.number
        numbers = [number(rate.credits)] + ([] if rate.mms is None else [number(rate.mms)])
        return self._columns(rate.name, f"+{rate.code}", numbers, width)

    def _columns(self, name: str, code: str, numbers: list[str], width: int) -> Content:
        room = min(width - CODE_WIDTH - 12 * len(numbers), NAME_WIDTH)
        cells = Content(name).truncate(room, ellipsis=True, pad=True)
        variables = self.app.theme_variables
        cells += Content.styled(code.rjust(CODE_WIDTH), variables["quiet"])
        for cell in numbers:
            cells += Content(cell.rjust(12))
        return cells

    def action_list(self, move: str) -> None:
        """Moves in the list while the field keeps the focus."""
        name, _, step = move.rstrip(")").partition("(")
        getattr(self.rates, f"action_{name}")(int(step))
