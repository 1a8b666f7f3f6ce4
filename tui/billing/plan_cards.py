"""All plans side by side: as cards where there is room, else as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from store.sentences import N_
from tui.i18n.cells import right
from tui.widgets.charts import large
from tui.widgets.jumps import Jump
from tui.widgets.strips import one_line


@dataclass(frozen=True, slots=True)
class PlanCard:
    """A plan as it is shown: everything in words of the language, "" for what doesn't concern it.

    credits: of a month; unit: what these are; accounts, people: how many it is made for, as a number and in
    words; amount, price: each time that it is billed, likewise; each: of one credit; past: what the months
    that it is compared by would have cost; enough: whether it would have been enough for them; lacking: if
    not. standing: whether it is in use; change: what choosing it would be, else; fits: whether it is the one
    that fits.
    """

    credits: str
    unit: str
    accounts: str
    people: str
    amount: str
    price: str
    each: str
    past: str
    enough: str
    lacking: bool
    standing: str
    change: str
    fits: str


@dataclass(frozen=True, slots=True)
class Headings:
    """What the columns of the table are called; each and past stand on a card, too."""

    accounts: str
    credits: str
    amount: str
    each: str
    past: str


class PlanCards(Widget, can_focus=True):
    """The plans with a cursor on one of them; the screen has the key that chooses it.

    On a card the cursor is its first line, so that moving it is little to be drawn and painted.
    """

    HELP: ClassVar[str] = N_(
        "The arrow keys move between plans. “Fits you best” marks the cheapest plan that "
        "would have covered your last full months (up to three)."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,left,k", "move(-1)", N_("Previous plan"), show=False),
        Binding("down,right,j", "move(1)", N_("Next plan"), show=False),
        Binding("home", "move_to(0)", N_("First plan"), show=False),
        Binding("end", "move_to(-1)", N_("Last plan"), show=False),
    ]
    DEFAULT_CSS = """
    PlanCards { height: auto; width: 100%; }
    """
    GAP = 1
    WIDEST, NARROWEST = 38, 20
    INDENT = 2
    NOTE_GAP = 2

    class Moved(Message):
        """The cursor came to a plan. index: which one, from 0."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class Clicked(Moved):
        """The plan under the cursor was clicked."""

    def __init__(self) -> None:
        super().__init__()
        self._cards: Sequence[PlanCard] = ()
        self._headings = Headings("", "", "", "", "")
        self._cursor = 0
        self._tall = False
        self._lines: list[Content] = []
        self._places: list[range] = []
        self._drawn_for: tuple[object, ...] = ()

    @property
    def cursor(self) -> int:
        """The plan under the cursor, from 0."""
        return self._cursor

    def show(self, cards: Sequence[PlanCard], headings: Headings, *, tall: bool) -> None:
        """Shows these plans; the cursor stays. tall: whether there is room for cards below each other's
        lines."""
        self._cards, self._headings, self._tall = cards, headings, tall
        self._drawn_for = ()
        self._cursor = min(self._cursor, max(len(cards) - 1, 0))
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._all_lines(width))

    def render_line(self, y: int) -> Strip:
        """Draws one line, so that moving the cursor draws no others."""
        width = self.size.width
        key = width, self.app.current_theme, self.has_focus
        if key != self._drawn_for:
            self._drawn_for, self._lines = key, self._all_lines(width)
        if y >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        return one_line(self, self._lines[y], width)

    def _all_lines(self, width: int) -> list[Content]:
        if not self._cards or not width:
            return []
        return list(self._as_cards(width) if self._card_width(width) else self._as_table(width))

    def _card_width(self, width: int) -> int:
        """How wide a card is, 0 where they don't fit side by side."""
        count = len(self._cards)
        if not count or not self._tall:
            return 0
        each = min((width + self.GAP) // count - self.GAP, self.WIDEST)
        return each if each >= self.NARROWEST else 0

    # Cards

    def _as_cards(self, room: int) -> Iterator[Content]:
        width = self._card_width(room)
        yield self._heads(width)
        large_ones = all(len(large(card.credits)[0]) <= width - 2 * self.INDENT for card in self._cards)
        gap = Content(" " * self.GAP)
        for line in zip(*(self._card(card, width, large_ones) for card in self._cards), strict=True):
            yield gap.join(line)

    def _heads(self, width: int) -> Content:
        """The first line of all cards, the only one that tells where the cursor is."""
        variables = self.app.theme_variables
        heads = []
        for index, card in enumerate(self._cards):
            chosen = index == self._cursor
            head = Content.assemble("› " if chosen and self.has_focus else "  ", self._standing(card))
            head = head.truncate(width, ellipsis=True, pad=True)
            if chosen:
                head = head.stylize(f"{variables['background']} on {variables['primary']}")
            heads.append(head.stylize_before(f"on {variables['surface']}"))
        return Content(" " * self.GAP).join(heads)

    def _card(self, card: PlanCard, width: int, large_one: bool) -> list[Content]:
        """A card below its first line."""
        variables = self.app.theme_variables
        gold, quiet = f"bold {variables['secondary']}", variables["quiet"]
        digits = large(card.credits) if large_one else ["", card.credits, ""]
        people = [Content.styled(card.people, quiet)] if any(other.people for other in self._cards) else []
        lines = [
            self._fits(card),
            Content(""),
            *(Content.styled(line, gold) for line in digits),
            Content.styled(card.unit, quiet),
            *people,
            Content(""),
            Content.styled(card.price, "bold"),
            Content.styled(f"{self._headings.each}: {card.each}", quiet),
            Content(""),
            Content.styled(f"{self._headings.past}: ", quiet) + Content(card.past)
            if card.past
            else Content(""),
            self._enough(card),
            Content(""),
        ]
        surface, indent = f"on {variables['surface']}", Content(" " * self.INDENT)
        return [
            (indent + line).truncate(width, ellipsis=True, pad=True).stylize_before(surface) for line in lines
        ]

    def _standing(self, card: PlanCard) -> Content:
        variables = self.app.theme_variables
        if card.standing:
            return Content.styled(card.standing, f"bold {variables['primary']}")
        return Content.styled(card.change, variables["quiet"])

    def _fits(self, card: PlanCard) -> Content:
        return Content.styled(card.fits, f"bold {self.app.theme_variables['success']}")

    def _enough(self, card: PlanCard) -> Content:
        variables = self.app.theme_variables
        style = variables["warning"] if card.lacking else variables["quiet"]
        return Content.styled(card.enough, style)

    # Table

    def _as_table(self, width: int) -> Iterator[Content]:
        """A line a plan, what is special about it behind its figures: below them where that is too long."""
        variables = self.app.theme_variables
        quiet, gold = variables["quiet"], f"bold {variables['secondary']}"
        heads = self._headings
        titles = [heads.credits, heads.accounts, heads.amount, heads.each, heads.past]
        styles = [gold, "", "bold", quiet, ""]
        rows = [[card.credits, card.accounts, card.amount, card.each, card.past] for card in self._cards]
        shown = [column for column in range(len(titles)) if any(row[column] for row in rows)]
        widths = {
            column: max(
                Content(text).cell_length for text in [titles[column], *(row[column] for row in rows)]
            )
            for column in shown
        }
        notes = [self._note(card) for card in self._cards]
        longest = max(note.cell_length for note in notes)
        room = width - 2 - sum(widths.values())
        between = max(len(shown) - 1, 1)
        beside = room - longest - self.NOTE_GAP >= between
        gap = min(max((room - (longest + self.NOTE_GAP) * beside) // between, 1), 4)

        def line(cells: Sequence[str], styled: Sequence[str]) -> Content:
            parts = [Content.styled(right(cells[column], widths[column]), styled[column]) for column in shown]
            return Content("  ") + Content(" " * gap).join(parts)

        yield line(titles, [quiet] * len(titles)).truncate(width, ellipsis=True, pad=True)
        self._places = []
        for index, (note, row) in enumerate(zip(notes, rows, strict=True)):
            chosen = index == self._cursor
            drawn = [line(row, styles)]
            if chosen and self.has_focus:
                drawn[0] = Content.styled("›", f"bold {variables['primary']}") + drawn[0][1:]
            if beside:
                drawn[0] += Content(" " * self.NOTE_GAP) + note
            elif note:
                drawn.append(Content("    ") + note)
            top = self._places[-1].stop if self._places else 1
            self._places.append(range(top, top + len(drawn)))
            for part in drawn:
                part = part.truncate(width, ellipsis=True, pad=True)
                yield part.stylize(variables["cursor-line"]) if chosen else part

    def _note(self, card: PlanCard) -> Content:
        """What is special about a plan: most have nothing to be told."""
        words = [
            self._standing(card) if card.standing else Content(""),
            self._fits(card),
            self._enough(card) if card.lacking else Content(""),
        ]
        return Content("  ").join(part for part in words if part)

    # Moving

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def action_move(self, step: int) -> None:
        """Moves the cursor by so many plans."""
        self.action_move_to(min(max(self._cursor + step, 0), max(len(self._cards) - 1, 0)))

    def action_move_to(self, index: int) -> None:
        """Puts the cursor on a plan, from 0; -1 is the last one."""
        before, self._cursor = self._cursor, index % max(len(self._cards), 1)
        self._redraw({before, self._cursor})
        if not self._card_width(self.size.width) and self._places and isinstance(self.parent, Widget):
            # With the first plan, what stands above the plans comes back into view.
            place, above = self._places[self._cursor], self.virtual_region.y
            first = above + place.start if self._cursor else 0
            height = above + place.stop - first
            self.parent.scroll_to_region(Region(0, first, 1, height), animate=False)
        self.post_message(self.Moved(self._cursor))

    def _redraw(self, moved: set[int]) -> None:
        """Draws the lines of these plans that tell whether the cursor is there."""
        width = self.size.width
        if card_width := self._card_width(width):
            self._lines[:1] = [self._heads(card_width)]
            self.refresh(Region(0, 0, width, 1))
            return
        self._lines = self._all_lines(width)
        for place in (self._places[index] for index in moved if index < len(self._places)):
            self.refresh(Region(0, place.start, width, len(place)))

    def jumps(self) -> Iterable[Jump]:
        """To each plan: the cursor goes there."""
        width = self._card_width(self.size.width)
        for index in range(len(self._cards)):
            x, y = (index * (width + self.GAP), 0) if width else (0, self._places[index].start)
            yield Jump(x, y, partial(self._jump_to, index))

    def _jump_to(self, index: int) -> None:
        self.focus()
        self.action_move_to(index)

    def on_click(self, event: events.Click) -> None:
        width = self._card_width(self.size.width)
        if width:
            index = event.x // (width + self.GAP)
        else:
            index = next((at for at, place in enumerate(self._places) if event.y in place), -1)
        if not 0 <= index < len(self._cards):
            return
        if index == self._cursor:
            self.post_message(self.Clicked(index))
        else:
            self.action_move_to(index)
