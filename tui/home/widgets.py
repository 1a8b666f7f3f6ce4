"""How much is left and how fast it goes: the large number with the month's bar, and a bar a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content

from store.clock import local_date
from store.sentences import N_, Sentence, sentence
from tui.base.panel import Panel
from tui.i18n.cells import right, widest
from tui.widgets.charts import WIDEST, bar_width, bars, gauge, large
from tui.widgets.wrapping import MOST_TEXT, wrap

if TYPE_CHECKING:
    from store.credits.model import Balance
    from store.emails.planned import Planned

DAYS = 30
"""Days that the chart has. The bar of the month ends where the chart does."""


class Standing(Panel):
    """What is left, in large digits; beside it the month as a bar, with a mark at today, and how long it
    lasts. Where it is narrow the month stands below.
    """

    HELP: ClassVar[str] = N_(
        "What you have left. The bar fills as the month's credits are used or held; the mark "
        "below it is today. Enter shows the month day by day."
    )
    NUMBER_WIDTH = 18
    BESIDE = 32
    """Cells that the month needs to stand beside the number."""

    def __init__(self) -> None:
        super().__init__()
        self._balance: Balance | None = None
        self._today = date.min
        self._pace = Sentence("")

    def show(self, balance: Balance, today: date, pace: Sentence) -> None:
        """Shows a balance as of a local day. pace: how long it lasts."""
        self._balance, self._today, self._pace = balance, today, pace
        self.refresh(layout=True)

    def lines(self, width: int) -> int:
        """How many lines it takes in so many cells, its edge included."""
        return len(self._lines(width - self.gutter.width)) if self._balance is not None else 4

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._lines(width)) if self._balance is not None else 4

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.size.width)) if self._balance is not None else Content("")

    def _lines(self, width: int) -> list[Content]:
        balance, width = self._balance, max(width, 1)
        assert balance is not None
        from tui.i18n.units import left  # the first frame is painted without

        language, variables = self.app.language, self.app.theme_variables
        say = language.say
        digits = large(language.number(balance.available))
        words, pace = say(left(self.app.product, balance.available)), Content(say(self._pace))
        column = max(len(digits[0]) + 3, widest([words]) + 3, self.NUMBER_WIDTH)
        number = [Content.styled(line, f"bold {variables['secondary']}") for line in digits]
        within = min(width, DAYS * (WIDEST + 1) - 1)
        room = within - column
        if room < self.BESIDE:
            month = [self._used(balance, width), self._bar(balance, width), self._mark(balance, width)]
            lines = [*number, Content(words), *month, *wrap(pace, width)]
        else:
            month = [self._used(balance, room), self._bar(balance, room), self._mark(balance, room)]
            lines = [
                line.pad_right(column - line.cell_length) + what
                for line, what in zip(number, month, strict=True)
            ]
            beside = pace.cell_length <= room
            lines.append(
                Content(words).pad_right(column - widest([words])) + pace if beside else Content(words)
            )
            lines += [] if beside else wrap(pace, min(width, MOST_TEXT))
        return [line.truncate(width, ellipsis=True) for line in lines]

    def _used(self, balance: Balance, width: int) -> Content:
        """How much of the month is used; what of it isn't settled yet, where there is room for that."""
        say = self.app.language.say
        words = say(
            sentence(
                "This month: {used} of {capacity} used",
                used=balance.used + balance.held,
                capacity=balance.capacity,
            )
        )
        if balance.held:
            held = sentence("{held} held for texts", held=balance.held)
            if self.app.product.sends == "emails":
                held = sentence("{held} held for emails", held=balance.held)
            more = f"{words}  ·  {say(held)}"
            words = more if len(more) <= width else words
        return Content(words)

    def _bar(self, balance: Balance, width: int) -> Content:
        return gauge(balance.permille, width - 2, self.app.limit_style(balance.permille))

    def _mark(self, balance: Balance, width: int) -> Content:
        account, period = balance.account, balance.period
        # Who began within the month has used nothing before.
        starts = max(period.starts, local_date(account.opened_at, account.timezone))
        days = max((period.ends - starts).days, 1)
        gone = min(max((self._today - starts).days + 1, 0), days)
        place = 1 + (width - 3) * gone // days
        label = self.app.language.gettext("today")
        line = f"{' ' * place}▴ {label}"
        if len(line) > width:
            line = right(f"{label} ▴", place + 1)
        return Content.styled(line, self.app.theme_variables["quiet"])


class DaysChart(Panel):
    """The credits used on each of the last days, as bars, with their sum and their highest day in words."""

    HELP: ClassVar[str] = N_(
        "What you used on each of the last 30 days; a dot is a day without use. Enter shows "
        "the month day by day."
    )

    def __init__(self) -> None:
        super().__init__()
        self._days: Mapping[date, int] = {}

    def show(self, days: Mapping[date, int]) -> None:
        """Shows credits by local day, oldest first."""
        self._days = days
        self.refresh()

    def render(self) -> Content:
        if not self._days:
            return Content("")
        from store.credits.quote_text import amount

        language, variables = self.app.language, self.app.theme_variables
        values = list(self._days.values())
        quiet = variables["quiet"]
        if not any(values):
            return self._empty()
        says = sentence("Last 30 days: {credits}", credits=amount(self.app.product, sum(values)))
        title = Content.styled(language.say(says), "bold")
        day, most = max(self._days.items(), key=lambda item: item[1])
        peak = sentence("most on {day}: {credits}", day=language.day_and_month(day), credits=most)
        title += Content.styled(f"  ·  {language.say(peak)}", quiet)
        chart = bars(
            values, bar_width(len(values), self.size.width) * len(values), max(self.size.height - 2, 1)
        )
        first, last = (language.day_and_month(day) for day in (min(self._days), max(self._days)))
        axis = first + right(last, max(len(chart[0]) - widest([first]), 0))
        return Content("\n").join(
            [
                title.truncate(self.size.width, ellipsis=True),
                *(Content.styled(line, variables["secondary"]) for line in chart),
                Content.styled(axis, quiet),
            ]
        )

    def _empty(self) -> Content:
        """What will be here, instead of thirty dots."""
        language = self.app.language
        title = Content.styled(language.say(sentence("Last 30 days: nothing used")), "bold")
        says = (
            N_("A bar for each day appears here once you send an email.")
            if self.app.product.sends == "emails"
            else N_("A bar for each day appears here once you send a text.")
        )
        about = Content.styled(language.gettext(says), self.app.theme_variables["quiet"])
        return Content("\n").join([title, *wrap(about, min(self.size.width, MOST_TEXT))])


class PlannedChart(Panel):
    """What is planned on each day until the renewal, as bars; the day on which the limit is reached in
    words."""

    HELP: ClassVar[str] = N_(
        "What waiting campaigns and SmartPlans will send each day until the month ends; a "
        "dot is a day with nothing planned."
    )

    def __init__(self) -> None:
        super().__init__()
        self._planned: Planned | None = None
        self._today = date.min

    def show(self, planned: Planned | None, today: date) -> None:
        """Shows what is planned, from a local day on."""
        self._planned, self._today = planned, today
        self.refresh()

    def render(self) -> Content:
        planned = self._planned
        if planned is None:
            return Content("")
        language, variables = self.app.language, self.app.theme_variables
        quiet = variables["quiet"]
        days = [
            self._today + timedelta(days=ahead) for ahead in range((planned.renews_on - self._today).days)
        ]
        values = [planned.by_day.get(day, 0) for day in days]
        title = Content.styled(language.gettext("Planned by day"), "bold")
        day, most = max(zip(days, values, strict=True), key=lambda one: one[1])
        peak = sentence("most on {day}: {credits}", day=language.day_and_month(day), credits=most)
        title += Content.styled(f"  ·  {language.say(peak)}", quiet)
        chart = bars(values, bar_width(len(days), self.size.width) * len(days), max(self.size.height - 2, 1))
        first, last = language.day_and_month(days[0]), language.day_and_month(days[-1])
        axis = first + right(last, max(len(chart[0]) - widest([first]), widest([last]) + 1))
        return Content("\n").join(
            [
                title.truncate(self.size.width, ellipsis=True),
                *(Content.styled(line, variables["secondary"]) for line in chart),
                Content.styled(axis, quiet),
            ]
        )
