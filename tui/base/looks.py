"""The house's looks: calm ink on paper, by night and by day. `few_colours` has them for terminals that have
few.

One colour for what can be acted on (primary), one for money and credits (secondary), amber and red only for
limits. What a colour says, a word or a sign says too. Beside the inks, styles and widgets use what is made of
them here: $quiet for words of second order, $off for what can't be done now, $rule for lines, $marked for the
ground of what is chosen, $cursor-line for the line under the cursor.
"""

from __future__ import annotations

from textual.theme import Theme

from tui.base.contrast import HIGH, OFF, TEXT, marked, mixed, quieter

INKS = ("primary", "secondary", "success", "warning", "error")


def look(
    name: str,
    *,
    dark: bool,
    foreground: str,
    background: str,
    primary: str,
    secondary: str,
    success: str,
    warning: str,
    error: str,
    surface: str = "",
    panel: str = "",
    border: str = "",
    least: float = TEXT,
    **made: str,
) -> Theme:
    """A look of these colours (#rrggbb). least: the contrast of all text. made: what is not to be made of
    them, for terminals that have few: quiet, off, rule, marked, cursor_line."""
    surface = surface or mixed(background, foreground, 0.04)
    panel = panel or mixed(background, foreground, 0.1)
    border = border or mixed(background, foreground, 0.25)
    inks = (foreground, primary, secondary, success, warning, error)
    ground = made.get("marked") or marked(background, primary, inks, least, 0.25)
    grounds = (background, surface, panel, ground)
    quiet = made.get("quiet") or quieter(foreground, grounds, least, 0.65)
    variables = {
        "quiet": quiet,
        "off": made.get("off") or quieter(foreground, (surface, background), OFF * least / TEXT, 0.4),
        "rule": made.get("rule") or mixed(background, foreground, 0.45 if least == HIGH else 0.2),
        "marked": ground,
        "cursor-line": made.get("cursor_line") or f"on {ground}",
        "text-muted": quiet,
        "text-disabled": quiet,
        "border": border,
        "border-blurred": border,
        "scrollbar": border,
        "scrollbar-hover": primary,
        "scrollbar-active": primary,
        "scrollbar-background": surface,
        "scrollbar-background-hover": surface,
        "scrollbar-background-active": surface,
        "footer-key-foreground": primary,
        "input-selection-background": ground,
        "block-cursor-background": primary,
        "block-cursor-foreground": background,
        "block-cursor-text-style": "bold" if least == HIGH else "none",
    }
    return Theme(
        name=name,
        primary=primary,
        secondary=secondary,
        accent=primary,
        success=success,
        warning=warning,
        error=error,
        foreground=foreground,
        background=background,
        surface=surface,
        panel=panel,
        dark=dark,
        variables=variables,
    )


NIGHT = look(
    "night",
    dark=True,
    foreground="#d8dce2",
    background="#14181e",
    surface="#1a2028",
    panel="#232b35",
    border="#3a4654",
    primary="#7fb4d6",
    secondary="#d9c08a",
    success="#8fbf9a",
    warning="#e0a458",
    error="#e8877b",
)
DAY = look(
    "day",
    dark=False,
    foreground="#22282f",
    background="#f7f5f0",
    surface="#efece4",
    panel="#e5e1d6",
    border="#b9b3a4",
    primary="#1f5f8b",
    secondary="#755510",
    success="#2b6439",
    warning="#844f00",
    error="#a4342a",
)
# For people who don't tell red from green, or blue from yellow: what is told apart differs in lightness too.
COLORBLIND_NIGHT = look(
    "colorblind-night",
    dark=True,
    foreground="#d8dce2",
    background="#14181e",
    surface="#1a2028",
    panel="#232b35",
    border="#3a4654",
    primary="#7fb0f5",
    secondary="#f0dd8a",
    success="#c2f5e8",
    warning="#f0883a",
    error="#d68cba",
)
COLORBLIND_DAY = look(
    "colorblind-day",
    dark=False,
    foreground="#22282f",
    background="#f7f5f0",
    surface="#efece4",
    panel="#e5e1d6",
    border="#b9b3a4",
    primary="#1546c4",
    secondary="#685900",
    success="#0f5c50",
    warning="#521f00",
    error="#920d80",
)
CONTRAST = look(
    "contrast",
    dark=True,
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    border="#ffffff",
    primary="#ffffff",
    secondary="#ffffff",
    success="#ffffff",
    warning="#ffff00",
    error="#ffff00",
    least=HIGH,
)

LOOKS = {one.name: one for one in (NIGHT, DAY, CONTRAST, COLORBLIND_NIGHT, COLORBLIND_DAY)}
