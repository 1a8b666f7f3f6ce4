"""Lists that fit into so many lines, and the words that several of them share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content

from store.sentences import sentences
from tui.i18n.sanitize import literal
from tui.widgets.link_list import Row, lines_of

if TYPE_CHECKING:
    from tui.i18n.language import Language

LONGEST_NAME = 20
"""Cells of somebody's name beside a text."""


def heading(text: str) -> Row:
    """What stands above a list and leads nowhere."""
    return Row("", Content.styled(text, "bold"))


def at_most(
    language: Language,
    rows: Sequence[Row],
    lines: int,
    run: Callable[[], object],
    width: int | None = None,
) -> list[Row]:
    """These rows, as far as they fit into so many lines: of so many cells where they wrap. The last of them
    says how many more there are, and leads on to them by `run`; where there is one line only, the end of the
    first row does."""
    heights = [1] * len(rows) if width is None else lines_of(rows, width)
    if sum(heights) <= lines or not rows:
        return list(rows)
    shown, taken = 0, 0
    for height in heights:
        if taken + height > lines - 1:
            break
        taken, shown = taken + height, shown + 1
    more = Content(language.say(sentences("+{count} more", "+{count} more", len(rows) - max(shown, 1))))
    if not shown:
        return [replace(rows[0], end=more)]
    return [*rows[:shown], Row("", more, run=run)]


def one_line(text: str) -> Content:
    """What somebody wrote, in one line."""
    return literal(" ".join(text.split()))


def named(name: str) -> Content:
    """Somebody's name, not longer than there is room for beside a text."""
    return literal(name).truncate(LONGEST_NAME, ellipsis=True)
