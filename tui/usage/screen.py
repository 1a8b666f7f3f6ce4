"""Usage: a month's credits by day and by kind, month by month, and how long what is left lasts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.credits.model import Period
from store.credits.quote_text import amount
from store.credits.usage import calendar_month
from store.sentences import N_, Sentence, sentence
from store.usage import Month, read_month
from tui.base.actions import Action
from tui.base.navigation import Go, StoreOpened
from tui.base.panel import Panel
from tui.base.screen import TextmeterScreen
from tui.i18n.units import uses_of
from tui.usage.days_table import DaysTable
from tui.usage.plots import DaysPlot, KindsPlot, MonthsPlot
from tui.usage.presentation import forecast_words
from tui.widgets.charts import gauge

if TYPE_CHECKING:
    from store.credits.model import Balance


WIDEST_GAUGE = 118
"""Cells of the month's bar, which ends where the widest chart of its days does."""


class Head(Panel):
    """Which month it is, what was used of it, what is left, what expires, and the pace."""

    LEADS_TO: ClassVar[str] = "history"
    HELP: ClassVar[str] = N_(
        "Left and Right show the previous or next month. The bar fills as the month's credits are used or "
        "held."
    )

    def __init__(self) -> None:
        super().__init__()
        self._month: Month | None = None

    def show(self, month: Month) -> None:
        """Shows a month."""
        self._month = month
        self.refresh()

    def render(self) -> Content:
        month = self._month
        if month is None:
            return Content("")
        width = self.size.width
        permille = month.usage.permille
        lines = [
            self._title(month),
            Content(self._sums(month)),
            gauge(permille, min(width - 2, WIDEST_GAUGE), self.app.limit_style(permille)),
            Content(self.app.language.say(self._expires(month))),
            Content(self._pace(month)),
        ]
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)

    def _title(self, month: Month) -> Content:
        language, period = self.app.language, month.usage.period
        last = period.ends - timedelta(days=1)
        if (period.starts, last) == calendar_month(period.starts):
            name = language.month(period.starts)
        else:
            name = f"{language.day(period.starts)} – {language.day(last)}"
        style = f"bold {self.app.theme_variables['primary']}"
        before = "‹ " if period.index != month.periods[0].index else "  "
        after = " ›" if period.index != month.periods[-1].index else ""
        return Content.assemble((before, style), (name, "bold"), (after, style))

    def _sums(self, month: Month) -> str:
        language, usage = self.app.language, month.usage
        says = sentence(
            "{used} of {capacity} used, {percent}; {left} left",
            used=usage.used + usage.held,
            capacity=usage.capacity,
            percent=language.percent(usage.permille),
            left=usage.left,
        )
        words = language.say(says)
        if usage.held:
            words += "  ·  " + language.say(sentence("{held} held", held=usage.held))
        return words

    def _expires(self, month: Month) -> Sentence:
        usage, language = month.usage, self.app.language
        count = sum(usage.expires.values())
        if not count:
            if usage.over:
                return sentence("Nothing expired")
            return sentence("Nothing expires until {day}", day=language.day_and_month(usage.period.ends))
        credits = amount(month.product, count)
        first, *others = [language.day_and_month(day) for day in usage.expires]
        when = sentence("{credits} on {day}", credits=credits, day=first)
        if others:
            when = sentence("{credits}, {first} to {last}", credits=credits, first=first, last=others[-1])
        if usage.over:
            return sentence("Lost unused: {when}", when=when)
        return sentence("Expiring: {when}", when=when)

    def _pace(self, month: Month) -> str:
        pace, language = month.usage.pace, self.app.language
        if pace is None:
            return ""
        if pace.from_now is None:
            return language.say(sentence("{count} a day on average", count=pace.so_far))
        says = sentence(
            "{so_far} a day so far; {from_now} a day from now on", so_far=pace.so_far, from_now=pace.from_now
        )
        return language.say(says)


class Page(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Scrolls to what has the focus; its arrow keys are the screen's."""


class UsageScreen(TextmeterScreen):
    """The use of one period, which Left and Right change."""

    NAME = N_("Usage")
    CSS_PATH = "usage.tcss"
    AUTO_FOCUS = "Head"
    HELP: ClassVar[str] = N_(
        "A month's use: by day, against the pace that would last until the plan renews; by kind; and month "
        "by month. At the bottom you see how long what you have now lasts at the pace of the last 30 days."
    )

    def __init__(self) -> None:
        super().__init__()
        self.month: Month | None = None
        self._index: int | None = None
        self._read_at: Balance | None = None

    def actions(self) -> Iterable[Action]:
        def go(id: str, key: str, mode: str, label: str, tooltip: str) -> Action:
            return Action(id, key, label, tooltip, lambda: self.post_message(Go(mode)))

        yield go("usage.back", "escape", "home", N_("Back"), N_("Back to Home"))
        yield Action(
            "usage.before",
            "left,pageup",
            N_("Prior month"),
            N_("Show the previous month"),
            partial(self._page, -1),
            why_not=partial(self._no_neighbour, -1, sentence("This is the account's first month.")),
        )
        yield Action(
            "usage.after",
            "right,pagedown",
            N_("Next month"),
            N_("Show the next month"),
            partial(self._page, 1),
            why_not=partial(self._no_neighbour, 1, sentence("This is the current month.")),
        )
        yield go("go.history", "g y", "history", N_("History"), N_("Every credit you got or used"))

    def body(self) -> ComposeResult:
        self._head, self._kinds = Head(), KindsPlot()
        self._days, self._months = DaysPlot(), MonthsPlot()
        self._table, self._lasts = DaysTable(), Static(id="lasts")
        with Page():
            with Horizontal(id="month"):
                yield self._head
                yield self._kinds
            with Container(id="by-day"):
                with Vertical(id="plots"):
                    yield self._days
                    yield self._months
                with VerticalScroll(id="table", can_focus=False):
                    yield self._table
            yield self._lasts
        self._show()

    def on_mount(self) -> None:
        self._begin()

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self._index = None
        self._begin()

    def balance_changed(self) -> None:
        super().balance_changed()
        if self.app.balance != self._read_at:
            self._begin()

    def _begin(self) -> None:
        self._read_at = self.app.balance
        self.load(self.read, newest_only=True)

    async def read(self) -> None:
        """Reads the period that is asked for."""
        account, index = self.app.account, self._index
        if account is not None:
            self.month = await self.app.fetch(lambda store: read_month(store, account, index))
            self._show()
            self.refresh_bindings()

    def _show(self) -> None:
        """Hands each widget its part."""
        month = self.month
        if month is None:
            return
        self._head.show(month)
        self._kinds.show({use: month.by_use[use] for use in uses_of(month.product)})
        self._days.show(month.usage, month.product)
        self._table.show(month.usage, month.product)
        self._months.show(month.periods, month.usage.period.index)
        language = self.app.language
        says = forecast_words(language, month.product, month.forecast, month.usage.today)
        self._lasts.update(Content.assemble((self.gettext("Forecast"), "bold"), "   ", language.say(says)))

    def _neighbour(self, step: int) -> Period | None:
        """The period before or after the one that is shown."""
        if self.month is None:
            return None
        periods = self.month.periods
        place = step + next(
            place for place, period in enumerate(periods) if period.index == self.month.usage.period.index
        )
        return periods[place] if 0 <= place < len(periods) else None

    def _no_neighbour(self, step: int, why: Sentence) -> Sentence | None:
        """Why there is no month before (-1) or after (1) this one; None where there is one."""
        return why if self._neighbour(step) is None else None

    def _page(self, step: int) -> None:
        """Shows the month before (-1) or after (1)."""
        if (period := self._neighbour(step)) is not None:
            self._open(period.index)

    @on(DaysPlot.Moved)
    def _moved(self, message: DaysPlot.Moved) -> None:
        self._table.mark(message.day)

    @on(DaysPlot.Beyond)
    def _beyond(self, message: DaysPlot.Beyond) -> None:
        self.action_act("usage.before" if message.step < 0 else "usage.after")

    @on(MonthsPlot.Chosen)
    def _chosen(self, message: MonthsPlot.Chosen) -> None:
        self._open(message.index)

    def _open(self, index: int) -> None:
        assert self.month is not None
        self._index = None if index == self.month.periods[-1].index else index
        self._begin()
