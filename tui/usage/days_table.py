"""A period's days as a table, beside the chart: what was used on each, by kind."""

from __future__ import annotations

from datetime import date

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

from store.credits.catalog import Product
from store.credits.usage import Usage
from tui.base.panel import Drawing
from tui.i18n.units import USES, uses_of
from tui.widgets.wrapping import MOST_TEXT, wrap

HEADS = 1
"""Lines above the days."""


class DaysTable(Drawing):
    """A line for each day on which anything was used, the day under the chart's cursor marked."""

    DEFAULT_CSS = """
    DaysTable { height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._usage: Usage | None = None
        self._product: Product | None = None
        self._day = date.max

    def show(self, usage: Usage, product: Product) -> None:
        """Shows a period."""
        self._usage, self._product = usage, product
        self.refresh(layout=True)

    def mark(self, day: date) -> None:
        """Marks a day, and brings it into sight."""
        self._day = day
        self.refresh()
        days = self._days
        if day in days and isinstance(self.parent, Widget):
            self.parent.scroll_to_region(Region(0, HEADS + days.index(day), 1, 1), animate=False)

    @property
    def _days(self) -> list[date]:
        return [day for day, uses in self._usage.days.items() if any(uses.values())] if self._usage else []

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        if self._usage is None or self._product is None:
            return []
        language, variables = self.app.language, self.app.theme_variables
        width, quiet, days = min(width, MOST_TEXT), variables["quiet"], self._days
        if not days:
            return wrap(Content.styled(language.gettext("Nothing was used in this month."), quiet), width)
        kinds = [use for use in uses_of(self._product) if any(self._usage.days[day].get(use) for day in days)]
        heads = [
            language.gettext("Day"),
            *(language.gettext(USES[use]) for use in kinds),
            language.gettext("Total"),
        ]
        rows = []
        for day in days:
            uses = self._usage.days[day]
            numbers = [language.number(uses[use]) if uses.get(use) else "" for use in kinds]
            rows.append([language.day_and_month(day), *numbers, language.number(sum(uses.values()))])
        widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]

        def line(cells: list[str]) -> Content:
            name, *numbers = cells
            right = "".join(f"{text:>{wide + 3}}" for text, wide in zip(numbers, widths[1:], strict=True))
            return Content(f" {name:<{widths[0]}}{right} ").truncate(width, ellipsis=True)

        lines = [line(heads).stylize(quiet)]
        for day, row in zip(days, rows, strict=True):
            marked = variables["cursor-line"] if day == self._day else ""
            lines.append(line(row).stylize(marked))
        return lines
