"""The house's looks: calm ink on paper, by night and by day.

One colour for what can be acted on (primary), one for money and credits (secondary), amber and red only for
limits. What a colour says, a word or a sign says too.
"""

from __future__ import annotations

from textual.reactive import Reactive
from textual.theme import Theme

from tui.base.diff_display import SparingApp


def _variables(
    primary: str,
    background: str,
    border: str,
    border_blurred: str,
    *,
    track: str,
    selected: str = "",
    marked: str = "",
    cursor: str = "none",
) -> dict[str, str]:
    """What follows from a theme's colours in the variables of Textual's widgets.

    track: what a scrollbar runs on. selected: how much of the primary colour lies under selected text.
    marked: what lies under it, and under a marked line, where colours can't be mixed. cursor: the text style
    of the line under the cursor.
    """
    return {
        "border": border,
        "border-blurred": border_blurred,
        "scrollbar": border,
        "scrollbar-hover": primary,
        "scrollbar-active": primary,
        "scrollbar-background": track,
        "scrollbar-background-hover": track,
        "scrollbar-background-active": track,
        "footer-key-foreground": primary,
        "input-selection-background": marked or f"{primary} {selected}",
        "marked": marked or f"{primary} 25%",
        "block-cursor-background": primary,
        "block-cursor-foreground": background,
        "block-cursor-text-style": cursor,
    }


NIGHT = Theme(
    name="night",
    primary="#7fb4d6",
    secondary="#d9c08a",
    accent="#7fb4d6",
    success="#8fbf9a",
    warning="#e0a458",
    error="#e07a6e",
    foreground="#d8dce2",
    background="#14181e",
    surface="#1a2028",
    panel="#232b35",
    dark=True,
    variables=_variables("#7fb4d6", "#14181e", "#3a4654", "#2c3642", track="#1a2028", selected="30%"),
)

DAY = Theme(
    name="day",
    primary="#1f5f8b",
    secondary="#7a5a12",
    accent="#1f5f8b",
    success="#2f6b3f",
    warning="#8f5600",
    error="#a4342a",
    foreground="#22282f",
    background="#f7f5f0",
    surface="#efece4",
    panel="#e5e1d6",
    dark=False,
    variables=_variables("#1f5f8b", "#f7f5f0", "#b9b3a4", "#d3cdbf", track="#efece4", selected="25%"),
)

CONTRAST = Theme(
    name="contrast",
    primary="#ffffff",
    secondary="#ffffff",
    accent="#ffffff",
    success="#ffffff",
    warning="#ffff00",
    error="#ffff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    dark=True,
    variables=_variables(
        "#ffffff", "#000000", "#ffffff", "#9e9e9e", track="#1c1c1c", selected="40%", cursor="bold"
    ),
)

THEMES = (NIGHT, DAY, CONTRAST)

# A terminal of 256 colours has none of these, and takes the nearest: paper becomes black, a line dark blue.
# These are among its own.
NIGHT_256 = Theme(
    name="night",
    primary="#87afd7",
    secondary="#d7af87",
    accent="#87afd7",
    success="#87af87",
    warning="#d7af5f",
    error="#ff8787",
    foreground="#dadada",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    dark=True,
    variables=_variables("#87afd7", "#121212", "#4e4e4e", "#3a3a3a", track="#1c1c1c", marked="#303030"),
)

DAY_256 = Theme(
    name="day",
    primary="#005f87",
    secondary="#5f5f00",
    accent="#005f87",
    success="#005f00",
    warning="#875f00",
    error="#af0000",
    foreground="#262626",
    background="#ffffff",
    surface="#eeeeee",
    panel="#e4e4e4",
    dark=False,
    variables=_variables("#005f87", "#ffffff", "#b2b2b2", "#c6c6c6", track="#eeeeee", marked="#d0d0d0"),
)

# Of 16 colours, those that stand out: cyan is what can be acted on, yellow what counts, red what is wrong. A
# line under the cursor is in reverse.
NIGHT_16 = Theme(
    name="night",
    primary="#55ffff",
    secondary="#ffff55",
    accent="#55ffff",
    success="#55ff55",
    warning="#ffff55",
    error="#ff5555",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#0000aa",
    dark=True,
    variables=_variables("#55ffff", "#000000", "#aaaaaa", "#aaaaaa", track="#000000", marked="#0000aa"),
)

DAY_16 = Theme(
    name="day",
    primary="#0000aa",
    secondary="#0000aa",
    accent="#0000aa",
    success="#000000",
    warning="#aa0000",
    error="#aa0000",
    foreground="#000000",
    background="#ffffff",
    surface="#ffffff",
    panel="#aaaaaa",
    dark=False,
    variables=_variables("#0000aa", "#ffffff", "#555555", "#555555", track="#ffffff", marked="#aaaaaa"),
)

BY_DEPTH = {"256": (NIGHT_256, DAY_256, CONTRAST), "standard": (NIGHT_16, DAY_16, CONTRAST)}
"""The same looks for terminals of fewer colours, by what Rich calls these."""


class ThemedApp(SparingApp):
    """An app in the house's looks, in the first of them before another is chosen."""

    # The default rather than a change of it, for which Textual would parse all styles anew.
    theme: Reactive[str] = Reactive(THEMES[0].name)

    _looks = THEMES

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)

    def draw_in(self, depth: str | None) -> None:
        """Draws in the colours that a terminal has, before it is run. depth: as Rich calls it."""
        self._looks = BY_DEPTH.get(depth or "", THEMES)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_theme(self, theme_name: str) -> Theme | None:
        """The house's themes are known before they can be registered: Textual asks while it sets itself
        up.
        """
        return next((theme for theme in self._looks if theme.name == theme_name), None) or super().get_theme(
            theme_name
        )
