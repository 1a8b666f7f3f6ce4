"""What is known of what is written, beside or below it and never moving it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Generic, TypeVar

from textual import getters
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from store.messages.model import Problem
from store.sentences import Key
from tui.base.session_app import SessionApp
from tui.i18n.language import Language
from tui.i18n.sanitize import literal
from tui.widgets.strips import one_line
from tui.widgets.wrapping import MOST_TEXT, wrap

FIX = Key("compose.fix", "f6")

Read = TypeVar("Read")

NEXT_STEPS = frozenset({"empty-text", "empty-subject", "no-recipients"})
"""Codes of problems that are no mistake: the draft has only begun."""


class Beside(Widget, Generic[Read]):
    """Draws a reading as lines. Only lines that change are drawn anew. LEAST: rows that it always has below
    the text, with the line above it."""

    LEAST = 6

    app = getters.app(SessionApp)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._reading: Read | None = None
        self.drawn: Sequence[Content] = ()
        """The lines as they are drawn."""

    def lines(self, reading: Read, width: int, height: int) -> Sequence[Content]:
        """What it says in a place of this size."""
        raise NotImplementedError

    def show(self, reading: Read) -> None:
        """Shows another reading. The size of the widget never changes with it."""
        if reading != self._reading:
            self._reading = reading
            self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._reading is None:
            return
        width, height = self.size
        before, self.drawn = self.drawn, self.lines(self._reading, min(width, MOST_TEXT), height)[:height]
        for y, (old, new) in enumerate(zip_longest(before, self.drawn, fillvalue=Content(""))):
            if not old.is_same(new):
                self.refresh(Region(0, y, width, 1))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y >= len(self.drawn) or not self.drawn[y].plain:  # an empty line is as blank as none at all
            return Strip.blank(width, self.visual_style.rich_style)
        return one_line(self, self.drawn[y], width)


# Lines that several have


def after_a_blank(found: Sequence[Content]) -> list[Content]:
    """These lines after an empty one, if there are any."""
    return [Content(""), *found] if found else []


def cut(found: list[Content], height: int) -> list[Content]:
    """As many lines as have room; a mark at the last one says that there are more."""
    if len(found) <= height:
        return found
    found = found[: max(height, 0)]
    while found and not found[-1]:
        found.pop()
    if found:
        found[-1] += Content(" …")
    return found


def problem_lines(problems: Iterable[Problem], language: Language, width: int) -> list[Content]:
    """What is wrong: blocking ones first, each with its sign; warnings after them."""
    drawn: list[Content] = []
    told_elsewhere = {"left-out", "no-reason"}  # beside the recipients, and where it is sent
    shown = [problem for problem in problems if problem.code not in told_elsewhere]
    shown.sort(key=lambda problem: not problem.blocking)
    nearly = next((problem for problem in reversed(shown) if problem.code == "near-miss"), None)
    for problem in shown:
        sign, style = _sign(problem)
        drawn += signed(sign, language.say(problem.says), style, width)
        if problem is nearly:
            mends = language.gettext("makes it a field")
            drawn.append(Content.assemble("  ", (language.key_shown(FIX), "bold $primary"), " ", mends))
    return drawn


def _sign(problem: Problem) -> tuple[str, str]:
    if problem.code in NEXT_STEPS:
        return "·", "$quiet"
    return ("✗", "$error") if problem.blocking else ("!", "$warning")


def signed(sign: str, says: str, style: str, width: int) -> list[Content]:
    """A sentence with a sign before its first line, wrapped."""
    lines = wrap(literal(says), max(width - 2, 10))
    return [
        Content.assemble((sign if number == 0 else " ", style), " ", line.stylize(style))
        for number, line in enumerate(lines)
    ]


def as_read(reader: str, language: Language) -> str:
    """ "As Zoë gets it"."""
    return language.gettext("What {reader} gets").format(reader=language.phone(reader))


def heading(reader: str, place: int, people: int, language: Language, width: int) -> Content:
    """ "As Zoë gets it", and which of how many that is."""
    number = language.number
    says = language.gettext("{place} of {people}").format(place=number(place), people=number(people))
    room = width - Content(says).cell_length - 2
    who = literal(as_read(reader, language)).truncate(room, ellipsis=True)
    return row(who, Content(says), width).stylize("$quiet")


def row(left: Content, right: Content, width: int) -> Content:
    """A line with something at either end."""
    return Content.assemble(left, " " * max(width - left.cell_length - right.cell_length, 1), right)


def wrapped(text: str, width: int) -> Iterable[Content]:
    """The beginning of a text, as it is received."""
    for line in text[:2_000].split("\n"):
        yield from wrap(literal(line), width) or [Content("")]
