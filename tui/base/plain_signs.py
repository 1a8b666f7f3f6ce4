"""Signs that a terminal can't show are drawn by others, last of all: widgets needn't know."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui.i18n.signs import Translate


class PlainSigns(LineFilter):
    """Translates whatever is drawn."""

    def __init__(self, translate: Translate) -> None:
        super().__init__()
        self._translate = translate

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(self._translate(text), style, control) for text, style, control in segments]
