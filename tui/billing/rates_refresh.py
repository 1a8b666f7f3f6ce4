"""The rates as the provider's prices would make them: the difference first, then the rates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from store.errors import TextmeterError
from store.rates import NewCard, apply, refreshed
from store.sentences import N_, Sentence, sentence
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.billing.rate_changes import ChangedRate, differing, outcome, summary
from tui.i18n.sanitize import literal
from tui.widgets.line_list import Head, LineList

NAME_WIDTH = 40


class ChangeList(LineList[ChangedRate]):
    """A line a country that changes."""

    def __init__(self, screen: RatesRefreshScreen) -> None:
        super().__init__(screen.line, id="changes")
        self._rows: list[ChangedRate] = []

    @property
    def length(self) -> int:
        return len(self._rows)

    def item(self, index: int) -> ChangedRate | None:
        return self._rows[index] if index < len(self._rows) else None

    def show(self, rows: list[ChangedRate]) -> None:
        """Shows these countries, from the first one."""
        self._rows = rows
        self._resize_content()
        self.action_move_to(0)

    def _look(self) -> None:
        """All is there already."""


class RatesRefreshScreen(TextmeterScreen):
    """Asks the provider, which may take a minute, and shows what would change. Nothing does before Enter."""

    NAME = N_("Rates")
    CSS_PATH = "rates.tcss"
    AUTO_FOCUS = "ChangeList"
    HELP: ClassVar[str] = N_(
        "What would change if your rates followed your provider's prices. A segment's rate is its price "
        "divided by the lowest price of a credit, rounded up. Enter saves the new rates in your catalog "
        "folder and keeps the old ones next to them; Esc changes nothing."
    )
    changes = getters.query_one(ChangeList)
    about = getters.query_one("#changes-about", Static)

    def __init__(self) -> None:
        super().__init__()
        self._card: NewCard | None = None
        self._trouble: Sentence | None = None

    def actions(self) -> Iterable[Action]:
        yield Action(
            "rates_refresh.take",
            "enter",
            N_("Use rates"),
            N_("Texts cost this much from now on"),
            self.take,
            why_not=self._why_not,
        )
        yield Action(
            "rates_refresh.again",
            "r",
            N_("Retry"),
            N_("Ask the provider again"),
            self.begin,
            shown=lambda: self._trouble is not None,
        )
        yield Action("rates_refresh.back", "escape", N_("Back"), N_("Changes nothing"), self.leave)

    def body(self) -> ComposeResult:
        yield Static(id="changes-about")
        yield Head(self._headings)
        yield ChangeList(self)
        self.call_after_refresh(self.show)  # where it is composed anew, in another language

    def on_mount(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Asks the provider, anew."""
        self._card = self._trouble = None
        self.show()
        self.load(self.ask, newest_only=True)

    async def ask(self) -> None:
        """Makes the new rates of the provider's prices."""
        if (account := self.app.account) is None:
            return
        try:
            self._card = await self.app.fetch(lambda store: refreshed(store, account))
        except TextmeterError as error:
            self._trouble = error.says
        self.show()

    def show(self) -> None:
        """Draws the page as it stands."""
        if not self.query("#changes-about"):
            return
        language, card = self.app.language, self._card
        self.about.set_class(self._trouble is not None, "-error")
        if self._trouble is not None:
            lines = [self._trouble]
        elif card is None:
            lines = [sentence("Getting prices. Nothing changes until you've seen them.")]
        else:
            lines = list(summary(card))
        self.about.update(literal("\n".join(map(language.say, lines)), lines=True))
        self.changes.show([] if card is None else differing(language, card))
        self.query_one(Head).display = self.changes.length > 0
        self.refresh_bindings()

    # What is done

    def _why_not(self) -> Sentence | None:
        """Why there is nothing to take."""
        if self._trouble is not None:
            return self._trouble
        if self._card is None:
            return sentence("The prices haven't arrived yet.")
        return None if self._card.is_other else sentence("Nothing to change.")

    def take(self) -> None:
        """Puts the new rates in place, and goes back to them."""
        if (card := self._card) is not None:
            self.app.finish(self._take(card), once="rates")

    async def _take(self, card: NewCard) -> None:
        try:
            applied = await self.app.fetch(lambda store: apply(store, card))
        except TextmeterError as error:
            if not self.is_attached:
                raise
            self._card, self._trouble = None, error.says
            self.show()
            return
        for line in outcome(applied):
            self.app.tell(line)
        if self.is_attached:
            self.leave()

    # A line

    def _headings(self, width: int) -> Content:
        _ = self.gettext
        return self._columns(_("Country"), _("Now"), _("Then"), "", width)

    def line(self, rate: ChangedRate, width: int) -> Content:
        """A country, what a segment costs there now and then, and what that means."""
        number, variables = self.app.language.number, self.app.theme_variables
        if rate.is_new:
            sign, colour = self.gettext("new"), variables["foreground"]
        elif rate.after > rate.before:
            sign, colour = "▲", variables["warning"]
        else:
            sign, colour = "▼", variables["success"]
        cells = rate.name, number(rate.before), number(rate.after)
        return self._columns(*cells, Content.styled(sign, colour), width)

    def _columns(self, name: str, now: str, then: str, sign: Content | str, width: int) -> Content:
        room = min(width - 28, NAME_WIDTH)
        cells = Content(name).truncate(room, ellipsis=True, pad=True)
        return cells + Content(now.rjust(9)) + Content(then.rjust(9)) + "   " + sign
