"""Lines of text as a widget draws them one by one."""

from __future__ import annotations

from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget


def one_line(widget: Widget, line: Content, width: int) -> Strip:
    """A line in a widget's style, as much of it as `width` cells hold, which may be none."""
    return next(iter(Visual.to_strips(widget, line, width, 1, widget.visual_style)), Strip.blank(width))
