"""The last months of an account, drawn: what was used in each, against what a plan gives, and what it would
have cost with that plan."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from store.credits.catalog import Product
from store.credits.model import PastMonth, PlanOffer
from store.credits.quote_text import amount
from store.sentences import Money, sentence, sentences
from tui.base.panel import Drawing
from tui.i18n.cells import left
from tui.widgets.charts import bar
from tui.widgets.wrapping import MOST_TEXT, wrap

GIVEN = "┆"
"""Stands at what a plan gives in a month."""
AROUND = 5
"""Lines beside those of the months: the title, the heads, the sum, an empty line and what the mark means."""
NARROWEST_BAR = 6


class PastMonths(Drawing):
    """A line a month, the oldest first: a bar of what was used with a mark at what the plan gives, the
    number, the price. It follows the plan under the cursor of the screen."""

    DEFAULT_CSS = """
    PastMonths { height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._product: Product | None = None
        self._offer: PlanOffer | None = None
        self._most = 0

    def show(self, product: Product, offer: PlanOffer, most: int) -> None:
        """Shows the months as they would have been with an offer's plan. most: lines that there are."""
        self._product, self._offer, self._most = product, offer, most
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        if self._offer is None or self._product is None:
            return []
        language, quiet = self.app.language, self.app.theme_variables["quiet"]
        width = min(width, MOST_TEXT)
        months = self._offer.months[-max(self._most - AROUND, 1) :]
        if not months:
            says = language.gettext(
                "After your first whole month, this compares what you used with each plan."
            )
            return wrap(Content.styled(says, quiet), width)
        given = amount(self._product, self._offer.plan.credits)
        title = language.say(sentence("Your last months with {credits} a month", credits=given))
        mark = language.say(sentence("{credits}: what this plan gives each month", credits=given))
        return [
            Content.styled(title, "bold").truncate(width, ellipsis=True),
            *self._table(months, width),
            Content(""),
            Content.styled(f"{GIVEN} {mark}", quiet).truncate(width, ellipsis=True),
        ]

    def _table(self, months: Sequence[PastMonth], width: int) -> list[Content]:
        assert self._offer is not None
        language, variables = self.app.language, self.app.theme_variables
        count = sentences("{count} month", "{count} months", len(months))
        used, cents = sum(month.used for month in months), sum(month.cents for month in months)
        calendar = all(month.starts.day == 1 for month in months)
        named = language.month_alone if calendar else language.day_and_month
        rows = [(named(month.starts), month.used, month.cents, month.short) for month in months]
        rows.append((language.say(count), used, cents, 0))
        names = [name for name, *_ in rows]
        numbers = [language.number(number) for _, number, _, _ in rows]
        prices = [language.money(Money(price)) for _, _, price, _ in rows]
        notes = [self._missing(short) for *_, short in rows]
        used_head, price_head = language.gettext("Used"), language.gettext("Cost")
        columns = (names, [*numbers, used_head], [*prices, price_head], notes)
        widths = [max(map(len, texts)) for texts in columns]
        room = width - sum(widths) - 2 * (4 if widths[3] else 3)
        top = max(self._offer.plan.credits, *(month.used for month in months))
        heads = f"{used_head.rjust(widths[1])}  {price_head.rjust(widths[2])}"
        begins = widths[0] + 2 + (room if room >= NARROWEST_BAR else 0) + 2
        lines = [Content.styled(" " * begins + heads, variables["quiet"])]
        for index, (name, number, price, note) in enumerate(zip(names, numbers, prices, notes, strict=True)):
            is_sum = index == len(months)
            drawn = Content(" " * room if room >= NARROWEST_BAR else "")
            if drawn and not is_sum:
                drawn = self._bar(months[index].used, top, room)
            line = Content.assemble(
                (left(name, widths[0] + 2), "bold" if is_sum else variables["quiet"]),
                drawn,
                (f"  {number.rjust(widths[1])}", "bold" if is_sum else ""),
                (f"  {price.rjust(widths[2])}", "bold" if is_sum else ""),
                (f"  {note}" if note else "", variables["warning"]),
            )
            lines.append(line.truncate(width, ellipsis=True))
        return lines

    def _missing(self, short: int) -> str:
        if not short:
            return ""
        return self.app.language.say(sentences("{count} short", "{count} short", short))

    def _bar(self, used: int, top: int, room: int) -> Content:
        """A month's bar. What the plan would not have given has the colour of a warning; the mark stands
        where that begins."""
        assert self._offer is not None
        variables = self.app.theme_variables
        given = min(self._offer.plan.credits * room // max(top, 1), room - 1)
        cells = bar(used, top, room).ljust(room)
        within, beyond = cells[:given], cells[given:]
        mark = GIVEN if beyond[0] == " " else beyond[0]
        over = variables["warning"] if beyond[0] != " " else variables["quiet"]
        return Content.assemble(
            (within, variables["secondary"]), (mark, over), (beyond[1:], variables["warning"])
        )
