"""What was used, drawn: a bar a day against the pace that lasts, a bar a kind, a bar a month. Every bar has
its number: beside it, or in the line below for the day under the cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from store.credits.catalog import Product
from store.credits.model import Period, Use
from store.credits.quote_text import amount
from store.credits.usage import Usage
from store.sentences import N_, sentence
from tui.base.panel import Drawing, Panel
from tui.i18n.cells import left, widest
from tui.i18n.units import USES, uses_of
from tui.usage.presentation import whole_percents
from tui.widgets.charts import bar, bar_width, bars

PACE = "┄"
MONTHS = 12
WIDEST = 10
"""Cells that a month's bar takes at most, with its gap, where there is room."""


class DaysPlot(Panel):
    """A bar for each day of a period, with a line at the pace that lasts until its end, and a cursor that
    tells a day in words. Past the first or last day it posts `Beyond`."""

    LEADS_TO: ClassVar[str] = "history"
    HELP: ClassVar[str] = N_(
        "Left and Right move day by day, and on to the previous or next month; the line "
        "below shows that day's use. The dotted line is the pace that would last until the "
        "plan renews: bars above it are days of heavier use. A dot is a day without use. "
        "Enter shows every credit."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", N_("Previous day"), show=False),
        Binding("right", "move(1)", N_("Next day"), show=False),
        Binding("home", "move(-99)", N_("First day"), show=False),
        Binding("end", "move(99)", N_("Last day"), show=False),
    ]

    class Beyond(Message):
        """The cursor was moved out of the period. step: -1 or 1, to the one before or after."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Moved(Message):
        """The cursor came to a day."""

        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._usage: Usage | None = None
        self._product: Product | None = None
        self._day = date.max

    def show(self, usage: Usage, product: Product) -> None:
        """Shows a period; the cursor stays on its day, or goes to the nearest one."""
        self._usage, self._product = usage, product
        self._move_to(self._day)

    @property
    def _last(self) -> date:
        """The last day that can be told anything of."""
        assert self._usage is not None
        period = self._usage.period
        return max(min(self._usage.today, period.ends - timedelta(days=1)), self._usage.since)

    def action_move(self, step: int) -> None:
        """Moves the cursor by days; by one more than there are, to the next period."""
        if self._usage is None:
            return
        day = self._day + timedelta(days=step)
        if abs(step) == 1 and not self._usage.since <= day <= self._last:
            self.post_message(self.Beyond(step))
            return
        self._move_to(day)

    def on_click(self, event: events.Click) -> None:
        """A click on a bar puts the cursor there."""
        event.prevent_default()  # a Panel's own click leads away
        if self._usage is None:
            return
        index = (event.x - self.gutter.left - self._axis_width) // self._unit
        day = self._usage.period.starts + timedelta(days=index)
        self._move_to(day)

    def _move_to(self, day: date) -> None:
        """Puts the cursor on a day, or on the nearest one that can be told anything of."""
        assert self._usage is not None
        self._day = min(max(day, self._usage.since), self._last)
        self.post_message(self.Moved(self._day))
        self.refresh()

    @property
    def _top(self) -> int:
        """What fills the height: the highest day, or the pace."""
        assert self._usage is not None
        pace = self._usage.pace
        return max(pace.even if pace else 0, *(sum(uses.values()) for uses in self._usage.days.values()), 1)

    @property
    def _axis_width(self) -> int:
        return len(self.app.language.number(self._top)) + 2

    @property
    def _unit(self) -> int:
        assert self._usage is not None
        period = self._usage.period
        return bar_width((period.ends - period.starts).days, self.size.width - self._axis_width)

    def render(self) -> Content:
        if self._usage is None:
            return Content("")
        lines = [self._title(), *self._chart(), self._axis(), self._told()]
        return Content("\n").join(line.truncate(self.size.width, ellipsis=True) for line in lines)

    @property
    def _quiet(self) -> str:
        return self.app.theme_variables["quiet"]

    def _title(self) -> Content:
        assert self._usage is not None
        usage, language = self._usage, self.app.language
        title = Content.styled(language.gettext("By day"), "bold")
        pace = usage.pace
        if pace is None or not pace.even:
            return title
        day = language.day_and_month(usage.period.ends)
        if usage.over:
            says = sentence("{count} a day would have lasted until {day}", count=pace.even, day=day)
        else:
            says = sentence("{count} a day would last until {day}", count=pace.even, day=day)
        return title + Content.styled(f"   {PACE}{PACE} {language.say(says)}", self._quiet)

    def _chart(self) -> list[Content]:
        assert self._usage is not None
        usage, height, top = self._usage, max(self.size.height - 3, 1), self._top
        days = (usage.period.ends - usage.period.starts).days
        values: list[int | None] = [
            sum(uses.values()) if day >= usage.since else None for day, uses in usage.days.items()
        ]
        values += [None] * (days - len(values))
        rows = bars(values, self._unit * days, height, top=top)
        labels = {0: top}
        pace = usage.pace
        if pace is not None and pace.even:
            at = height - 1 - max(-(-pace.even * height * 8 // top) - 1, 0) // 8
            rows[at] = rows[at].replace(" ", PACE)
            labels[at] = pace.even
        return [self._chart_row(row, labels.get(index)) for index, row in enumerate(rows)]

    def _chart_row(self, row: str, label: int | None) -> Content:
        variables, width = self.app.theme_variables, self._axis_width
        number = "" if label is None else self.app.language.number(label)
        cells = [(f"{number:>{width - 2}} {'│' if label is None else '┤'}", self._quiet)]
        for is_pace, part in groupby(row, lambda cell: cell == PACE):
            cells.append(("".join(part), self._quiet if is_pace else variables["secondary"]))
        return Content.assemble(*cells)

    def _axis(self) -> Content:
        """The first and the last day, those between by their number a week apart, and the cursor's mark."""
        assert self._usage is not None
        period, language, unit = self._usage.period, self.app.language, self._unit
        days = [period.starts + timedelta(days=n) for n in range((period.ends - period.starts).days)]
        width = unit * len(days)
        line = [" "] * width
        mark = (self._day - period.starts).days * unit + (unit - 1) // 2
        if mark < width:
            line[mark] = "▴"
        last = len(days) - 1
        for index in dict.fromkeys((0, last, *range(7, last, 7))):
            if not days:
                break
            edge = index in (0, last)
            label = language.day_and_month(days[index]) if edge else str(days[index].day)
            at = max(width - len(label), 0) if index == last and index else index * unit
            around = line[max(at - 1, 0) : at + len(label) + 1]
            if at + len(label) <= width and all(cell == " " for cell in around):
                line[at : at + len(label)] = label
        text = Content.styled(" " * self._axis_width + "".join(line), self._quiet)
        style = f"bold {self.app.theme_variables['primary']}"
        return text.stylize(style, self._axis_width + mark, self._axis_width + mark + 1)

    def _told(self) -> Content:
        """What was used on the day under the cursor."""
        assert self._usage is not None
        assert self._product is not None
        language = self.app.language
        uses = self._usage.days.get(self._day, {})
        day = language.day(self._day, "full" if self.size.width >= 100 else "medium")
        credits = sum(uses.values())
        if credits < 0:
            says = language.say(sentence("{credits} came back", credits=amount(self._product, -credits)))
        else:
            says = (
                language.say(amount(self._product, credits)) if credits else language.gettext("nothing used")
            )
        told = Content.assemble((f"▴ {day}", f"bold {self.app.theme_variables['primary']}"), f"  {says}")
        if credits and len(uses_of(self._product)) > 1:
            parts = [
                f"{language.gettext(name)} {language.number(uses[use])}"
                for use, name in USES.items()
                if uses.get(use)
            ]
            told += Content.styled("  ·  " + ", ".join(parts), self._quiet)
        return told


class KindsPlot(Drawing):
    """A bar for each kind of use, with its number and its share."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._uses: Mapping[Use, int] = {}

    def show(self, uses: Mapping[Use, int]) -> None:
        """Shows credits by what they were used for."""
        grows = len(uses) != len(self._uses)
        self._uses = uses
        self.refresh(layout=grows)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._uses) + 1

    def render(self) -> Content:
        language = self.app.language
        variables = self.app.theme_variables
        lines = [Content.styled(language.gettext("By kind"), "bold")]
        names = {use: language.gettext(USES[use]) for use in self._uses}
        name_width = widest(names.values())
        number_width = max((len(language.number(n)) for n in self._uses.values()), default=0)
        total, top = sum(self._uses.values()), max(self._uses.values(), default=0)
        shares = whole_percents(list(self._uses.values()))
        for (use, credits), percent in zip(self._uses.items(), shares, strict=True):
            share = language.percent(percent * 10) if total else ""
            number = f"{language.number(credits):>{number_width}}  {share:>5}"
            room = max(self.size.width - name_width - len(number) - 4, 1)
            lines.append(
                Content.assemble(
                    (left(names[use], name_width + 2), variables["quiet"]),
                    (f"{bar(credits, top, room):<{room}}", variables["secondary"]),
                    f"  {number}",
                )
            )
        return Content("\n").join(line.truncate(self.size.width, ellipsis=True) for line in lines)


class MonthsPlot(Panel):
    """The last periods side by side, each with its number and its month; the one shown above is marked."""

    LEADS_TO: ClassVar[str] = "history"
    HELP: ClassVar[str] = N_(
        "Monthly use over the last months. Left and Right show the previous or next month "
        "above. Enter shows every credit."
    )

    class Chosen(Message):
        """A month was clicked on. index: the period's."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._periods: Sequence[Period] = ()
        self._shown = 0

    def show(self, periods: Sequence[Period], shown: int) -> None:
        """Shows periods, the oldest first; shown: the index of the one that the screen tells of."""
        self._periods, self._shown = periods, shown
        self.refresh()

    def _labels(self) -> list[str]:
        """The month's name where all periods are calendar months, else the day on which each began."""
        language = self.app.language
        if all(period.starts.day == 1 for period in self._periods[1:]):
            return [language.month_alone(period.starts) for period in self._periods]
        return [language.day_and_month(period.starts) for period in self._periods]

    def _laid_out(self) -> tuple[int, int, int]:
        """The width of a bar with its gap, and which periods there is room for: the last ones, or those up to
        the one that is shown, where that is older."""
        number = self.app.language.number
        widths = [len(number(period.used)) for period in self._periods]
        widths.append(widest(self._labels()) + 1)
        unit = max(max(widths, default=0) + 1, min(self.size.width // MONTHS, WIDEST))
        count = max(min(MONTHS, len(self._periods), self.size.width // unit), 1)
        places = [place for place, period in enumerate(self._periods) if period.index == self._shown]
        end = len(self._periods)
        if places and places[0] < end - count:
            end = places[0] + 1
        return unit, max(end - count, 0), end

    def on_click(self, event: events.Click) -> None:
        """A click on a bar shows its month above."""
        event.prevent_default()
        unit, start, end = self._laid_out()
        place = start + (event.x - self.gutter.left) // unit
        if start <= place < end:
            self.post_message(self.Chosen(self._periods[place].index))

    def render(self) -> Content:
        if not self._periods:
            return Content("")
        language, variables = self.app.language, self.app.theme_variables
        unit, start, end = self._laid_out()
        periods, labels = self._periods[start:end], self._labels()[start:end]
        chart = bars([period.used for period in periods], unit * len(periods), max(self.size.height - 3, 1))
        numbers, names = Content(""), Content("")
        for period, label in zip(periods, labels, strict=True):
            shown = period.index == self._shown
            style = f"bold {variables['primary']}" if shown else ""
            numbers += Content.styled(language.number(period.used).ljust(unit), style)
            names += Content.styled(left(f"{'›' * shown}{label}", unit), style or variables["quiet"])
        lines = [
            self._title(),
            *(Content.styled(line, variables["secondary"]) for line in chart),
            numbers,
            names,
        ]
        return Content("\n").join(line.truncate(self.size.width, ellipsis=True) for line in lines)

    def _title(self) -> Content:
        """What the chart is, and the month shown against the one before."""
        language = self.app.language
        title = Content.styled(language.gettext("Month by month"), "bold")
        used = {period.index: period.used for period in self._periods}
        if self._shown not in used or self._shown - 1 not in used:
            return title
        more = used[self._shown] - used[self._shown - 1]
        if more > 0:
            says = sentence("{credits} more than the previous month", credits=more)
        elif more < 0:
            says = sentence("{credits} less than the previous month", credits=-more)
        else:
            says = sentence("same as the previous month")
        return title + Content.styled(f"   {language.say(says)}", self.app.theme_variables["quiet"])
