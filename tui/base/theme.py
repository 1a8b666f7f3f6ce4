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
    selected: str,
    cursor: str = "none",
) -> dict[str, str]:
    """What follows from a theme's colours in the variables of Textual's widgets.

    track: what a scrollbar runs on. selected: how much of the primary colour lies under selected text.
    cursor: the text style of the line under the cursor.
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
        "input-selection-background": f"{primary} {selected}",
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


class ThemedApp(SparingApp):
    """An app in the house's looks, in the first of them before another is chosen."""

    # The default rather than a change of it, for which Textual would parse all styles anew.
    theme: Reactive[str] = Reactive(THEMES[0].name)

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)

    def get_theme(self, theme_name: str) -> Theme | None:
        """The house's themes are known before they can be registered: Textual asks while it sets itself
        up.
        """
        return next((theme for theme in THEMES if theme.name == theme_name), None) or super().get_theme(
            theme_name
        )
