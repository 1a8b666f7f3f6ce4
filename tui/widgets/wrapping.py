"""Text in lines of a window's width, which can be any."""

from __future__ import annotations

from textual.content import Content

MOST_TEXT = 76
"""Cells that a line of text takes at most, however wide its pane is: the eye loses longer ones."""
WIDEST_CHARACTER = 2
"""Cells; what is narrower than one can't be filled at all, on which Rich fails."""


def wrap(content: Content, width: int) -> list[Content]:
    """The lines of a text within so many cells."""
    return content.wrap(max(width, WIDEST_CHARACTER))
