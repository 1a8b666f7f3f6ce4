"""An app in a look: one of the house's, in the colours that its terminal has, or one of the person's own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.reactive import Reactive

from store.sentences import N_
from tui.base.diff_display import SparingApp
from tui.base.looks import LOOKS, NIGHT
from tui.i18n.signs import shown

if TYPE_CHECKING:
    from textual.theme import Theme

    from tui.base.theme_files import OwnLook

NAMES = {
    "night": N_("Night"),
    "day": N_("Day"),
    "contrast": N_("High contrast"),
    "colorblind-night": N_("Color-blind, night"),
    "colorblind-day": N_("Color-blind, day"),
}
SIXTEEN = "standard"
FEW = ("256", SIXTEEN)
"""What Rich calls terminals of few colours."""


class ThemedApp(SparingApp):
    """An app in the house's looks, in the first of them before another is chosen."""

    # The default rather than a change of it, for which Textual would parse all styles anew.
    theme: Reactive[str] = Reactive(NIGHT.name)

    _looks: Mapping[str, Theme] = LOOKS
    _depth = ""

    def __init__(self) -> None:
        super().__init__()
        self.own_looks: dict[str, str] = {}
        """The person's own, which name files: what each is called."""
        for theme in LOOKS.values():
            self.register_theme(theme)

    def draw_in(self, depth: str | None) -> None:
        """Draws in the colours and signs that a terminal has, before it is run. depth: as Rich calls it."""
        self._depth = depth or ""
        if self._depth in FEW:
            from tui.base.few_colours import BY_DEPTH  # most terminals have all

            self._looks = BY_DEPTH[self._depth]
            self.stylesheet.set_variables(self.get_css_variables())
        if translate := shown(os.environ):
            from tui.base.plain_signs import PlainSigns

            self._filters.append(PlainSigns(translate))

    def get_theme(self, theme_name: str) -> Theme | None:
        """The house's themes are known before they can be registered: Textual asks while it sets itself
        up.
        """
        return self._looks.get(theme_name) or super().get_theme(theme_name)

    def take_own_looks(self, looks: Iterable[OwnLook]) -> None:
        """The person's own looks are these from now on. One that is gone stays while it is worn. Of 16
        colours none is like theirs: the house's are taken."""
        looks = list(looks)
        for one in looks:
            theme = one.theme
            if self._depth == SIXTEEN:
                theme = replace(self._looks["night" if theme.dark else "day"], name=theme.name)
            changed = self.available_themes.get(theme.name) != theme
            self.register_theme(theme)
            if changed and theme.name == self.theme:
                self.refresh_css(animate=False)
                for screen in self.screen_stack:  # what has drawn in colours of its own
                    for widget in screen.query():
                        widget.refresh()
        self.own_looks = {one.theme.name: one.name for one in looks}
